"""Small servers of WeChat and WeCom on loopback, and the platforms' side of our webhooks.

Calls are signed and encrypted here on their own, as the platforms' documents say, so that a
mistake in ``bot/channels/wechat_envelope.py`` can't hide.
"""

import base64
import hashlib
import json
import os
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

APP_ID, APP_SECRET = "wx0123456789abcdef", "the-secret-of-the-account"
TOKEN, AES_KEY = "tokenoftests", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
RESIDENT = "oABCDresident0001"

Json = dict[str, Any]


@dataclass
class Platform:
    """What WeChat or WeCom does when it calls us."""

    token: str = TOKEN
    aes_key: str = AES_KEY
    receiver: str = APP_ID
    now: int = 1_795_000_000

    def encrypt(self, plain: bytes, receiver: str | None = None) -> str:
        key = base64.b64decode(self.aes_key + "=")
        body = os.urandom(16) + struct.pack(">I", len(plain)) + plain
        body += (receiver or self.receiver).encode()
        padding = 32 - len(body) % 32
        body += bytes([padding]) * padding
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()

    def sign(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted((self.token, *parts))).encode()).hexdigest()

    def query(self, cipher_text: str, *, timestamp: int | None = None) -> dict[str, str]:
        moment = str(timestamp or self.now)
        return {
            "timestamp": moment,
            "nonce": "1372623149",
            "encrypt_type": "aes",
            "msg_signature": self.sign(moment, "1372623149", cipher_text),
        }

    def call(self, xml: str, **changes: Any) -> tuple[dict[str, str], bytes]:
        """Query and body of one call that brings ``xml``."""
        cipher_text = self.encrypt(xml.encode(), changes.pop("receiver", None))
        body = (
            f"<xml><ToUserName><![CDATA[{self.receiver}]]></ToUserName>"
            f"<Encrypt><![CDATA[{cipher_text}]]></Encrypt></xml>"
        )
        return self.query(cipher_text, **changes), body.encode()


_ids = count(23_456_789_012_345_678)


def update_xml(
    kind: str, *, sender: str = RESIDENT, created: int = 1_795_000_000, **fields: Any
) -> str:
    """The XML of one message or event."""
    if kind != "event":
        fields.setdefault("MsgId", next(_ids))
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inner}</xml>"
    )


@dataclass
class PlatformServer:
    """Answers like api.weixin.qq.com and qyapi.weixin.qq.com.

    Attributes:
        sent: Bodies of all messages that were taken.
        refusals: Error numbers for the next sends, in order.
        window_open: Whether customer-service messages are taken.
    """

    sent: list[Json] = field(default_factory=list)
    templates: list[Json] = field(default_factory=list)
    menus: list[Json] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    window_open: bool = True
    good_secret: bool = True
    tokens_given: int = 0
    down: bool = False

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def token(self) -> str:
        return f"access-{self.tokens_given}"

    def revoke_token(self) -> None:
        self.tokens_given += 1

    def shown(self) -> str:
        """All words that the resident sees."""
        return "\n".join(words for body in self.sent for words in _words(body))

    def answer(self, path: str, query: dict[str, str], body: Json) -> Json | bytes:
        if path in ("/cgi-bin/stable_token", "/cgi-bin/gettoken"):
            return self._give_token(query, body)
        if query.get("access_token") != self.token:
            return {"errcode": 40014, "errmsg": "invalid access_token"}
        return _ANSWERS[path](self, query, body)

    def _give_token(self, query: dict[str, str], body: Json) -> Json:
        secret = body.get("secret") or query.get("corpsecret")
        if not self.good_secret or secret != APP_SECRET:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        self.tokens_given = max(self.tokens_given, 1)
        return {"access_token": self.token, "expires_in": 7200}

    def take_message(self, _: dict[str, str], body: Json) -> Json:
        if self.refusals:
            number = self.refusals.pop(0)
            return {"errcode": number, "errmsg": "refused"}
        if not self.window_open:
            return {"errcode": 45015, "errmsg": "response out of time limit"}
        content = body.get("text", {}).get("content", "")
        if len(content.encode()) > 2048:
            return {"errcode": 45002, "errmsg": "content size out of limit"}
        self.sent.append(body)
        return {"errcode": 0, "errmsg": "ok", "msgid": f"m{len(self.sent)}"}

    def take_template(self, _: dict[str, str], body: Json) -> Json:
        self.templates.append(body)
        return {"errcode": 0, "errmsg": "ok", "msgid": len(self.templates)}

    def take_menu(self, _: dict[str, str], body: Json) -> Json:
        self.menus.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    def give_media(self, query: dict[str, str], _: Json) -> Json | bytes:
        content = self.media.get(query["media_id"])
        return content or {"errcode": 40007, "errmsg": "invalid media_id"}


_ANSWERS: dict[str, Callable[[PlatformServer, dict[str, str], Json], Json | bytes]] = {
    "/cgi-bin/message/custom/send": PlatformServer.take_message,
    "/cgi-bin/message/send": PlatformServer.take_message,
    "/cgi-bin/message/template/send": PlatformServer.take_template,
    "/cgi-bin/menu/create": PlatformServer.take_menu,
    "/cgi-bin/media/get": PlatformServer.give_media,
}


def _words(body: Json) -> list[str]:
    card = body.get("template_card", {})
    menu = body.get("msgmenu", {})
    return [
        body.get("text", {}).get("content", ""),
        menu.get("head_content", ""),
        *(item["content"] for item in menu.get("list", [])),
        card.get("sub_title_text", ""),
        *(button["text"] for button in card.get("button_list", [])),
    ]


def _handler_for(server: PlatformServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            self._answer(json.loads(content or b"{}"))

        def _answer(self, body: Json) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            if server.down:
                self._send(502, b"<html>bad gateway</html>", "text/html")
                return
            said = server.answer(address.path, query, body)
            if isinstance(said, bytes):
                self._send(200, said, "image/jpeg")
            else:
                self._send(200, json.dumps(said).encode(), "text/plain")

        def _send(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
