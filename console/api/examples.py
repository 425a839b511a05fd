"""The curator's routes under ``/api/v1/examples``: what understanding may learn from staff."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field

from console.api.base import ApiModel
from console.api.once import CommandRoute
from console.auth import RowId, services_of
from console.desk.curator import Curator
from console.reviewing import accept, examples_of, refuse
from nlu.corrections import ReviewState
from nlu.tables import NluExample

router = APIRouter(prefix="/examples", tags=["examples"], route_class=CommandRoute)
LONGEST_CLASS = 80


class ExampleOut(ApiModel):
    """What staff put right on one case, without personal data."""

    id: int
    state: ReviewState
    text: str = Field(description="The resident's words; stand-ins for names, numbers, homes.")
    old: Mapping[str, str | None] = Field(description="Labels as they were understood.")
    new: Mapping[str, str | None] = Field(description="Labels as staff made them.")
    corrected_by: str
    corrected_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None


class AcceptIn(ApiModel):
    """How a correction is taken."""

    category: str | None = Field(
        default=None,
        max_length=LONGEST_CLASS,
        description="First/second class, where the curator knows better than the correction.",
    )


class DecidedOut(ApiModel):
    """What was decided."""

    id: int
    state: ReviewState


@router.get("")
def list_examples(
    request: Request, me: Curator, state: ReviewState = ReviewState.PROPOSED
) -> list[ExampleOut]:
    """Corrections of one state, the oldest first."""
    return [_out(row) for row in examples_of(services_of(request), state)]


@router.post("/{example_id}/accept")
def accept_correction(
    request: Request, me: Curator, example_id: RowId, wish: AcceptIn
) -> DecidedOut:
    """Let the next training learn from a correction."""
    accept(services_of(request), me, example_id, wish.category)
    return DecidedOut(id=example_id, state=ReviewState.ACCEPTED)


@router.post("/{example_id}/refuse")
def refuse_correction(request: Request, me: Curator, example_id: RowId) -> DecidedOut:
    """Keep a correction out of training."""
    refuse(services_of(request), me, example_id)
    return DecidedOut(id=example_id, state=ReviewState.REFUSED)


def _out(row: NluExample) -> ExampleOut:
    return ExampleOut.model_validate({name: getattr(row, name) for name in ExampleOut.model_fields})
