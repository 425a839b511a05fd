"""Answers from a knowledge base, said in plain words as well where a writer is set."""

from knowledge.answering import Answer, Reply
from knowledge.generation import PlainWriter, in_plain_words
from knowledge.retrieval import KnowledgeBase, today_in_shanghai


class PlainTexts:
    """A knowledge base with a plain writer behind it.

    Args:
        base: finds the passages and decides whether they answer.
        writer: says them in plain words; when it fails the quote stands alone.
    """

    def __init__(self, base: KnowledgeBase, writer: PlainWriter) -> None:
        self._base = base
        self._writer = writer

    def answer(self, question: str, *, context: str | None = None) -> Reply:
        """What a resident gets for ``question``; see :meth:`KnowledgeBase.answer`."""
        reply = self._base.answer(question, context=context)
        if not isinstance(reply, Answer):
            return reply
        return in_plain_words(reply, question, self._writer, today=today_in_shanghai())
