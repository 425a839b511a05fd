"""The desk in two languages: the Chinese sentences are the keys, one catalogue holds the English.

Templates and code say the Chinese sentence; ``translate`` gives it in the language of the
request. What residents wrote, names, and what laws say stay as they are.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGE_COOKIE = "desk-language"
LOCALES = Path(__file__).parent / "locale"
CHINESE, ENGLISH = "zh-CN", "en"
LANGUAGES: Mapping[str, str] = {CHINESE: "中文", ENGLISH: "English"}
"""Each by its own name, so that it is found by whoever needs it."""

_current: ContextVar[str] = ContextVar("language", default=CHINESE)


def current_language() -> str:
    """The language of the request at hand; Chinese outside of any."""
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak ``language`` inside; one that nobody translated is Chinese."""
    token = _current.set(language if language in LANGUAGES else CHINESE)
    try:
        yield
    finally:
        _current.reset(token)


def translate(words: str) -> str:
    """Say ``words`` in the language at hand; what the catalogue lacks stays Chinese."""
    language = _current.get()
    return words if language == CHINESE else catalogue(language).get(words, words)


def noted(words: str) -> str:
    """Put ``words`` into the catalogue and give them back; they are translated when shown."""
    return words


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The sentences of a language by the Chinese ones; read once from its ``.po`` file."""
    with (LOCALES / language / "LC_MESSAGES" / "console.po").open("rb") as file:
        messages = read_po(file, locale=language, ignore_obsolete=True)
    return {
        str(one.id): str(one.string) for one in messages if one.id and one.string and not one.fuzzy
    }


class Words(Mapping[str, str]):
    """A table of words that answers in the language at hand."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def __getitem__(self, key: str) -> str:
        """The words of ``key``."""
        return translate(self._table[key])

    def __iter__(self) -> Iterator[str]:
        """The keys in their order."""
        return iter(self._table)

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._table)
