"""Words that are written again and again, with the facts of a case put in. Text only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from console.errors import InvalidInput
from console.staff import StaffMember
from console.tables import DeskTemplate
from petitions.tables import Case

NAME_CHARACTERS = 40
TEXT_CHARACTERS = 2_000
TEMPLATES_SHOWN = 50

PLACEHOLDERS: Mapping[str, str] = {
    "事项": "title",
    "编号": "number",
    "地点": "place",
    "单位": "unit",
}
"""What may stand in braces in a template, and the fact that takes its place."""


@dataclass(frozen=True, kw_only=True)
class ReadyText:
    """A template with a case's facts in it."""

    id: int
    name: str
    text: str


def templates_for(session: Session, community_id: str | None) -> Sequence[DeskTemplate]:
    """The templates of a community and those for everybody, by name."""
    own = col(DeskTemplate.community_id)
    query = select(DeskTemplate).where(or_(own.is_(None), own == community_id))
    query = query.order_by(col(DeskTemplate.name))
    return session.exec(query.limit(TEMPLATES_SHOWN)).all()


def fill_in(template: DeskTemplate, case: Case, *, place: str, unit: str) -> ReadyText:
    """Put the facts of ``case`` in; a word in braces that is none stays as it was written."""
    facts = {"title": case.title, "number": case.number, "place": place, "unit": unit}

    def fact(found: re.Match[str]) -> str:
        name = PLACEHOLDERS.get(found[1])
        return facts[name] if name else found[0]

    text = re.sub(r"[{｛](\w+)[}｝]", fact, template.text)
    return ReadyText(id=template.id or 0, name=template.name, text=text)


def save_template(
    session: Session,
    member: StaffMember,
    *,
    template_id: int | None,
    name: str,
    text: str,
    now: datetime,
) -> None:
    """Make a template, or change one of the own community; the caller commits.

    Raises:
        InvalidInput: A field is missing or too long, or the template is not one's own.
    """
    for field, value, most in (("name", name, NAME_CHARACTERS), ("text", text, TEXT_CHARACTERS)):
        if not value.strip():
            raise InvalidInput(field=field, problem="required")
        if len(value) > most:
            raise InvalidInput(field=field, problem="too_long")
    row = (
        _own(session, member, template_id)
        if template_id
        else DeskTemplate(
            name="", text="", community_id=member.community_id, made_by="", changed_at=now
        )
    )
    row.name, row.text = name.strip(), text.strip()
    row.made_by, row.changed_at = member.username, now
    session.add(row)


def drop_template(session: Session, member: StaffMember, template_id: int) -> None:
    """Drop a template of the own community.

    Raises:
        InvalidInput: It is not one's own.
    """
    session.delete(_own(session, member, template_id))


def _own(session: Session, member: StaffMember, template_id: int) -> DeskTemplate:
    row = session.get(DeskTemplate, template_id)
    if row is None or row.community_id != member.community_id:
        raise InvalidInput(field="template", problem="unknown")
    return row
