"""A reply to begin with: the matter in one sentence, the passages that bear on it, the gaps.

Nothing is made up: what was done is for the unit to say, so it stands as a gap in brackets.
"""

from collections.abc import Sequence

from knowledge.documents import Hit
from petitions.tables import Case

QUOTED = 1
QUOTE_CHARACTERS = 160


def suggest_reply(case: Case, hits: Sequence[Hit]) -> str:
    """The beginning of an official reply, in Chinese."""
    lines = [
        f"您好，您反映的“{case.title}”我们已经办理。",
        "（写明：做了什么、结果怎样、什么时候完成）",
    ]
    lines += [_rule(hit) for hit in hits[:QUOTED]]
    lines.append("如果还有问题，请在对话里回复，或者到社区找我们。")
    return "\n".join(lines)


def _rule(hit: Hit) -> str:
    return f"有关规定：{_quoted(hit)}（{hit.passage.citation.sentence()}）"


def _quoted(hit: Hit) -> str:
    words = " ".join(hit.passage.text.split())
    return words if len(words) <= QUOTE_CHARACTERS else words[:QUOTE_CHARACTERS] + "……"
