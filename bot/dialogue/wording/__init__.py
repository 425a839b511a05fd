"""Finds the words for what the dialogue wants to say, in the resident's language."""

from datetime import datetime
from functools import cache
from typing import Any

from bot.dialogue.wording import en, en_notices, zh_cn, zh_cn_notices
from bot.dialogue.wording.moments import written_day, written_moment
from bot.dialogue.wording.traditional import to_traditional

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-CN", "zh-TW", "en"
TABLES: dict[str, dict[str, str]] = {
    SIMPLIFIED: zh_cn.SENTENCES | zh_cn_notices.SENTENCES,
    ENGLISH: en.SENTENCES | en_notices.SENTENCES,
}


class Phrasebook:
    """The sentences of one language.

    Only our own sentences are turned into traditional characters; names, quotes and whatever
    else is put into them stay as they are written.
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in (*TABLES, TRADITIONAL) else SIMPLIFIED
        self._table = TABLES.get(self.language, TABLES[SIMPLIFIED])

    def say(self, key: str, **words: Any) -> str:
        """The sentence ``key`` with its fields filled in.

        Raises:
            KeyError: There is no such sentence, or a field of it is missing.
        """
        sentence = self._table[key]
        if self.language == TRADITIONAL:
            sentence = to_traditional(sentence)
        return sentence.format(**words)

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._table

    def moment(self, moment: datetime) -> str:
        """A time as residents read it, in the local zone: «11月24日18:00»."""
        written = written_moment(moment, english=self.language == ENGLISH)
        return to_traditional(written) if self.language == TRADITIONAL else written

    def day(self, moment: datetime) -> str:
        """A day as residents read it, in the local zone: «11月24日»."""
        return written_day(moment, english=self.language == ENGLISH)


@cache
def phrasebook(language: str) -> Phrasebook:
    """The phrasebook of ``language``; simplified Chinese for one that we don't speak."""
    return Phrasebook(language)
