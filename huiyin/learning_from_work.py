"""What staff put right on a case becomes a proposal for training.

The histories of the cases are read some time after the correction, so that neither room knows
of the other and nothing is lost when a process ends between the two.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from nlu.corrections import LABELS, Correction, propose_example
from nlu.gazetteer import Gazetteer
from nlu.tables import NluExample
from petitions.tables import Case, CaseEntry, Petition
from petitions.words import LegalRegime
from petitions.workflow import CaseAction

LOOK_BACK = 1_000
"""Entries before the latest proposal that are looked at again: on PostgreSQL an entry may be
committed after one with a greater number. What was proposed before is known by its source."""

SOURCE = "entry:{:012d}"
"""Of equal length, so that the greatest of them is the latest."""


def propose_corrections(session: Session, gazetteer: Gazetteer) -> int:
    """Propose what was corrected since the last time; returns how many. The caller commits.

    Reports 举报 and confidential petitions are left out: their words go no further than the
    case (信访工作条例 art. 32).
    """
    query = (
        select(CaseEntry, Petition)
        .join(Case, col(Case.id) == col(CaseEntry.case_id))
        .join(Petition, col(Petition.case_id) == col(CaseEntry.case_id))
        .where(
            col(CaseEntry.action).in_([CaseAction.CORRECT, CaseAction.REASSIGN]),
            CaseEntry.id > _last_seen(session) - LOOK_BACK,  # type: ignore[operator]
            Case.regime != LegalRegime.REPORT,
            col(Petition.confidential).is_(False),
        )
        .order_by(col(CaseEntry.id), col(Petition.id))
    )
    found: dict[int, Correction] = {}
    for entry, petition in session.exec(query).all():
        # Of neighbours who joined one case, the first one's words stand for it.
        found.setdefault(entry.id or 0, _correction(entry, petition))
    return sum(propose_example(session, one, gazetteer) for one in found.values())


def _last_seen(session: Session) -> int:
    latest = select(NluExample.source).order_by(col(NluExample.source).desc()).limit(1)
    source = session.exec(latest).first()
    return int(source.partition(":")[2]) if source else 0


def _correction(entry: CaseEntry, petition: Petition) -> Correction:
    old, new = _labels(entry)
    return Correction(
        source=SOURCE.format(entry.id),
        text=petition.matter,
        old=old,
        new=new,
        corrected_by=entry.actor_id,
        corrected_at=entry.at,
    )


def _labels(entry: CaseEntry) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    if entry.action == CaseAction.REASSIGN:
        return {"unit": entry.facts.get("previous_unit")}, {"unit": entry.facts.get("unit")}
    before, after = entry.facts.get("before", {}), entry.facts.get("after", {})
    changed = {name: after[name] for name in after if before.get(name) != after[name]}
    return before, changed if LABELS & changed.keys() else {}
