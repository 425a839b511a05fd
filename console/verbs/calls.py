"""One call of a verb."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.verbs.inputs import Inputs
from petitions.actors import Actor
from petitions.ports import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class VerbCall:
    """Who does it to which case, in which transaction, with what was typed.

    Attributes:
        expected_version: The version the person saw; None where none was sent.
    """

    work: UnitOfWork
    case_id: int
    actor: Actor
    now: datetime
    expected_version: int | None
    inputs: Inputs

    @property
    def common(self) -> dict[str, Any]:
        """What every verb of petitions takes beside its own words."""
        return {
            "actor": self.actor,
            "now": self.now,
            "expected_version": self.expected_version,
        }
