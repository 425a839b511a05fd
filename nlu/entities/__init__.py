"""What a message names: places, times, persons, sums, offices. Pure rules, no model."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from nlu.entities.amounts import find_amounts
from nlu.entities.contacts import find_id_numbers, find_names, find_petition_numbers, find_phones
from nlu.entities.departments import find_departments
from nlu.entities.places import find_places
from nlu.entities.times import find_times
from nlu.entities.tokens import Tokens
from nlu.gazetteer import Gazetteer
from nlu.text import reading
from nlu.understanding import Entity

__all__ = ["find_entities"]


def find_entities(text: str, gazetteer: Gazetteer, today: date) -> tuple[Entity, ...]:
    """Entities of ``text``, in its order, without overlaps; offsets are those of ``text``.

    Args:
        text: any length; only the first ``nlu.text.LONGEST_READ`` characters are read.
        gazetteer: names of the organisation.
        today: the day of the message where it was written, for «昨天» and «上周三».
    """
    read = reading(text)
    times = list(find_times(read, today))
    tokens = Tokens(read, ((time.start, time.end) for time in times))
    # What leaves no doubt comes first and keeps its place.
    found = [
        *find_petition_numbers(read),
        *find_id_numbers(read),
        *find_phones(read),
        *find_departments(read, gazetteer),
        *find_places(read, tokens, gazetteer),
        *times,
        *find_names(read, tokens),
        *find_amounts(read),
    ]
    return tuple(_as_written(entity, text) for entity in _without_overlaps(found, len(read)))


def _without_overlaps(found: Sequence[Entity], length: int) -> list[Entity]:
    taken = bytearray(length)
    kept = []
    for entity in found:
        if not any(taken[entity.start : entity.end]):
            taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
            kept.append(entity)
    return sorted(kept, key=lambda entity: entity.start)


def _as_written(entity: Entity, text: str) -> Entity:
    return replace(entity, text=text[entity.start : entity.end])
