"""A small Bot API server on loopback, strict where Telegram is strict.

Tests talk to residents' side of it (``push_text``, ``sent_messages``); the real
python-telegram-bot talks to the other.
"""

import html
import itertools
import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "123456789:TEST-token_that-is-long-enough-0001"
BOT_ID = 123456789
BOT_NAME = "huiyin_test_bot"
CLOCK = 1_795_000_000
"""Seconds since 1970 of the first update; each further one is a second later."""

_TAG = re.compile(r"</?(b|i|u|s|code|pre|blockquote|a)( [^<>]*)?>")
_OPEN_OR_CLOSE = re.compile(r"<(/?)(\w+)[^<>]*>")

Json = dict[str, Any]


@dataclass
class Refusal(Exception):
    """An answer other than 200."""

    status: int
    description: str
    parameters: Json = field(default_factory=dict)
    times: int = 1
    after: int = 0

    def body(self) -> Json:
        """The answer as Telegram words it."""
        answer = {"ok": False, "error_code": self.status, "description": self.description}
        return {**answer, **({"parameters": self.parameters} if self.parameters else {})}


@dataclass
class SentMessage:
    """A message as the resident's app shows it; ``html`` and ``keyboard`` change by edits."""

    chat_id: int
    message_id: int
    html: str
    keyboard: list[list[Json]]
    sent_at: float
    edits: int = 0

    @property
    def text(self) -> str:
        """The visible text."""
        return html.unescape(_TAG.sub("", self.html))

    @property
    def all_words(self) -> str:
        """Text, labels of buttons and the addresses that they open."""
        labels = [f"{one['text']} {one.get('url', '')}" for one in self.buttons]
        return "\n".join([self.text, *labels])

    @property
    def buttons(self) -> list[Json]:
        """All buttons in reading order."""
        return [button for row in self.keyboard for button in row]

    def button(self, label: str) -> str:
        """The payload of the button ``label``."""
        return next(one["callback_data"] for one in self.buttons if one["text"] == label)


