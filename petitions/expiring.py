"""Deletes what has been kept as long as it may; see retention.py for the periods."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, delete, or_, select

from petitions.facets import IdempotencyKey
from petitions.ports import UnitOfWork
from petitions.retention import COMMANDS, CONTACT
from petitions.tables import Case, Petition, Supporter
from petitions.workflow import CaseStatus

_ENDED = (CaseStatus.CLOSED.value, CaseStatus.ARCHIVED.value)


def expire_contacts(work: UnitOfWork, *, now: datetime) -> int:
    """Delete contact fields of petitions whose case has ended long ago; returns how many."""
    ended = (
        select(Supporter.petition_id)
        .join(Case, col(Case.id) == col(Supporter.case_id))
        .where(col(Case.closed_at) < now - CONTACT.kept, col(Case.status).in_(_ENDED))
    )
    sealed = (Petition.sealed_name, Petition.sealed_phone, Petition.sealed_on_behalf_of)
    statement = (
        update(Petition)
        .where(or_(*(col(column).is_not(None) for column in sealed)))
        .where(col(Petition.id).in_(ended))
        .values(sealed_name=None, sealed_phone=None, sealed_on_behalf_of=None, phone_index=None)
    )
    return work.session.connection().execute(statement).rowcount


def expire_commands(work: UnitOfWork, *, now: datetime) -> int:
    """Delete results of commands made long ago; keys of filings stay with their petitions."""
    old = col(IdempotencyKey.made_at) < now - COMMANDS.kept
    statement = delete(IdempotencyKey).where(old, col(IdempotencyKey.command).is_not(None))
    return work.session.connection().execute(statement).rowcount
