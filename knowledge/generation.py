"""Saying a quote in plain words by a language model, and dropping whatever no passage bears out.

Off unless somebody sets an endpoint. The model gets the question with personal data masked and
the passages of the answer, never anything else, and never a text out of force. It has to name
the passage behind each sentence; a sentence stays only if that passage bears it out, by rules
that need no model:

- every figure, Latin word and quoted name in it stands in the passage;
- most of its pairs of signs stand in one stretch of the passage (its best part and neighbours);
- each clause of it forbids, allows or exempts only what the nearest clause there does.

When nothing stays, or the endpoint is slow or broken, the resident gets the quote alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Protocol

from knowledge.answering import Answer
from knowledge.errors import KnowledgeError
from knowledge.parts import parts_of
from knowledge.privacy import without_personal_data
from knowledge.splitting import sentences
from knowledge.tokens import tokens_of

MOST_PASSAGES = 3
LONGEST_PASSAGE = 1_200
MOST_SENTENCES = 4
BORNE_OUT = 0.7
"""Share of a sentence's sign pairs that have to stand in the stretch behind it."""
FIGURE = re.compile(
    r"[0-9]+(?:\.[0-9]+)?|[A-Za-z]{2,}|[〇零一二三四五六七八九十百千万亿两]+(?=[元年月日天个人次条岁倍])"
)
NAME = re.compile(r"[《「『“]([^》」』”]+)[》」』”]")
FORCE: Mapping[str, re.Pattern[str]] = {
    "forbidden": re.compile(r"不得|禁止|不准|严禁|不能|不可以?|不许|不予"),
    "exempt": re.compile(r"免(?:费|收|交|除|缴)|无需|不需要?|不用|不必|不收"),
    "allowed": re.compile(r"(?<!不)可以|允许|准许"),
    "bound": re.compile(r"应当|必须|(?<!不)需要|(?<!不)得(?=[由经在])"),
}
"""What a sentence does to whoever reads it."""
WEAK = frozenset({"bound"})
"""Forces that plain words may leave out («要» for «应当») without changing who may do what."""
CLAUSE_END = re.compile(r"[，。；;！？\n]")
TO_A_MODEL = re.compile(
    r"忽略.{0,12}(?:指令|要求|提示|以上|之前|前面)|(?:你|您)(?:现在)?(?:是|扮演).{0,12}(?:助手|模型|AI|机器人)|"
    r"系统提示|提示词|system prompt|ignore .{0,30}instructions|as an ai",
    re.IGNORECASE,
)
"""Words that speak to a model and not to a resident; such a line is no text of a rule."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence of the model, and the number of the passage it names, from 1."""

    text: str
    passage: int


class WriterUnavailable(KnowledgeError):
    """The endpoint is slow, broken or answers nonsense: give the quote alone."""


class PlainWriter(Protocol):
    """Puts passages into plain words."""

    def write(self, question: str, passages: Sequence[str]) -> Sequence[Statement]:
        """Answer ``question`` from ``passages`` alone, a passage named for each sentence.

        Raises:
            WriterUnavailable: there is no answer in time, or none that can be read.
        """
        ...


def in_plain_words(answer: Answer, question: str, writer: PlainWriter, *, today: date) -> Answer:
    """``answer`` with what the writer makes of it, as far as its passages bear it out.

    An answer of the community's own words, about another day, or from a text that is out of
    force comes back as it is; so does any answer when the writer fails.
    """
    if answer.own_words or answer.on is not None:
        return answer
    passages = [
        told
        for hit in answer.hits[:MOST_PASSAGES]
        if hit.passage.citation.in_force(today) and (told := telling_lines(hit.passage.text))
    ]
    if not passages or not answer.hits[0].passage.citation.in_force(today):
        return answer
    try:
        written = writer.write(without_personal_data(question), passages)
    except WriterUnavailable:
        return answer
    kept = [one.text.strip() for one in written[:MOST_SENTENCES] if is_borne_out(one, passages)]
    return replace(answer, rewritten="".join(kept)) if kept else answer


def telling_lines(text: str) -> str:
    """The lines of a passage that speak to residents, cut to length."""
    lines = (line for line in text.split("\n") if not TO_A_MODEL.search(line))
    return "\n".join(lines).strip()[:LONGEST_PASSAGE]


def is_borne_out(statement: Statement, passages: Sequence[str]) -> bool:
    """Whether the passage that the statement names says it."""
    if not 1 <= statement.passage <= len(passages):
        return False
    passage = passages[statement.passage - 1]
    stated = [one.strip() for one in sentences(statement.text.strip()) if one.strip()]
    return bool(stated) and all(_says(passage, one) for one in stated)


def _says(passage: str, sentence: str) -> bool:
    if not set(FIGURE.findall(sentence)) <= set(FIGURE.findall(passage)):
        return False
    if any(name not in passage for name in NAME.findall(sentence)):
        return False
    asked = set(tokens_of(sentence))
    return bool(asked) and any(
        len(asked & set(tokens_of(stretch))) >= BORNE_OUT * len(asked)
        and _has_the_same_force(sentence, stretch)
        for stretch in _stretches(passage)
    )


def _stretches(passage: str) -> list[str]:
    """Each part of the passage alone, and with the one after it."""
    parts = [part.reading for part in parts_of(passage)] or [passage]
    return [*parts, *(f"{a}{b}" for a, b in pairwise(parts))]


def _has_the_same_force(sentence: str, stretch: str) -> bool:
    """Whether each clause forbids, allows or exempts what the nearest one of the stretch does."""
    clauses = [clause for clause in CLAUSE_END.split(stretch) if clause.strip()]
    stated = [clause for clause in CLAUSE_END.split(sentence) if clause.strip()]
    return all(_forces(one) == _forces(_nearest(one, clauses)) for one in stated)


def _nearest(clause: str, clauses: Sequence[str]) -> str:
    asked = set(tokens_of(clause))
    return max(clauses, key=lambda other: len(asked & set(tokens_of(other))))


def _forces(words: str) -> frozenset[str]:
    found = (name for name, pattern in FORCE.items() if pattern.search(words))
    return frozenset(found) - WEAK
