"""A channel without routes, so that the server has no open webhook."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint


class ClosedChannel(InputChannel):
    """Takes no messages: residents are heard in bot/, Rasa only understands."""

    @classmethod
    def name(cls) -> str:
        """Name in the URL, were there one."""
        return "closed"

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """A blueprint with nothing in it."""
        return Blueprint("closed_webhook", __name__)
