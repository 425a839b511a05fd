"""What staff do in the app of their group: tap a button, send the code that links an account."""

import re
from dataclasses import dataclass

from bot.dialogue.wording.staff import SENTENCES, VERBS
from bot.rate_limit import RateLimit
from bot.staff_desk import StaffAccount, StaffAct, StaffActRefused, StaffDesk
from bot.staff_posts import PAYLOAD

_PAYLOAD = re.compile(rf"{PAYLOAD}:(?P<verb>\w+):(?P<number>[0-9A-Za-z-]{{1,40}}):\d{{1,9}}")
CODES_AT_ONCE = 5
SECONDS_PER_CODE = 60.0


@dataclass(frozen=True, kw_only=True)
class StaffTap:
    """A tapped button of a message in a group."""

    account: StaffAccount
    payload: str


@dataclass(frozen=True, kw_only=True)
class StaffAnswer:
    """What the person reads; ``done`` tells a quiet yes from something to be read."""

    text: str
    done: bool


class StaffTaps:
    """Answers staff.

    Args:
        desk: Knows people and cases; None where there is no staff group.
        limit: Keeps codes from being guessed.
    """

    def __init__(self, desk: StaffDesk | None, limit: RateLimit | None = None) -> None:
        self._desk = desk
        self._limit = limit or RateLimit(burst=CODES_AT_ONCE, per_second=1 / SECONDS_PER_CODE)

    def tap(self, tap: StaffTap) -> StaffAnswer:
        """Do what the button says, for whoever tapped it; tapping again does nothing more."""
        wanted = _PAYLOAD.fullmatch(tap.payload)
        if wanted is None or wanted["verb"] not in VERBS or self._desk is None:
            return StaffAnswer(text=SENTENCES["no_group"], done=False)
        act = StaffAct(
            account=tap.account,
            verb=wanted["verb"],
            number=wanted["number"],
            key=f"{tap.account.channel}:{tap.payload}",
        )
        try:
            self._desk.act(act)
        except StaffActRefused as refused:
            return StaffAnswer(text=refused.sentence, done=False)
        return StaffAnswer(text=SENTENCES["done"].format(verb=VERBS[act.verb]), done=True)

    def link(self, account: StaffAccount, code: str) -> StaffAnswer:
        """Link the account by the code that the desk showed."""
        if self._desk is None:
            return StaffAnswer(text=SENTENCES["no_group"], done=False)
        if self._limit.seconds_to_wait(f"{account.channel}:{account.account}"):
            return StaffAnswer(text=SENTENCES["too_often"], done=False)
        name = self._desk.link(account, code)
        if name is None:
            return StaffAnswer(text=SENTENCES["not_linked"], done=False)
        return StaffAnswer(text=SENTENCES["linked"].format(name=name), done=True)