class TelegramServer:
    """Start it with ``with TelegramServer() as server``; it listens on a free port."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._round = 0
        self.reset()
        self._ids = {name: itertools.count(first) for name, first in _FIRST_IDS.items()}
        self._server = _Server(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def reset(self) -> None:
        """Forget everything, as a new server would; polls under way end with nothing."""
        with self._changed:
            self.token = TOKEN
            self.calls: list[tuple[str, Json]] = []
            self.answered_taps: list[str] = []
            self.commands: dict[str, list[Json]] = {}
            self.files: dict[str, bytes] = {}
            self.webhook_deleted = False
            self._updates: dict[int, Json] = {}
            self._again: list[Json] = []
            self._sent: dict[int, SentMessage] = {}
            self._in_chat: defaultdict[int, list[SentMessage]] = defaultdict(list)
            self._blocked: set[int] = set()
            self._missing: set[int] = set()
            self._refusals: dict[str, list[Refusal]] = {}
            self._instead: dict[str, Callable[[Json], Any]] = {}
            self._down = False
            self._round += 1
            self._changed.notify_all()

    # For tests: the server itself

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_down()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        """Root of the server, as HUIYIN_TELEGRAM_BASE_URL takes it."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def go_down(self) -> None:
        """Drop every connection without an answer."""
        with self._changed:
            self._down = True
            self._changed.notify_all()

    def come_back(self) -> None:
        """Answer again."""
        with self._changed:
            self._down = False

    def fail_next(
        self,
        method: str,
        status: int = 400,
        description: str = "Bad Request",
        *,
        retry_after: int | None = None,
        migrate_to: int | None = None,
        times: int = 1,
        after: int = 0,
    ) -> None:
        """Refuse the next ``times`` calls of ``method`` after letting ``after`` through.

        ``file`` is the method of downloads.
        """
        wanted = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to}
        parameters = {name: value for name, value in wanted.items() if value is not None}
        refusal = Refusal(status, description, parameters, times, after)
        with self._changed:
            self._refusals.setdefault(method, []).append(refusal)

    def answer_instead(self, method: str, answer: Callable[[Json], Any]) -> None:
        """Answer ``method`` by a function of its arguments; bytes are sent as they are."""
        self._instead[method] = answer

    # For tests: what residents do

    def push(self, **content: Any) -> int:
        """Add an update with raw content; its id."""
        with self._changed:
            update_id = next(self._ids["update"])
            self._updates[update_id] = {"update_id": update_id, **content}
            self._changed.notify_all()
            return update_id

    def update(self, update_id: int) -> Json:
        """An update as it is brought to a webhook."""
        return self._updates[update_id]

    def push_message(self, chat_id: int, *, kind: str = "message", **content: Any) -> int:
        """Add a message with raw content (``text=…``, ``photo=[…]``, …)."""
        return self.push(**{kind: self._message(chat_id, **content)})

    def push_text(self, chat_id: int, text: str, **content: Any) -> int:
        """The resident writes; commands get their entity as Telegram adds it."""
        entities = _command_entities(text)
        return self.push_message(chat_id, text=text, **({"entities": entities} | content))

    def push_photo(
        self, chat_id: int, content: bytes = b"\xff\xd8photo", *, caption: str = "", **more: Any
    ) -> int:
        """The resident sends a photo in three sizes; the largest is ``content``."""
        sizes = [
            self._photo_size(content[: max(1, len(content) * share // 4)], width)
            for share, width in ((1, 90), (2, 320), (4, 1280))
        ]
        words = {"caption": caption} if caption else {}
        return self.push_message(chat_id, photo=sizes, **words, **more)

    def push_file(self, chat_id: int, kind: str, content: bytes, **about: Any) -> int:
        """The resident sends a ``voice``, ``audio``, ``video``, ``document``, …"""
        file = {**self._file(content), **_REQUIRED_OF_FILES.get(kind, {}), **about}
        return self.push_message(chat_id, **{kind: file})

    def push_tap(
        self, chat_id: int, message_id: int, data: str, *, tap_id: str = "", by: int | None = None
    ) -> int:
        """The resident taps a button of a message sent before; in a group it is ``by`` somebody."""
        shown = self._sent.get(message_id)
        message = self._message(chat_id, text=shown.text if shown else "?")
        message |= {"message_id": message_id, "from": _BOT}
        if by is not None:
            message["chat"] = {"id": chat_id, "type": "supergroup", "title": "工作群"}
        if shown and shown.keyboard:
            message["reply_markup"] = {"inline_keyboard": shown.keyboard}
        query = {
            "id": tap_id or f"tap{next(self._ids['tap'])}",
            "from": _person(chat_id if by is None else by),
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return self.push(callback_query=query)

    def push_same_update_again(self, update_id: int | None = None) -> None:
        """Send an update once more, as if its offset had never been confirmed."""
        with self._changed:
            known = update_id if update_id is not None else max(self._updates)
            self._again.append(self._updates[known])
            self._changed.notify_all()

    def block(self, chat_id: int, *, tell: bool = True) -> None:
        """The resident blocks the bot."""
        self._blocked.add(chat_id)
        if tell:
            self.push(my_chat_member=_membership(chat_id, "member", "kicked"))

    def unblock(self, chat_id: int) -> None:
        """The resident takes the bot back."""
        self._blocked.discard(chat_id)
        self.push(my_chat_member=_membership(chat_id, "kicked", "member"))

    def lose_chat(self, chat_id: int) -> None:
        """The chat is not found any more."""
        self._missing.add(chat_id)

    # For tests: what residents see

    def sent_messages(self, chat_id: int) -> list[SentMessage]:
        """The messages in a chat as they read now, oldest first."""
        with self._changed:
            return list(self._in_chat[chat_id])

    def wait_until(self, met: Callable[[], object], seconds: float = 5) -> bool:
        """Whether ``met`` comes true in time."""
        end = time.monotonic() + seconds
        while not met():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def wait_for_messages(
        self, chat_id: int, count: int = 1, seconds: float = 5
    ) -> list[SentMessage]:
        """The messages in a chat once there are ``count``; fewer when time runs out."""
        self.wait_until(lambda: len(self.sent_messages(chat_id)) >= count, seconds)
        return self.sent_messages(chat_id)

    def called(self, method: str) -> list[Json]:
        """The arguments of each call of ``method``."""
        with self._changed:
            return [arguments for name, arguments in self.calls if name == method]

    @property
    def confirmed_up_to(self) -> int:
        """The highest offset asked for: everything below is forgotten by Telegram."""
        return max((int(one.get("offset", 0)) for one in self.called("getUpdates")), default=0)

    # For the bot

    def answer(self, token: str, method: str, arguments: Json) -> Any:
        """The result of a call.

        Raises:
            Refusal: The call is refused.
        """
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        with self._changed:
            self.calls.append((method, arguments))
        self._refuse_if_told(method)
        if method in self._instead:
            return self._instead[method](arguments)
        answering = getattr(self, f"_answer_{method}", None)
        if answering is None:
            raise Refusal(404, "Not Found")
        return answering(**arguments)

    def file(self, token: str, path: str) -> bytes:
        """The content of a file."""
        self._refuse_if_told("file")
        if token != self.token or path not in self.files:
            raise Refusal(404, "Not Found")
        return self.files[path]

    @property
    def is_down(self) -> bool:
        """Whether connections are to be dropped."""
        return self._down

    def _refuse_if_told(self, method: str) -> None:
        with self._changed:
            waiting = self._refusals.get(method, [])
            if not waiting:
                return
            refusal = waiting[0]
            if refusal.after > 0:
                refusal.after -= 1
                return
            refusal.times -= 1
            if refusal.times <= 0:
                waiting.pop(0)
        raise refusal

    def _answer_getMe(self) -> Json:  # noqa: N802
        return _BOT

    def _answer_deleteWebhook(self, **_: Any) -> bool:  # noqa: N802
        self.webhook_deleted = True
        return True

    def _answer_setMyCommands(self, commands: list[Json], language_code: str = "") -> bool:  # noqa: N802
        self.commands[language_code] = commands
        return True

    def _answer_getUpdates(  # noqa: N802
        self, offset: int = 0, timeout: int = 0, limit: int = 100, **_: Any
    ) -> list[Json]:
        with self._changed:
            begun = self._round
            self._changed.wait_for(lambda: self._wakes(begun, offset), timeout)
            if self._round != begun:
                return []
            waiting = self._waiting(offset)[:limit]
            self._again = []
            return waiting

    def _wakes(self, begun: int, offset: int) -> bool:
        return self._down or self._round != begun or bool(self._waiting(offset))

    def _waiting(self, offset: int) -> list[Json]:
        newer = [update for number, update in self._updates.items() if number >= offset]
        return [*self._again, *newer]

    def _answer_sendMessage(  # noqa: N802
        self, chat_id: int, text: str, parse_mode: str = "", reply_markup: Any = None, **_: Any
    ) -> Json:
        chat_id = int(chat_id)
        self._check_chat(chat_id)
        keyboard = _checked(text, parse_mode, reply_markup)
        with self._changed:
            number = next(self._ids["message"])
            sent = SentMessage(chat_id, number, text, keyboard, time.monotonic())
            self._sent[number] = sent
            self._in_chat[chat_id].append(sent)
            self._changed.notify_all()
        return self._shown(sent)

    def _answer_editMessageText(  # noqa: N802
        self,
        chat_id: int,
        message_id: int,
        text: str,
        parse_mode: str = "",
        reply_markup: Any = None,
        **_: Any,
    ) -> Json:
        self._check_chat(int(chat_id))
        keyboard = _checked(text, parse_mode, reply_markup)
        sent = self._sent.get(message_id)
        if sent is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if (sent.html, sent.keyboard) == (text, keyboard):
            raise Refusal(400, "Bad Request: message is not modified: specified new message …")
        sent.html, sent.keyboard, sent.edits = text, keyboard, sent.edits + 1
        return self._shown(sent)

    def _answer_answerCallbackQuery(self, callback_query_id: str, **_: Any) -> bool:  # noqa: N802
        self.answered_taps.append(callback_query_id)
        return True

    def _answer_getFile(self, file_id: str) -> Json:  # noqa: N802
        if file_id not in self.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[file_id])
        return {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_size": size,
            "file_path": file_id,
        }

    def _check_chat(self, chat_id: int) -> None:
        if chat_id in self._missing:
            raise Refusal(400, "Bad Request: chat not found")
        if chat_id in self._blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")

    def _shown(self, sent: SentMessage) -> Json:
        about = {"message_id": sent.message_id, "from": _BOT, "text": sent.text}
        return self._message(sent.chat_id, **about)

    def _message(self, chat_id: int, **content: Any) -> Json:
        number = next(self._ids["message"]) if "message_id" not in content else 0
        usual = {
            "message_id": number,
            "date": CLOCK + number,
            "chat": {"id": chat_id, "type": "private", "first_name": "居民"},
            "from": _person(chat_id),
        }
        return usual | content

    def _file(self, content: bytes) -> Json:
        path = f"file{next(self._ids['file'])}"
        self.files[path] = content
        return {"file_id": path, "file_unique_id": path, "file_size": len(content)}

    def _photo_size(self, content: bytes, width: int) -> Json:
        return {**self._file(content), "width": width, "height": width}


_FIRST_IDS = {"update": 700_001, "message": 1, "tap": 1, "file": 1}
_BOT = {"id": BOT_ID, "is_bot": True, "first_name": "回音", "username": BOT_NAME}
_REQUIRED_OF_FILES: dict[str, Json] = {
    "voice": {"duration": 3, "mime_type": "audio/ogg"},
    "audio": {"duration": 3, "mime_type": "audio/mpeg"},
    "video": {"duration": 3, "width": 320, "height": 240, "mime_type": "video/mp4"},
    "video_note": {"duration": 3, "length": 240},
    "animation": {"duration": 3, "width": 320, "height": 240},
    "sticker": {
        "type": "regular",
        "width": 9,
        "height": 9,
        "is_animated": False,
        "is_video": False,
    },
}


def _person(number: int) -> Json:
    return {"id": number, "is_bot": False, "first_name": "居民", "language_code": "zh-hans"}


def _membership(chat_id: int, old: str, new: str) -> Json:
    return {
        "chat": {"id": chat_id, "type": "private"},
        "from": _person(chat_id),
        "date": CLOCK,
        "old_chat_member": {"user": _BOT, "status": old, "until_date": 0},
        "new_chat_member": {"user": _BOT, "status": new, "until_date": 0},
    }


def _command_entities(text: str) -> list[Json]:
    command = re.match(r"/\w+(@\w+)?", text)
    return [{"type": "bot_command", "offset": 0, "length": command.end()}] if command else []


def _checked(text: str, parse_mode: str, reply_markup: Any) -> list[list[Json]]:
    """The keyboard, after the checks that Telegram makes of a message."""
    plain = text
    if parse_mode == "HTML":
        _check_html(text)
        plain = html.unescape(_TAG.sub("", text))
    if not plain.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(plain.encode("utf-16-le")) // 2 > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    keyboard: list[list[Json]] = (reply_markup or {}).get("inline_keyboard", [])
    for button in (button for row in keyboard for button in row):
        _check_button(button)
    return keyboard


def _check_html(text: str) -> None:
    if re.search(r"[<>]", _TAG.sub("", text)) or re.search(r"&(?!(lt|gt|amp|quot|#)\b)", text):
        raise Refusal(400, "Bad Request: can't parse entities")
    opened: list[str] = []
    for closing, name in _OPEN_OR_CLOSE.findall(text):
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise Refusal(400, "Bad Request: can't parse entities: unmatched end tag")
    if opened:
        raise Refusal(400, "Bad Request: can't parse entities: can't find end tag")


def _check_button(button: Json) -> None:
    if not button["text"]:
        raise Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
    if "url" in button:
        if "." not in (urlsplit(button["url"]).hostname or ""):
            raise Refusal(400, "Bad Request: inline keyboard button URL is invalid")
    elif not 0 < len(button.get("callback_data", "").encode()) <= 64:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A dropped connection is part of the tests, not news."""


def _handler_for(server: TelegramServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            _, token, method = self.path.split("/", 2)
            arguments = {name: _value(name, values[0]) for name, values in body.items()}
            self._respond(lambda: server.answer(token.removeprefix("bot"), method, arguments))

        def do_GET(self) -> None:
            _, _, token, path = self.path.split("/", 3)
            self._respond(lambda: server.file(token.removeprefix("bot"), path))

        def _respond(self, answering: Callable[[], Any]) -> None:
            try:
                status, result = 200, None if server.is_down else answering()
            except Refusal as refusal:
                status, result = refusal.status, refusal
            if server.is_down:
                self.close_connection = True
                return
            self._write(status, _encoded(result))

        def _write(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Keep test output quiet."""

    return Handler


def _value(name: str, text: str) -> Any:
    """Form values are JSON except for strings, which come bare."""
    if name in ("text", "file_id", "callback_query_id", "parse_mode", "language_code"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _encoded(result: Any) -> bytes:
    if isinstance(result, bytes):
        return result
    answer = result.body() if isinstance(result, Refusal) else {"ok": True, "result": result}
    return json.dumps(answer).encode()
