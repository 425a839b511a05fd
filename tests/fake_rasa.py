"""A small server that speaks Rasa's HTTP API, well or badly; run by tests as a process.

    python tests/fake_rasa.py --port N [--token T] [--model PATH] [--manner MANNER]

``PUT /manner`` with a word changes how it behaves, so that one server can fall ill and recover.
"""

import argparse
import json
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HANG_SECONDS = 8.0
SLOW_SECONDS = 0.7

ANSWER: Mapping[str, Any] = {
    "text": "",
    "intent": {"name": "report", "confidence": 0.9},
    "intent_ranking": [
        {"name": "report", "confidence": 0.9},
        {"name": "consult", "confidence": 0.1},
    ],
    "categories": [{"first": "城乡建设", "second": "城市建设和市政管理", "confidence": 0.8}],
    "danger": 0.05,
    "evidence": ["路灯坏了没人修"],
    "model": "rasa-fake",
}
WRONG_SHAPES: Mapping[str, Any] = {
    "no_ranking": {key: ANSWER[key] for key in ANSWER if key != "intent_ranking"},
    "empty_ranking": {**ANSWER, "intent_ranking": []},
    "ranking_of_words": {**ANSWER, "intent_ranking": ["report"]},
    "unknown_intent": {**ANSWER, "intent_ranking": [{"name": "order_pizza", "confidence": 1.0}]},
    "confidence_above_one": {**ANSWER, "intent_ranking": [{"name": "report", "confidence": 7}]},
    "confidence_of_words": {**ANSWER, "intent_ranking": [{"name": "report", "confidence": "1"}]},
    "unknown_class": {
        **ANSWER,
        "categories": [{"first": "天文", "second": "彗星", "confidence": 0.9}],
    },
    "no_danger": {key: ANSWER[key] for key in ANSWER if key != "danger"},
    "not_a_number": {**ANSWER, "danger": float("nan")},
    "a_list": [1, 2, 3],
    "null": None,
}
MANNERS = ("good", "slow", "hangs", "hangs_after_headers", "drips", "not_json", "error_500")


class FakeRasa(ThreadingHTTPServer):
    """The server with what it pretends."""

    daemon_threads = True

    def __init__(self, port: int, token: str = "", model: str = "", manner: str = "good") -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.token = token
        self.model = model
        self.manner = manner

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: those who gave up waiting are what the tests are about."""

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """Answers as ``server.manner`` says."""

    server: FakeRasa
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self._is_allowed():
            self._send({"model_file": self.server.model, "num_active_training_jobs": 0})

    def do_PUT(self) -> None:
        body = self._body()
        if self.path == "/manner":
            self.server.manner = body
            self._send({})
        elif self._is_allowed():
            self._load(Path(json.loads(body)["model_file"]))

    def do_POST(self) -> None:
        text = json.loads(self._body())["text"]
        if self._is_allowed():
            self._answer(text)

    def log_message(self, *_: object) -> None:
        """Nothing: tests are quiet."""

    def _load(self, model: Path) -> None:
        if model.exists():
            self.server.model = str(model)
            self._send({})
        else:
            self._send({"status": "failure"}, status=400)

    def _answer(self, text: str) -> None:
        manner = self.server.manner
        if manner in WRONG_SHAPES:
            self._send(WRONG_SHAPES[manner])
        elif manner == "error_500":
            self._send({"status": "failure"}, status=500)
        elif manner == "not_json":
            self._send_bytes(b"<html>busy</html>")
        elif manner in {"hangs_after_headers", "drips"}:
            self._send_endlessly(drip=manner == "drips")
        else:
            time.sleep({"slow": SLOW_SECONDS, "hangs": HANG_SECONDS}.get(manner, 0.0))
            self._send({**ANSWER, "text": text})

    def _send_endlessly(self, *, drip: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        deadline = time.monotonic() + HANG_SECONDS
        try:
            while time.monotonic() < deadline:
                if drip:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            self.close_connection = True

    def _send(self, answer: object, status: int = 200) -> None:
        self._send_bytes(json.dumps(answer).encode(), status)

    def _send_bytes(self, content: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

    def _is_allowed(self) -> bool:
        said = parse_qs(urlsplit(self.path).query).get("token", [""])
        if said[0] != self.server.token:
            self._send({"status": "failure"}, status=401)
            return False
        return True


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", default="")
    parser.add_argument("--model", default="fake.tar.gz")
    parser.add_argument("--manner", default="good")
    options = parser.parse_args()
    FakeRasa(options.port, options.token, options.model, options.manner).serve_forever(0.02)


if __name__ == "__main__":
    main()
