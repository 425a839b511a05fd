"""How often the right article comes first, with each part of the ranking taken away in turn.

    python -m benchmarks.retrieval --data ../shared/data

Texts: the statutes of policy/beijing that questions are asked about. Questions: in residents' words
(``beijing_questions.jsonl``), in the law's (``beijing_law_wording.jsonl``), and titles of messages
whose replies the model was not tuned on. Nothing is chosen here; the last column is the time of a
question, embedding included, in milliseconds.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.training.pairs import EVERY_TENTH
from huiyin.bootstrap import Service
from huiyin.preparation import prepare_database
from huiyin.settings import Settings
from knowledge.evaluation import PolicyQuestion, evaluate_replies, read_policy_questions
from knowledge.importing import import_paths
from knowledge.indexes import Fusion
from knowledge.lexicon import Lexicon
from knowledge.retrieval import KnowledgeBase

DATA = Path(__file__).parent / "data"
COLLECTION = "asked-about"
RANKS = (1, 3, 5, 10)
WHOLE_ROAD = "the whole road"
WAYS: Mapping[str, Fusion] = {
    WHOLE_ROAD: Fusion(),
    "without word by word": Fusion(matched=0.0),
    "without the same words": Fusion(lexical=0.0),
    "without the second opinion": Fusion(plain=0.0),
    "without whole passages": Fusion(whole=0.0, part=1.0),
    "without parts": Fusion(whole=1.0, part=0.0),
    "vectors of the tuned model only": Fusion(lexical=0.0, matched=0.0, plain=0.0),
}


def main() -> None:
    """Import, ask, print a table a set of questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    service = Service(settings=Settings())
    prepare_database(service)
    sets = {
        name: [q for q in read_policy_questions(DATA / name) if q.is_answerable]
        for name in ("beijing_questions.jsonl", "beijing_law_wording.jsonl")
    }
    asked_about = {source for qs in sets.values() for q in qs for source, _ in q.sources}
    paths = [data / "policy" / "beijing" / name for name in sorted(asked_about)]
    import_paths(service.open_session, service.embedder, paths, COLLECTION)
    for name, questions in sets.items():
        _print_ways(service, name, questions)
    _print_replies(service, data / "messages" / "replies.jsonl")


def _print_replies(service: Service, path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    held_back = range(0, len(rows), EVERY_TENTH)
    shares = evaluate_replies(service.open_session, service.embedder, rows, asked=held_back)
    for rank, share in shares.items():
        print(f"replies not tuned on, own one in the first {rank}: {share.value:.3f}, n={share.n}")


def _print_ways(service: Service, name: str, questions: Sequence[PolicyQuestion]) -> None:
    print(f"\n{name}, n={len(questions)}")
    print("| | " + " | ".join(f"top {rank}" for rank in RANKS) + " | ms |\n" + "|---" * 6 + "|")
    for way, fusion in WAYS.items():
        base = KnowledgeBase(service.open_session, service.embedder, COLLECTION, fusion=fusion)
        _print_row(way, base, questions)
    bare = KnowledgeBase(service.open_session, service.embedder, COLLECTION, lexicon=Lexicon(()))
    _print_row("without the lexicon", bare, questions)


def _print_row(way: str, base: KnowledgeBase, questions: Sequence[PolicyQuestion]) -> None:
    base.refresh()
    ranks: list[int] = []
    milliseconds: list[float] = []
    for question in questions:
        started = time.perf_counter()
        hits = base.search(question.question, top=max(RANKS))
        milliseconds.append(1000 * (time.perf_counter() - started))
        met = [place for place, hit in enumerate(hits) if question.is_met_by(hit)]
        ranks.append(met[0] if met else max(RANKS))
    found = [sum(rank < top for rank in ranks) for top in RANKS]
    cells = " | ".join(map(str, found))
    print(f"| {way} | {cells} | {np.median(milliseconds):.1f} |", flush=True)


if __name__ == "__main__":
    main()
