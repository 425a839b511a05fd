"""A browser for the tests of the web chat: it follows plain forms."""

import re
from typing import Any

from fastapi.testclient import TestClient

MAX_BYTES = 1024 * 1024


class Browser:
    """A browser that follows forms; without a script unless told otherwise."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page = ""
        self.last = "0-0"

    def open(self, path: str = "/") -> str:
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        self.page = response.text
        return self.page

    @property
    def csrf(self) -> str:
        return re.findall(r'name="csrf" value="([^"]+)"', self.page)[0]

    @property
    def client_id(self) -> str:
        return re.findall(r'name="client_id" value="([^"]+)"', self.page)[-1]

    def fields(self, **more: Any) -> dict[str, Any]:
        return {"csrf": self.csrf, "client_id": self.client_id, **more}

    def send(self, **fields: Any) -> str:
        """A plain form and the page after it."""
        response = self.client.post("/chat", data=self.fields(**fields), follow_redirects=False)
        assert response.status_code == 303, response.text
        assert response.headers["location"] == "/"
        return self.open()

    def post(self, files: Any = None, **fields: Any) -> Any:
        """What the script sends."""
        return self.client.post(
            "/api/v1/chat/messages", data={**self.fields(), **fields}, files=files
        )

    def button(self, label: str) -> str:
        """The payload of a button on the page."""
        found = re.findall(r'name="choice" value="([^"]+)">([^<]+)', self.page)
        return next(payload for payload, words in reversed(found) if words.strip() == label)
