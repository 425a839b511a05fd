"""The small matters of text on the chat's pages: whose words, which time, which number to call."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from bot.dialogue.case_words import NUMBER
from bot.dialogue.wording import web_en, web_zh_cn
from bot.dialogue.wording.moments import LOCAL_ZONE, written_moment
from bot.dialogue.wording.traditional import to_traditional

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-CN", "zh-TW", "en"
LANGUAGES: Mapping[str, str] = {
    SIMPLIFIED: "简体中文",
    TRADITIONAL: "繁體中文",
    ENGLISH: "English",
}
"""The languages of the pages, each by the name its readers call it."""

BRAND_KEPT = ("迴音", "回音")
"""The brand is written one way, whatever the conversion makes of it."""

QUIET_GAP = timedelta(minutes=15)
"""After a silence as long as this the next message shows its time."""

EMERGENCY_NUMBER = re.compile(r"(?<!\d)(110|119|120|122)(?!\d)")
PHONE_NUMBER = re.compile(
    r"(?<![\w-])(?:0\d{2,3}-\d{7,8}|1[3-9]\d{9}|12345|12348|12356)(?![\w-]| ?[元号])", re.ASCII
)


_NUMBERS = re.compile(f"(?P<phone>{PHONE_NUMBER.pattern})|(?P<petition>{NUMBER.pattern})", re.ASCII)


class PageWords:
    """The sentences of the pages in one language; simplified Chinese for one we don't speak."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else SIMPLIFIED
        self._table = web_en.SENTENCES if language == ENGLISH else web_zh_cn.SENTENCES

    def say(self, key: str, **words: object) -> str:
        """The sentence ``key`` with its fields filled in.

        Raises:
            KeyError: There is no such sentence, or a field of it is missing.
        """
        sentence = self._table[key]
        if self.language == TRADITIONAL:
            sentence = to_traditional(sentence).replace(*BRAND_KEPT)
        return sentence.format(**words)

    def moment(self, moment: datetime, now: datetime) -> str:
        """A time as residents read it: the clock alone for today, else with its day."""
        local = moment.astimezone(LOCAL_ZONE)
        if local.date() == now.astimezone(LOCAL_ZONE).date():
            return self.say("log.today", clock=f"{local:%H:%M}")
        return written_moment(moment, english=self.language == ENGLISH)


@cache
def page_words(language: str) -> PageWords:
    """The words of ``language``."""
    return PageWords(language)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of text; ``phone`` is the number to dial when the run is one.

    ``is_whole`` is for the number of a petition, which is not to be torn at its hyphen.
    """

    text: str
    phone: str | None = None
    is_whole: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """``text`` cut so that the numbers to call can be tapped and those of petitions stay whole."""
    end = 0
    for found in _NUMBERS.finditer(text):
        yield Piece(text=text[end : found.start()])
        phone = found["phone"]
        yield Piece(
            text=found[0], phone=phone.replace("-", "") if phone else None, is_whole=not phone
        )
        end = found.end()
    yield Piece(text=text[end:])


def emergency_numbers(line: str) -> tuple[str, ...]:
    """The emergency services that ``line`` says to call, each once."""
    return tuple(dict.fromkeys(EMERGENCY_NUMBER.findall(line)))


def is_after_silence(moment: datetime, previous: datetime | None) -> bool:
    """Whether ``moment`` is the first in a while, or the first of all."""
    return previous is None or moment - previous >= QUIET_GAP


def safe_address(address: str) -> str | None:
    """``address`` when it leads to a page and nowhere else; None for ``javascript:`` and such."""
    leads_home = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if leads_home or address.startswith(("https://", "http://")) else None
