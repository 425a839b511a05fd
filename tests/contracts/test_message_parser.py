"""What every parser promises: any text gets an Understanding that makes sense."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.fallback import FallbackParser
from nlu.local_parser import LocalParser
from nlu.rasa_parser import RasaParser
from nlu.taxonomy import read_taxonomy
from nlu.understanding import Intent, MessageParser, Understanding, Urgency
from tests.nlu_engines import (
    fake_server,
    real_server,
    small_rasa_environment,
)

PAIRS = frozenset(read_taxonomy().pairs)
FAULT = "锦绣家园3号楼2单元的路灯坏了三天了没人修，电话13812345678"
HARD_TEXTS = (
    "",
    " \n\t\u3000 ",
    "\x00\x01",
    "😀😀😀",
    "‏‮مرحبا",
    "\ud83d",
    '[昨晚](time) {"entity"}',
    "' OR 1=1; -- <script>alert(1)</script>",
    "啊" * 100_000,
    "另外，" * 3_000,
    "1" * 1_000,
    "a\n" * 10_000,
)


def check(found: Understanding, text: str) -> None:
    """What holds of every Understanding."""
    assert found.text == text
    assert found.model
    chances = [found.confidence, *(chance for _, chance in found.alternatives)]
    assert all(0 <= chance <= 1 for chance in chances)
    assert found.intent not in {intent for intent, _ in found.alternatives}
    assert all(first >= second for first, second in pairwise(c for _, c in found.alternatives))
    for category in found.categories:
        assert (category.first, category.second) in PAIRS
        assert 0 <= category.confidence <= 1
    assert found.matters <= len(found.categories)
    assert (found.emergency_service is not None) == (found.urgency is Urgency.EMERGENCY)
    for entity in found.entities:
        assert text[entity.start : entity.end] == entity.text


class MessageParserContract:
    """Run by each parser below."""

    def test_an_understanding_names_engine_and_model(self, parser: MessageParser) -> None:
        found = parser.parse(FAULT)
        assert found.parser == parser.name
        assert found.model.startswith(parser.name)
        check(found, FAULT)

    def test_a_fault_is_a_report_with_a_class(self, parser: MessageParser) -> None:
        found = parser.parse(FAULT)
        assert found.intent is Intent.REPORT
        assert found.categories[0].first == "城乡建设"

    def test_danger_names_whom_to_call(self, parser: MessageParser) -> None:
        found = parser.parse("救命，电梯里困了人")
        assert found.urgency is Urgency.EMERGENCY
        assert found.intent is Intent.EMERGENCY
        assert found.emergency_service == "119"

    @pytest.mark.parametrize("text", HARD_TEXTS, ids=range(len(HARD_TEXTS)))
    def test_hard_texts_are_understood_somehow(self, parser: MessageParser, text: str) -> None:
        check(parser.parse(text), text)

    @given(text=st.text(max_size=300))
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[
            HealthCheck.differing_executors,
            HealthCheck.function_scoped_fixture,
        ],
    )
    def test_any_text_is_understood_somehow(self, parser: MessageParser, text: str) -> None:
        check(parser.parse(text), text)

    def test_many_are_understood_as_each_alone(self, parser: MessageParser) -> None:
        texts = [FAULT, "", "你好", "怎么办理居住证？"]
        assert parser.parse_many([]) == []
        together = parser.parse_many(texts)
        alone = [parser.parse(text) for text in texts]
        assert [_gist(found) for found in together] == [_gist(found) for found in alone]

    def test_residents_at_once_do_not_get_each_others_answer(self, parser: MessageParser) -> None:
        texts = [f"{number}号楼的路灯坏了" for number in range(1, 9)]
        found: dict[str, Understanding] = {}
        threads = [
            threading.Thread(target=lambda text=text: found.update({text: parser.parse(text)}))
            for text in texts
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for text in texts:
            check(found[text], text)


def _gist(found: Understanding) -> tuple[object, ...]:
    categories = tuple((category.first, category.second) for category in found.categories)
    return found.text, found.intent, categories[:1], found.urgency, found.entities


class TestLocalParserOnHashedWords(MessageParserContract):
    @pytest.fixture
    def parser(self, local: LocalParser) -> LocalParser:
        return local


@pytest.mark.slow
class TestLocalParserOnTheRealModel(MessageParserContract):
    @pytest.fixture
    def parser(self, models_folder: Path) -> LocalParser:
        from huiyin.bootstrap import Service
        from huiyin.settings import Settings

        return Service(settings=Settings(data_dir=models_folder.parent)).local_parser


class FakeRasaContract(MessageParserContract):
    """The fake always says the same; what the server learnt is not asked of it."""

    def test_danger_names_whom_to_call(self, parser: MessageParser) -> None:
        # The rules see the danger, whatever little the server makes of it.
        found = parser.parse("救命，电梯里困了人")
        assert found.emergency_service == "119"


class TestRasaParserOnTheFake(FakeRasaContract):
    @pytest.fixture(scope="class")
    def parser(self) -> Iterator[RasaParser]:
        with fake_server() as server:
            parser = RasaParser(server.url, "secret", timeout_seconds=5)
            yield parser
            parser.close()


@pytest.mark.rasa
@pytest.mark.slow
@pytest.mark.timeout(900)
class TestRasaParserOnRasa(MessageParserContract):
    @pytest.fixture(scope="class")
    def parser(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaParser]:
        environment = small_rasa_environment(tmp_path_factory.mktemp("rasa"))
        with real_server(environment) as process:
            parser = RasaParser(process.url, process.token, timeout_seconds=20)
            yield parser
            parser.close()


class TestFallbackParserWithAHealthyPrimary(FakeRasaContract):
    @pytest.fixture
    def parser(self, local: LocalParser) -> Iterator[FallbackParser]:
        with fake_server() as server:
            parser = FallbackParser(local, slow_seconds=5)
            parser.set_primary(RasaParser(server.url, "secret", timeout_seconds=5))
            yield parser
            parser.close()


class TestFallbackParserWithoutAPrimary(MessageParserContract):
    @pytest.fixture
    def parser(self, local: LocalParser) -> FallbackParser:
        return FallbackParser(local)
