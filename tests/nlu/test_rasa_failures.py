"""A Rasa that is ill in any way costs one resident one wait, then nothing until it is well."""

import time
from collections.abc import Iterator

import pytest

from nlu.fallback import FallbackParser
from nlu.local_parser import LocalParser
from nlu.rasa_parser import RasaParser
from nlu.understanding import ParserUnavailable, Understanding
from tests.fake_rasa import HANG_SECONDS, WRONG_SHAPES
from tests.nlu_engines import FakeRasaProcess, fake_server, unused_port, wait_until

TEXT = "楼下路灯坏了"
TIMEOUT_SECONDS = 0.4
ILL = ("hangs", "hangs_after_headers", "drips", "not_json", "error_500", *WRONG_SHAPES)


Engines = tuple[FallbackParser, "CountingParser"]


class CountingParser(RasaParser):
    """Counts what it was asked."""

    asked = 0

    def parse(self, text: str) -> Understanding:
        self.asked += 1
        return super().parse(text)


@pytest.fixture
def server() -> Iterator[FakeRasaProcess]:
    process = FakeRasaProcess()
    yield process
    process.kill()


def behind(local: LocalParser, url: str, *, probe_seconds: float = 60.0) -> Engines:
    parser = FallbackParser(local, probe_interval_seconds=probe_seconds)
    rasa = CountingParser(url, "secret", timeout_seconds=TIMEOUT_SECONDS)
    parser.set_primary(rasa, rasa.is_healthy)
    return parser, rasa


@pytest.mark.parametrize("manner", ILL)
def test_what_is_no_answer_is_no_understanding(manner: str) -> None:
    with fake_server(manner) as server:
        parser = RasaParser(server.url, "secret", timeout_seconds=TIMEOUT_SECONDS)
        began = time.monotonic()
        with pytest.raises(ParserUnavailable):
            parser.parse(TEXT)
        # Far from a speed: it gave up before the server would have.
        assert time.monotonic() - began < HANG_SECONDS / 2
        parser.close()


def test_a_wrong_token_is_no_understanding() -> None:
    with fake_server() as server, pytest.raises(ParserUnavailable):
        RasaParser(server.url, "guessed").parse(TEXT)


def test_nobody_listening_is_no_understanding() -> None:
    with pytest.raises(ParserUnavailable):
        RasaParser(f"http://127.0.0.1:{unused_port()}", "secret").parse(TEXT)


@pytest.mark.parametrize("manner", ["hangs", "drips", "error_500", "not_a_number"])
def test_an_ill_server_is_asked_once_and_then_left_alone(local: LocalParser, manner: str) -> None:
    with fake_server(manner) as server:
        parser, rasa = behind(local, server.url)
        answers = [parser.parse(TEXT) for _ in range(5)]
        parser.close()
    assert {answer.parser for answer in answers} == {"local"}
    assert rasa.asked == 1


def test_a_late_answer_is_taken_once_and_then_the_local_parser_answers(local: LocalParser) -> None:
    with fake_server("slow") as server:
        parser = FallbackParser(local, probe_interval_seconds=60)
        parser.set_primary(RasaParser(server.url, "secret", timeout_seconds=5))
        engines = [parser.parse(TEXT).parser for _ in range(3)]
        parser.close()
    assert engines == ["rasa", "local", "local"]


def test_a_server_stopped_in_its_tracks_is_asked_once_and_taken_back_when_it_goes_on(
    local: LocalParser, server: FakeRasaProcess
) -> None:
    parser, _ = behind(local, server.url, probe_seconds=0.05)
    assert parser.parse(TEXT).parser == "rasa"
    server.stop_in_its_tracks()
    assert [parser.parse(TEXT).parser for _ in range(4)] == ["local"] * 4
    server.go_on()
    wait_until(lambda: parser.name == "rasa", "the server that goes on is trusted again")
    assert parser.parse(TEXT).parser == "rasa"
    parser.close()


def test_a_killed_server_is_asked_once_and_taken_back_after_its_restart(
    local: LocalParser, server: FakeRasaProcess
) -> None:
    parser, _ = behind(local, server.url, probe_seconds=0.05)
    assert parser.parse(TEXT).parser == "rasa"
    server.kill()
    assert [parser.parse(TEXT).parser for _ in range(4)] == ["local"] * 4
    server.start()
    wait_until(lambda: parser.name == "rasa", "the restarted server is trusted again")
    parser.close()


def test_a_server_that_reports_health_and_answers_nonsense_stays_out(local: LocalParser) -> None:
    with fake_server("not_json") as server:
        parser, rasa = behind(local, server.url, probe_seconds=0.02)
        parser.parse(TEXT)
        wait_until(lambda: rasa.asked > 2, "it was tried again in the background")
        assert parser.name == "local"
        server.manner = "good"
        wait_until(lambda: parser.name == "rasa", "it makes sense again")
        parser.close()


def test_a_server_that_is_not_up_yet_is_used_once_it_is(
    local: LocalParser, server: FakeRasaProcess
) -> None:
    server.kill()
    parser = FallbackParser(local, probe_interval_seconds=0.05)
    rasa = CountingParser(server.url, "secret")
    parser.set_primary(rasa, rasa.is_healthy, known_well=False)
    assert parser.parse(TEXT).parser == "local"
    assert rasa.asked == 0
    server.start()
    wait_until(lambda: parser.name == "rasa", "the server that came up is used")
    parser.close()


def test_a_dropped_primary_is_not_asked(local: LocalParser) -> None:
    with fake_server() as server:
        parser, rasa = behind(local, server.url)
        parser.drop_primary()
        assert parser.parse(TEXT).parser == "local"
        assert rasa.asked == 0


def test_the_model_is_what_the_caller_knows_or_the_server_says() -> None:
    with fake_server() as server:
        assert RasaParser(server.url, "secret", timeout_seconds=5).parse(TEXT).model == "rasa-fake"
        named = RasaParser(server.url, "secret", timeout_seconds=5, model="rasa-1a2b-3c4d5e6f")
        assert named.parse(TEXT).model == "rasa-1a2b-3c4d5e6f"
