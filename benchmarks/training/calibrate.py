"""Find the answer rule of the search model, and tell how well it keeps.

    python -m benchmarks.training.calibrate --data ../shared/data

Answerable: the training pairs that were *not* tuned on (their articles are held back). Not
answerable: ``unanswerable.jsonl``. The reported questions are not looked at. Copy what it prints
into ``knowledge.decision.RULES``.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.training.pairs import HERE, held_back_pairs, most_asked
from huiyin.bootstrap import Service
from huiyin.preparation import prepare_database
from huiyin.settings import Settings
from knowledge.calibration import calibrate, cross_validate
from knowledge.evaluation import PolicyQuestion, read_policy_questions
from knowledge.importing import import_paths
from knowledge.retrieval import KnowledgeBase

UNANSWERABLE = HERE / "unanswerable.jsonl"
STATUTES = 45
"""The statutes most asked about: about what a community has, and quickly embedded."""
COLLECTION = "calibration"


def answerable(statutes: Sequence[str]) -> list[PolicyQuestion]:
    """Questions on ``statutes`` that the model was not tuned on."""
    return [
        PolicyQuestion(id=f"h{n}", question=row["question"], sources=frozenset({key}))
        for n, row in enumerate(held_back_pairs())
        if (key := (row["law_file"], row["article"]))[0] in statutes
    ]


def main() -> None:
    """Import, calibrate, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data / "policy" / "beijing"
    service = Service(settings=Settings())
    prepare_database(service)
    statutes = most_asked(STATUTES)
    paths = [folder / name for name in statutes]
    import_paths(service.open_session, service.embedder, paths, COLLECTION)
    knowledge = KnowledgeBase(service.open_session, service.embedder, COLLECTION)
    questions = [*answerable(statutes), *read_policy_questions(UNANSWERABLE)]
    print(calibrate([(knowledge, questions)]))
    refused, wrong = cross_validate([(knowledge, questions)])
    print(f"five-fold: refused {refused.count} of {refused.n}, answered {wrong.count} of {wrong.n}")


if __name__ == "__main__":
    main()
