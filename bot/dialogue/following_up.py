"""A question that goes on from the one before, and one that names two things at once. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue.phrases import plain
from knowledge.answering import Answer, Clarify, NoAnswer, NoAnswerReason, Reply
from knowledge.follow_up import matter_of

Ask = Callable[[str], Reply]
ANOTHER_YEAR = re.compile(
    r"^那?(?P<year>大前年|前年|去年|上一?年|今年|明年|后年|\d{4}年)(的|又|是|怎么样)*呢?\??$"
)

OF_ANYTHING = re.compile(
    r"去年|前年|今年|明年|后年|上一?年|东西|领取?|补|停|放|拿|取|找|那边|这边|那|这|又|该|往"
)
"""What can be asked of any matter, beside what ``knowledge`` leaves aside."""


@dataclass(frozen=True, kw_only=True)
class DoubleMeaning:
    """Words that residents say of two things; asked back unless one of them is named."""

    said: re.Pattern[str]
    named: re.Pattern[str]
    topics: tuple[str, str]


DOUBLE_MEANINGS = (
    DoubleMeaning(
        said=re.compile(r"停车|泊车|车(停|放)(哪|在哪)"),
        named=re.compile(
            r"机动车|汽车|轿车|小车|货车|电动|电瓶|自行车|单车|摩托|三轮|车库|车位|地下|地面|路边|"
            r"访客|外来|临时|来访|消防|救护|月(租|卡|保)|充电"
        ),
        topics=("机动车停车", "电动车停车"),
    ),
)


def answer_following(before: str, topic: str, words: str, ask: Ask) -> Reply:
    """The answer to ``words`` after the question ``before``, whose topic goes along with ``ask``.

    A few words alone may find nothing, or a text about something else; then they are asked once
    more together with the question that they go on from. Words with no matter of their own are
    never answered about another one.
    """
    alone = ask(words)
    if isinstance(alone, Clarify) or _stays(alone, topic):
        return alone
    if names_a_matter(words):
        return alone
    together = ask(together_with(before, words))
    if _stays(together, topic):
        return together
    return alone if isinstance(alone, NoAnswer) else NoAnswer(reason=NoAnswerReason.NOTHING_NEAR)


def names_a_matter(words: str) -> bool:
    """Whether the words say what they are about: «停车费怎么收» does, «那怎么领» does not."""
    return len(OF_ANYTHING.sub("", matter_of(plain(words)))) > 1


def together_with(before: str, words: str) -> str:
    """The question that ``words`` mean after ``before``: «去年呢» asks the same of another year."""
    year = ANOTHER_YEAR.match(plain(words))
    return f"{year['year']}{before}" if year else f"{before}，{words}"


def _stays(reply: Reply, topic: str) -> bool:
    return isinstance(reply, Answer) and reply.topic == topic


def ask_back_if_double(question: str, reply: Reply) -> Reply:
    """``reply``, or which of two things is meant when the question may be about either."""
    if not isinstance(reply, Answer):
        return reply
    words = plain(question)
    for meaning in DOUBLE_MEANINGS:
        if meaning.said.search(words) and not meaning.named.search(words):
            return Clarify(topics=meaning.topics, hits=())
    return reply
