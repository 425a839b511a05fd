"""What each illness of Rasa costs the first resident, and the next one, in milliseconds.

The server of the tests plays ill; the local parser behind is the real one.
Run: python -m benchmarks.rasa_failures
"""

import time

from huiyin.bootstrap import Service
from huiyin.settings import Settings
from nlu.fallback import FallbackParser
from nlu.rasa_parser import RasaParser
from tests.fake_rasa import MANNERS, WRONG_SHAPES
from tests.nlu_engines import FakeRasaProcess, fake_server

TEXTS = ("楼下路灯坏了三天", "物业费怎么交", "电梯有异响", "垃圾没人收")
PROBE_SECONDS = 3600.0


def main() -> None:
    """Measure and print."""
    local = Service(settings=Settings()).local_parser
    local.parse("热身")
    print(f"{'the server':<24}{'first ms':>10}{'next ms':>10}")
    for manner in (*MANNERS, *WRONG_SHAPES):
        with fake_server(manner) as server:
            _print_row(manner, local, server.url)
    for illness in ("stopped (SIGSTOP)", "killed"):
        process = FakeRasaProcess()
        process.stop_in_its_tracks() if illness.startswith("stopped") else process.kill()
        _print_row(illness, local, process.url)
        process.kill()


def _print_row(illness: str, local: object, url: str) -> None:
    parser = FallbackParser(local, probe_interval_seconds=PROBE_SECONDS)  # type: ignore[arg-type]
    parser.set_primary(RasaParser(url, "secret"))
    first, *later = [_milliseconds(parser, text) for text in TEXTS]
    print(f"{illness:<24}{first:>10.0f}{max(later):>10.0f}")
    parser.close()


def _milliseconds(parser: FallbackParser, text: str) -> float:
    began = time.perf_counter()
    parser.parse(text)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
