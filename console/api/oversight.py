"""The supervisor's routes under ``/api/v1/oversight``: each calls one query of petitions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from console.api import oversight_models as models
from console.auth import Require, SignedIn, services_of
from console.permissions import DeskPermission
from petitions.burden import measure_burden
from petitions.closing_signs import calls_to_make, odd_closings
from petitions.exclusions import rates_both_ways
from petitions.hot_watch import hot_issues_for
from petitions.statistics import Rate, ThreeRates

router = APIRouter(prefix="/oversight", tags=["oversight"])
Overseer = Annotated[SignedIn, Depends(Require(permission=DeskPermission.SEE_FIGURES))]
Since = Annotated[AwareDatetime, Query(description="Cases opened from this moment …")]
Until = Annotated[AwareDatetime, Query(description="… up to, not with, this one.")]


@router.get("/rates")
def read_rates(request: Request, me: Overseer, since: Since, until: Until) -> models.BothWays:
    """The three rates, raw and adjusted, of the person's own community or of all."""
    with services_of(request).open_read_work() as work:
        found = rates_both_ways(
            work,
            actor=me.actor,
            since=since,
            until=until,
            community_id=me.actor.community_id,
        )
        left_out = [
            models.Exclusion(
                case_id=row.case_id,
                reason=row.reason,
                asked_by=row.asked_by,
                settled_by=row.settled_by,
            )
            for row in found.left_out
        ]
        return models.BothWays(
            raw=_rates(found.raw),
            adjusted=_rates(found.adjusted),
            left_out=left_out,
            waiting=found.waiting,
        )


def _rates(rates: ThreeRates) -> models.Rates:
    return models.Rates(
        cases=rates.cases,
        response=_share(rates.response),
        resolution=_share(rates.resolution),
        satisfaction=_share(rates.satisfaction),
        unrated=_share(rates.unrated),
    )


def _share(rate: Rate) -> models.Share:
    return models.Share(met=rate.met, n=rate.n, value=rate.value)


@router.get("/odd-closings")
def list_odd_closings(
    request: Request, me: Overseer, since: Since, until: Until
) -> list[models.OddCase]:
    """Cases that show signs of having been closed on paper only."""
    with services_of(request).open_read_work() as work:
        found = odd_closings(work, actor=me.actor, since=since, until=until)
        return [
            models.OddCase(
                number=one.case.number,
                title=one.case.title,
                unit_id=one.case.lead_unit,
                signs=[sign.value for sign in one.signs],
            )
            for one in found
        ]


@router.get("/calls")
def list_calls(request: Request, me: Overseer) -> list[models.CallToMake]:
    """Residents to be called back: the promise has ended and nobody asked them."""
    services = services_of(request)
    now: datetime = services.clock.now()
    with services.open_read_work() as work:
        return [
            models.CallToMake(number=case.number, title=case.title, due_at=case.due_at)
            for case in calls_to_make(work, actor=me.actor, now=now)
        ]


@router.get("/burden")
def read_burden(
    request: Request, me: Overseer, since: Since, until: Until
) -> list[models.BurdenLine]:
    """Work outside the duty list that came to the community, by unit and month of dispatch."""
    with services_of(request).open_read_work() as work:
        return [
            models.BurdenLine(
                unit_id=one.unit_id,
                unit_name=work.organisation.unit_name(one.unit_id),
                community_id=one.community_id,
                month=one.month,
                leading=_share(one.leading),
                helping=_share(one.helping),
            )
            for one in measure_burden(
                work, since=since, until=until, community_id=me.actor.community_id
            )
        ]


@router.get("/hot-issues")
def list_hot_issues(request: Request, me: Overseer) -> list[models.HotIssue]:
    """What was found last night, the hottest first."""
    with services_of(request).open_read_work() as work:
        return [
            models.HotIssue(
                event_id=issue.event_id,
                name=issue.name,
                place=issue.place,
                case_numbers=list(issue.case_numbers),
                first_at=issue.first_at,
                last_at=issue.last_at,
                heat=issue.heat,
            )
            for issue in hot_issues_for(work, actor=me.actor)
        ]
