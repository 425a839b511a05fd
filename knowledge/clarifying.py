"""When two matters are equally near, the resident is asked which one is meant."""

from collections.abc import Sequence

from knowledge.documents import Hit
from knowledge.follow_up import matter_of

EQUALLY_NEAR = 0.006
"""Difference of scores that says nothing."""
MOST_TOPICS = 3
CLEAR_MATTER = 6
"""Characters of a matter from which on a question is specific: near ties are then variants."""


def equally_near(question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The best hit of each matter that ``question`` may be about; empty if it is clear.

    A question that names one of the topics, or says much, is clear even if the scores are
    close. One that names no matter at all («多久能办好») may be about any of the best hits.
    """
    matter = matter_of(question)
    if not hits or len(matter) >= CLEAR_MATTER:
        return ()
    lowest = hits[0].score - EQUALLY_NEAR if matter else float("-inf")
    near: dict[str, Hit] = {}
    for hit in hits:
        if hit.score >= lowest:
            near.setdefault(hit.passage.topic, hit)
    if len(near) < 2 or any(topic in question for topic in near):
        return ()
    return tuple(near.values())[:MOST_TOPICS]
