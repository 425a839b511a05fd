"""Keeps names, phones and ID numbers out of everything but the encrypted contact field."""

import re
from collections.abc import Iterable

from nlu.understanding import Entity, EntityType

MASKED_TYPES = frozenset({EntityType.PHONE, EntityType.ID_NUMBER})
OWN_NAME = re.compile(
    r"(我叫|我是|本人|姓名|联系人|称呼|我姓|name is)[:：是为叫]?\s*$", re.IGNORECASE
)
LONG_NUMBER = re.compile(
    r"(?<!\d)(?:[1１][3-9３-９]\d[-\s]?\d{4}[-\s]?\d{4}"  # a mobile phone, as people space it
    r"|\d{6}[-\s]?\d{8}[-\s]?\d{3}[\dXx]|\d{15}"  # an ID number, the new and the old length
    r"|\d{4}[-\s]?\d{4}[-\s]?\d{4}[-\s]?\d{4}(?:[-\s]?\d{1,3})?"  # a bank card
    r"|0\d{2,3}-?\d{7,8})(?!\d)"  # a phone at home
)


def masked(text: str, entities: Iterable[Entity]) -> str:
    """``text`` with phone and ID numbers and the resident's own name made unreadable.

    Other people's names stay: who did what is the matter itself.
    """
    for entity in sorted(entities, key=_start, reverse=True):
        if entity.type in MASKED_TYPES or is_own_name(text, entity):
            text = text[: entity.start] + mask(entity.text) + text[entity.end :]
    return LONG_NUMBER.sub(lambda match: mask(match[0]), text)


def masked_numbers(text: str) -> str:
    """``text`` with whatever looks like a phone or ID number masked, without understanding it."""
    return LONG_NUMBER.sub(lambda match: mask(match[0]), text)


def is_own_name(text: str, entity: Entity) -> bool:
    """Whether the span is the name by which the writer introduces himself."""
    if entity.type is not EntityType.NAME:
        return False
    return bool(OWN_NAME.search(text[max(0, entity.start - 8) : entity.start]))


def mask(words: str) -> str:
    """A number with its middle starred, a name with all but its first sign starred."""
    if words[:1].isdigit() and len(words) >= 7:
        return f"{words[:3]}{'*' * (len(words) - 7)}{words[-4:]}"
    return f"{words[:1]}{'*' * max(1, len(words) - 1)}"


def _start(entity: Entity) -> int:
    return entity.start
