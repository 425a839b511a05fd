"""A channel that answers nothing: it keeps Rasa from opening its own REST webhook."""

from collections.abc import Awaitable, Callable

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint


class ClosedChannel(InputChannel):
    """Has no routes; messages reach this server through /model/parse only."""

    @classmethod
    def name(cls) -> str:
        """Part of the address, under which there is nothing."""
        return "closed"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        """A blueprint without routes."""
        return Blueprint("closed")
