"""How well questions that ask the same are told from others, by meaning.

Two figures that ``knowledge.clusters`` and ``knowledge.fixed_replies`` rest on: groups of
questions put together again (pairs: precision and recall), and pairs for which a fixed reply
would be given (right ones, wrong ones). The thresholds were chosen on the part "choose" of
``data/same_question.jsonl``; the part "report" was only looked at afterwards.

    python -m benchmarks.same_question MODELS_FOLDER
"""

import json
import sys
from itertools import combinations
from pathlib import Path

from knowledge.clusters import NEAR_ENOUGH, WORDS_IN_COMMON, labels_of
from knowledge.embedders import E5Embedder
from knowledge.embedding.build import MODEL_NAME
from knowledge.fixed_replies import asks_the_same

DATA = Path(__file__).parent / "data" / "same_question.jsonl"


def main(models: Path) -> None:
    """Print the figures of both parts."""
    embedder = E5Embedder(models / MODEL_NAME)
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    for part in ("choose", "report"):
        asked = [(r["group"], q) for r in rows if r["part"] == part for q in r["questions"]]
        report(part, asked, embedder)


def report(part: str, asked: list[tuple[int, str]], embedder: E5Embedder) -> None:
    """Print one part."""
    vectors = embedder.embed_queries([question for _, question in asked])
    labels = labels_of(vectors, NEAR_ENOUGH.get(embedder.model_name, WORDS_IN_COMMON))
    pairs = list(combinations(range(len(asked)), 2))
    same = {(i, j) for i, j in pairs if asked[i][0] == asked[j][0]}
    together = {(i, j) for i, j in pairs if labels[i] == labels[j]}
    replied = {
        (i, j)
        for i, j in pairs
        if asks_the_same(asked[i][1], asked[j][1], float(vectors[i] @ vectors[j]))
    }
    print(
        f"{part}: {len(asked)} questions, {len(same)} pairs; together {len(together)}, "
        f"right {len(together & same)}; fixed reply {len(replied)}, right {len(replied & same)}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
