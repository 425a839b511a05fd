"""Markdown and plain text, in whatever encoding Chinese offices save it."""

import re

from knowledge.errors import UnreadableFile
from knowledge.readers.base import ReadText
from knowledge.readers.encodings import decode

INVISIBLE = re.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad\x0b\x0c\x85]")


class TextReader:
    """Takes anything that decodes as text, so it is asked last."""

    def accepts(self, content: bytes, source: str) -> bool:
        """Whether ``content`` decodes as text."""
        return decode(content) is not None

    def read(self, content: bytes, source: str) -> tuple[ReadText, ...]:
        """Read it as one document; front matter stays in the text.

        Raises:
            UnreadableFile: No encoding makes sense of it.
        """
        words = decode(content)
        if words is None:
            raise UnreadableFile(source, "文字编码无法识别，请另存为 UTF-8 再上传")
        return (ReadText(source=source, text=INVISIBLE.sub("", words)),)
