"""How long what is kept, as data: each period with the rule that it follows."""

from dataclasses import dataclass
from datetime import timedelta

NEEDED = "个人信息保护法"


@dataclass(frozen=True, kw_only=True)
class Period:
    """One kind of data.

    Attributes:
        kept: How long after the event named by ``since``.
        law: Where the duty to delete comes from.
        article: Of that law.
    """

    what: str
    since: str
    kept: timedelta
    law: str
    article: str


CONVERSATION = Period(
    what="words around a petition in the chat",
    since="said",
    kept=timedelta(days=180),
    law=NEEDED,
    article="第十九条",
)
CONTACT = Period(
    what="name and phone of a petition",
    since="closed",
    kept=timedelta(days=365),
    law=NEEDED,
    article="第四十七条第一款第一项",
)
COMMANDS = Period(
    what="results of commands that are carried out once",
    since="made",
    kept=timedelta(days=30),
    law=NEEDED,
    article="第十九条",
)
PERIODS = (CONVERSATION, CONTACT, COMMANDS)
