"""Commands that are carried out once, for a caller who sends them again with the same key.

A caller that does not know whether its command arrived sends it again with the same key and
gets the result of the first time; nothing is done twice. A command that was refused left no key,
so it may be tried again.

``carry_out_once`` keeps key and result in the command's own transaction. A command that works
in transactions of its own is begun and ended by ``begin_once`` and ``finish_once``; if the
process dies between them, the key stays begun and is refused from then on.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from petitions.errors import CommandUnfinished, KeyReused
from petitions.facets import IdempotencyKey
from petitions.history import canonical_json
from petitions.numbers import claim_key
from petitions.ports import UnitOfWork

LONGEST_KEY = 200
"""Characters of a key as a caller gives it."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One wish of one caller.

    Attributes:
        key: Made by the caller, new for each wish and the same for each repetition of it.
        by: Whose key it is: nobody gets another's result by guessing a key.
        name: What is to be done, and to what.
        content: What goes with it; repeated with another content, the key is refused.
    """

    key: str
    by: str
    name: str
    content: Mapping[str, Any]

    @property
    def stored_key(self) -> str:
        """The key as it is stored."""
        return _digest("command", self.by, self.key)

    @property
    def digest(self) -> str:
        """Tells this wish from others."""
        return _digest(self.name, canonical_json(self.content))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command led to, the first time; plain data without personal data."""

    result: Mapping[str, Any]
    repeated: bool


def carry_out_once(
    work: UnitOfWork, command: Command, *, now: datetime, perform: Callable[[], Mapping[str, Any]]
) -> Outcome:
    """Perform a command unless it was performed before; the caller commits.

    Two at once: the second waits for the first one's transaction to end.

    Raises:
        KeyReused: The key belongs to another command.
        PetitionError: What ``perform`` raises; the key stays free then, if the caller rolls back.
    """
    if not claim_key(work.session, command.stored_key, now):
        return _outcome_of(work, command)
    result = perform()
    claimed = work.session.get_one(IdempotencyKey, command.stored_key)
    claimed.command, claimed.result = command.digest, dict(result)
    work.session.flush()
    return Outcome(result=result, repeated=False)


def begin_once(work: UnitOfWork, command: Command, *, now: datetime) -> Mapping[str, Any] | None:
    """Note that a command begins; the caller commits, then performs it, then ends it.

    Returns:
        None when it is to be performed now, else the result of the first time.

    Raises:
        KeyReused: The key belongs to another command.
        CommandUnfinished: It was begun before and not ended.
    """
    if not claim_key(work.session, command.stored_key, now):
        return _outcome_of(work, command).result
    work.session.get_one(IdempotencyKey, command.stored_key).command = command.digest
    work.session.flush()
    return None


def finish_once(work: UnitOfWork, command: Command, result: Mapping[str, Any]) -> None:
    """Keep what a begun command led to; the caller commits."""
    work.session.get_one(IdempotencyKey, command.stored_key).result = dict(result)
    work.session.flush()


def free_key(work: UnitOfWork, command: Command) -> None:
    """Forget a begun command that was refused and did nothing; the caller commits."""
    work.session.delete(work.session.get_one(IdempotencyKey, command.stored_key))
    work.session.flush()


def _outcome_of(work: UnitOfWork, command: Command) -> Outcome:
    claimed = work.session.get_one(IdempotencyKey, command.stored_key)
    if claimed.command != command.digest:
        raise KeyReused(command=command.name)
    if claimed.result is None:
        raise CommandUnfinished(command=command.name)
    return Outcome(result=claimed.result, repeated=True)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
