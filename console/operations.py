"""What the desk shows of the running service: channels, messages given up, jobs parked.

The conversation is another room, so all of it comes through one port.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class ChannelHealth:
    """How a channel does.

    Attributes:
        open: This process can send on it.
        last_received_at: When a resident last wrote; None when nobody did lately.
        last_sent_at: When a message last went out; None when none did lately.
        waiting: Updates that are still to be answered.
        unsent: Messages that wait to go out.
        failed: Messages of late that never will.
        given_up: Updates that were given up and wait for a person.
    """

    name: str
    open: bool
    last_received_at: datetime | None = None
    last_sent_at: datetime | None = None
    waiting: int = 0
    unsent: int = 0
    failed: int = 0
    given_up: int = 0


@dataclass(frozen=True, kw_only=True)
class GivenUpMessage:
    """What a resident wrote and got no answer to; ``said`` with numbers masked."""

    id: int
    channel: str
    received_at: datetime
    problem: str
    said: str


@dataclass(frozen=True, kw_only=True)
class ParkedWork:
    """A job that failed at every attempt; ``id`` names it, ``about`` is the row it is about."""

    id: str
    name: str
    about: str
    parked_at: datetime


class Operations(Protocol):
    """Looks after what the service could not do by itself."""

    def channels(self) -> Sequence[ChannelHealth]:
        """Every channel that is open or was used, by name."""
        ...

    def given_up(self) -> Sequence[GivenUpMessage]:
        """What waits for a person, newest first."""
        ...

    def answer_again(self, message_id: int) -> bool:
        """Let a message be answered after all; False when it does not wait (any more)."""
        ...

    def parked(self) -> Sequence[ParkedWork]:
        """The jobs that wait for a person, newest first."""
        ...

    def retry(self, work_id: str) -> bool:
        """Run a parked job again; False when it is not parked (any more)."""
        ...

    def drop(self, work_id: str) -> bool:
        """Give a parked job up for good, so that nothing tries it or waits for it any more.

        Returns:
            False when it is not parked (any more).
        """
        ...


class MemoryOperations:
    """Keeps it all in memory: for tests, and for a desk that runs alone."""

    def __init__(
        self,
        *,
        channels: Sequence[ChannelHealth] = (),
        given_up: Sequence[GivenUpMessage] = (),
        parked: Sequence[ParkedWork] = (),
    ) -> None:
        """Start with what is given."""
        self._channels = tuple(channels)
        self._given_up = {one.id: one for one in given_up}
        self._parked = {one.id: one for one in parked}

    def channels(self) -> Sequence[ChannelHealth]:
        """Every channel, with what was given up on it."""
        names = [one.channel for one in self._given_up.values()]
        return [replace(one, given_up=names.count(one.name)) for one in self._channels]

    def given_up(self) -> Sequence[GivenUpMessage]:
        """What waits for a person, newest first."""
        return sorted(self._given_up.values(), key=lambda one: one.id, reverse=True)

    def answer_again(self, message_id: int) -> bool:
        """Take it off the list."""
        return self._given_up.pop(message_id, None) is not None

    def parked(self) -> Sequence[ParkedWork]:
        """The jobs that wait for a person, newest first."""
        return sorted(self._parked.values(), key=lambda one: one.parked_at, reverse=True)

    def retry(self, work_id: str) -> bool:
        """Take it off the list."""
        return self._parked.pop(work_id, None) is not None

    def drop(self, work_id: str) -> bool:
        """Take it off the list."""
        return self._parked.pop(work_id, None) is not None
