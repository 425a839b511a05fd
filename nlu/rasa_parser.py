"""The parser that asks a Rasa server over HTTP; rules for entities and urgency are shared."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from nlu.composing import compose
from nlu.gazetteer import Gazetteer
from nlu.text import head_segments
from nlu.understanding import Category, Intent, ParserUnavailable, Understanding

PARSE_PATH = "/model/parse"
STATUS_PATH = "/status"
PARALLEL_REQUESTS = 4


@dataclass(frozen=True, kw_only=True)
class RasaAnswer:
    """What the server thinks of one text, checked and in our words."""

    intents: tuple[tuple[Intent, float], ...]
    categories: tuple[Category, ...]


class RasaParser:
    """Understands by a Rasa server.

    Args:
        base_url: Address of the server.
        token: Its token; Rasa takes it in the query string, so keep request lines out of logs.
        gazetteer: Names of places and departments.
        timeout_seconds: How long one message may take.
    """

    name = "rasa"

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        gazetteer: Gazetteer,
        timeout_seconds: float = 1.0,
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise ValueError("the address of Rasa must begin with http:// or https://")
        self._gazetteer = gazetteer
        self._model = "rasa"
        self._client = httpx.Client(
            base_url=base_url,
            params={"token": token} if token else None,
            timeout=timeout_seconds,
            # A proxy of the environment would see residents' words.
            trust_env=False,
        )

    def parse(self, text: str) -> Understanding:
        """What ``text`` means.

        Raises:
            ParserUnavailable: the server is slow, gone or answered nonsense.
        """
        segments = head_segments(text)
        answer = self._ask("\n".join(segments)) if segments else _NOTHING_SAID
        return compose(
            text,
            answer.intents,
            answer.categories,
            gazetteer=self._gazetteer,
            parser=self.name,
            model=self._model,
        )

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means, in their order; raises like :meth:`parse`."""
        with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
            return list(pool.map(self.parse, texts))

    def is_healthy(self) -> bool:
        """Whether the server answers with a model loaded; also learns the model's name."""
        try:
            answer = self._client.get(STATUS_PATH)
            model = answer.json().get("model_file") if answer.is_success else None
        except (httpx.HTTPError, ValueError, AttributeError):
            return False
        if model:
            self._model = f"rasa-{str(model).rsplit('/', 1)[-1].removesuffix('.tar.gz')}"
        return bool(model)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _ask(self, text: str) -> RasaAnswer:
        try:
            answer = self._client.post(PARSE_PATH, json={"text": text})
            answer.raise_for_status()
            content = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            # The error's own words hold the address with the token in it.
            raise ParserUnavailable(f"Rasa: {type(error).__name__}") from None
        return read_answer(content)


_NOTHING_SAID = RasaAnswer(intents=((Intent.OUT_OF_SCOPE, 1.0),), categories=())


def read_answer(content: Any) -> RasaAnswer:
    """Check the server's answer and put it into our words.

    Raises:
        ParserUnavailable: it is not what a model trained on our data answers.
    """
    try:
        intents = tuple(_read_intent(entry) for entry in content["intent_ranking"])
        categories = tuple(_read_category(entry) for entry in content.get("categories") or ())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ParserUnavailable(f"Rasa answered strangely: {type(error).__name__}") from None
    if not intents:
        raise ParserUnavailable("Rasa answered without an intent")
    return RasaAnswer(intents=intents, categories=categories)


def _read_intent(entry: Mapping[str, Any]) -> tuple[Intent, float]:
    return Intent(entry["name"]), _read_confidence(entry)


def _read_category(entry: Mapping[str, Any]) -> Category:
    second = entry.get("second") or None
    return Category(first=str(entry["first"]), second=second, confidence=_read_confidence(entry))


def _read_confidence(entry: Mapping[str, Any]) -> float:
    confidence = float(entry["confidence"])
    if not 0 <= confidence <= 1.0001:
        raise ValueError("a confidence lies between 0 and 1")
    return min(confidence, 1.0)
