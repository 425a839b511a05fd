"""The port to the desk, for what staff do from their group: link an account, act on a case."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class StaffAccount:
    """Somebody in a messaging app: the channel's name and its own id of the person."""

    channel: str
    account: str


@dataclass(frozen=True, kw_only=True)
class StaffAct:
    """One tap in the staff group.

    Attributes:
        verb: What the desk calls it.
        number: Of the case.
        key: The same for each tap on a button as it was shown.
    """

    account: StaffAccount
    verb: str
    number: str
    key: str


class StaffActRefused(Exception):
    """The desk does not let it happen; ``sentence`` tells the person why and what to do."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence; it holds nothing about a resident."""
        self.sentence = sentence
        super().__init__("the desk refused a tap")


class StaffDesk(Protocol):
    """What the desk does for the staff group."""

    def link(self, account: StaffAccount, code: str) -> str | None:
        """Let ``account`` act for the person who was shown ``code``.

        Returns:
            The person's name; None when the code is wrong, used or too old.
        """
        ...

    def act(self, act: StaffAct) -> None:
        """Carry it out, once for each key and person.

        Raises:
            StaffActRefused: It was not carried out, and why.
        """
        ...


class MemoryStaffDesk:
    """Knows a few codes and cases: for tests, and to try a channel without a desk.

    Args:
        codes: Code → name of the person it was shown to.
        numbers: Cases that wait to be acted on; each is acted on once.
    """

    def __init__(self, codes: dict[str, str], numbers: set[str]) -> None:
        self._codes = codes
        self._numbers = numbers
        self._people: dict[StaffAccount, tuple[str, str]] = {}
        self.done: dict[tuple[str, str], StaffAct] = {}

    def link(self, account: StaffAccount, code: str) -> str | None:
        """Use up the code; the same account may show it again."""
        linked = self._people.get(account)
        if linked and linked[0] == code:
            return linked[1]
        name = self._codes.pop(code, None)
        if name:
            self._people[account] = code, name
        return name

    def act(self, act: StaffAct) -> None:
        """Note who did what."""
        person = self._people.get(act.account)
        if person is None:
            raise StaffActRefused("请先关联账号。")
        if (person[1], act.key) in self.done:
            return
        if act.number not in self._numbers:
            raise StaffActRefused("已经办过了。")
        self._numbers.discard(act.number)
        self.done[person[1], act.key] = act
