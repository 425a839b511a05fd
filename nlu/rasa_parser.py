"""The engine in a Rasa server, reached over loopback."""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import httpx

from nlu.composition import Composer, Reading, today_in_china
from nlu.gazetteer import Gazetteer
from nlu.taxonomy import read_taxonomy
from nlu.understanding import Category, Intent, ParserUnavailable, Understanding

TIMEOUT_SECONDS = 1.0
WORKERS = 8
LONGEST_ANSWER_BYTES = 1_000_000


class RasaParser:
    """Understands messages by asking ``POST /model/parse``.

    Intents, categories, the chance of danger and the evidence come from the server; entities,
    urgency and language from the rules that the local engine uses too.

    Args:
        base_url: of the server, on loopback.
        token: its token; Rasa takes it in the query string only, so httpx's request log must
            stay off.
        gazetteer: names of the organisation.
        timeout_seconds: for a whole call of ``parse``, however many parts the message has.
        model: what the server has loaded, where the caller knows; otherwise the answer tells.
        today: the day a message is read on.
    """

    name = "rasa"

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        gazetteer: Gazetteer | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        model: str | None = None,
        today: Callable[[], date] = today_in_china,
    ) -> None:
        self._model = model
        self._timeout_seconds = timeout_seconds
        self._composer = Composer(gazetteer=gazetteer or Gazetteer(), today=today)
        self._pairs = frozenset(read_taxonomy().pairs)
        # Loopback never goes through a proxy that the environment may name.
        self._client = httpx.Client(
            base_url=base_url,
            params={"token": token} if token else None,
            timeout=timeout_seconds,
            trust_env=False,
        )
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="rasa-call")

    def parse(self, text: str) -> Understanding:
        """What ``text`` means.

        Raises:
            ParserUnavailable: the server is slow or gone, or its answer makes no sense.
        """
        apart = self._composer.take_apart(text)
        if not apart.head:
            unasked = self._model or self.name
            return self._composer.compose(text, apart, (), parser=self.name, model=unasked)
        deadline = time.monotonic() + self._timeout_seconds
        answer = self._answer(apart.head, deadline)
        head = self._reading(answer)
        doubtful = self._composer.parts_in_doubt(text, apart, head)
        parts = [self._reading(part) for part in self._answers_in_time(doubtful, deadline)]
        model = self._model or str(answer.get("model", "unknown"))
        return self._composer.compose(text, apart, (head, *parts), parser=self.name, model=model)

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """What each of ``texts`` means, one after the other: the server has one event loop.

        Raises:
            ParserUnavailable: as in ``parse``.
        """
        return [self.parse(text) for text in texts]

    def is_healthy(self) -> bool:
        """Whether the server says that it has loaded a model."""
        try:
            answer = self._client.get("/status")
            return answer.status_code == httpx.codes.OK and bool(answer.json().get("model_file"))
        except (httpx.HTTPError, ValueError, AttributeError):
            return False

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _answers_in_time(self, texts: Sequence[str], deadline: float) -> list[Mapping[str, Any]]:
        # The head has been read: a part that would come late is rather left out.
        answers = []
        for text in texts:
            try:
                answers.append(self._answer(text, deadline))
            except ParserUnavailable:
                if time.monotonic() < deadline:
                    raise
                break
        return answers

    def _answer(self, text: str, deadline: float) -> Mapping[str, Any]:
        # httpx limits the wait for each byte, not for the answer: a thread keeps the deadline.
        call: Future[bytes] = self._workers.submit(self._post, text, deadline)
        try:
            content = call.result(timeout=max(0.0, deadline - time.monotonic()))
            answer = json.loads(content)
        except TimeoutError as error:
            raise ParserUnavailable("Rasa did not answer in time") from error
        except (httpx.HTTPError, ValueError, RecursionError) as error:
            raise ParserUnavailable(f"Rasa failed: {type(error).__name__}") from error
        if not isinstance(answer, dict):
            raise ParserUnavailable("Rasa answered something else than an object")
        return answer

    def _post(self, text: str, deadline: float) -> bytes:
        content = b""
        with self._client.stream("POST", "/model/parse", json={"text": text}) as response:
            response.raise_for_status()
            for chunk in response.iter_bytes():
                content += chunk
                if time.monotonic() > deadline or len(content) > LONGEST_ANSWER_BYTES:
                    raise httpx.ReadTimeout("the answer does not end")
        return content

    def _reading(self, answer: Mapping[str, Any]) -> Reading:
        try:
            return Reading(
                intents=_intents(answer["intent_ranking"]),
                categories=tuple(self._category(entry) for entry in answer["categories"]),
                danger=_chance(answer["danger"]),
                evidence=tuple(str(text) for text in answer.get("evidence", ())),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ParserUnavailable("Rasa's answer has another shape") from error

    def _category(self, entry: Mapping[str, Any]) -> Category:
        first, second = entry["first"], entry["second"]
        if (first, second) not in self._pairs:
            raise ValueError("a class that the taxonomy does not have")
        return Category(first=first, second=second, confidence=_chance(entry["confidence"]))


def _intents(ranking: Sequence[Mapping[str, Any]]) -> dict[Intent, float]:
    intents = {Intent(entry["name"]): _chance(entry["confidence"]) for entry in ranking}
    if not intents:
        raise ValueError("no intent")
    return intents


def _chance(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError("a probability must be a number")
    if not math.isfinite(value) or not 0 <= value <= 1.0001:
        raise ValueError("a probability must lie between 0 and 1")
    return min(1.0, float(value))
