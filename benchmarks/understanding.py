"""Both engines side by side: time of a message, messages per second, training, memory.

Run: python -m benchmarks.understanding [--rasa]
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from huiyin.bootstrap import TRAINING_DATA, Service
from huiyin.cores import leave_cores_to_messages
from huiyin.jsonl import read_rows
from huiyin.settings import ROOT, Settings
from huiyin.workbench import RasaWorkbench
from nlu.local_parser import LocalParser
from nlu.understanding import MessageParser

BATCH = 32
WARM_UP = 20


def main() -> None:
    """Measure and print."""
    rows = list(read_rows(ROOT / "benchmarks" / "data" / "understanding.jsonl"))
    texts = list(dict.fromkeys(row["text"] for row in rows))
    print(f"{'engine':<8}{'median ms':>10}{'p95 ms':>8}{'messages/s':>12}{'MiB':>6}{'n':>6}")
    service = Service(settings=Settings())
    local = service.local_parser
    local.prepare()
    leave_cores_to_messages()
    _print_row("local", local, texts, own_memory_mib())
    if "--rasa" in sys.argv:
        bench = RasaWorkbench(service, service.models)
        rasa = bench.open(bench.train())
        _print_row("rasa", rasa, texts, memory_mib(bench.server_pid))
        bench.close()
    print(f"training, local, vectors included: {_training_seconds(service):.0f} s")


def _print_row(name: str, parser: MessageParser, texts: Sequence[str], memory: float) -> None:
    parser.parse_many(texts[:WARM_UP])
    # Every text is new to the engine: none comes from the memory of vectors.
    alone, together = texts[WARM_UP::2], texts[WARM_UP + 1 :: 2]
    times = [_milliseconds(parser, text) for text in alone]
    began = time.perf_counter()
    for start in range(0, len(together), BATCH):
        parser.parse_many(together[start : start + BATCH])
    speed = len(together) / (time.perf_counter() - began)
    late = statistics.quantiles(times, n=20)[18]
    median = statistics.median(times)
    print(f"{name:<8}{median:>10.1f}{late:>8.1f}{speed:>12.1f}{memory:>6.0f}{len(times):>6}")


def _milliseconds(parser: MessageParser, text: str) -> float:
    began = time.perf_counter()
    parser.parse(text)
    return (time.perf_counter() - began) * 1000


def _training_seconds(service: Service) -> float:
    with tempfile.TemporaryDirectory() as folder:
        parser = LocalParser(service.embedder, training_data=TRAINING_DATA, cache=Path(folder))
        began = time.perf_counter()
        parser.prepare()
        return time.perf_counter() - began


def memory_mib(pid: int) -> float:
    """Resident memory of a process."""
    done = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def own_memory_mib() -> float:
    """Resident memory of this process, embedding model included."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
