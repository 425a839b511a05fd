"""The parser that asks a Rasa server over HTTP; rules for entities and urgency are shared."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from nlu.composition import Composer, Reading
from nlu.understanding import Category, Intent, ParserUnavailable, Understanding

PARSE_PATH = "/model/parse"
STATUS_PATH = "/status"
PARALLEL_REQUESTS = 4


class RasaParser:
    """Understands by a Rasa server.

    Args:
        base_url: Address of the server.
        token: Its token; Rasa takes it in the query string, so keep request lines out of logs.
        composer: Puts entities, urgency and language beside what the server says.
        timeout_seconds: How long one message may take.
    """

    name = "rasa"

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        composer: Composer | None = None,
        timeout_seconds: float = 1.0,
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise ValueError("the address of Rasa must begin with http:// or https://")
        self._composer = composer or Composer()
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
        parts = self._composer.take_apart(text)
        readings = [self._ask(part) for part in parts.texts]
        return self._composer.compose(text, readings, parser=self.name, model=self._model)

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

    def _ask(self, text: str) -> Reading:
        try:
            answer = self._client.post(PARSE_PATH, json={"text": text})
            answer.raise_for_status()
            content = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            # The error's own words hold the address with the token in it.
            raise ParserUnavailable(f"Rasa: {type(error).__name__}") from None
        return read_answer(content)


def read_answer(content: Any) -> Reading:
    """Check the server's answer and put it into our words.

    Raises:
        ParserUnavailable: it is not what a model trained on our data answers.
    """
    try:
        intents = dict(_read_intent(entry) for entry in content["intent_ranking"])
        categories = tuple(_read_category(entry) for entry in content.get("categories") or ())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ParserUnavailable(f"Rasa answered strangely: {type(error).__name__}") from None
    if not intents:
        raise ParserUnavailable("Rasa answered without an intent")
    danger = intents.get(Intent.EMERGENCY, 0.0)
    return Reading(intents=intents, categories=categories, danger=danger)


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
