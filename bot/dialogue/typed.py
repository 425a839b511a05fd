"""Words that mean a button: its label, its number, a part of its label, or a command."""

from dataclasses import replace

from bot.channels.base import ChannelCapabilities
from bot.dialogue.phrases import plain
from bot.dialogue.routes import COMMANDS
from bot.dialogue.session import Session, Step
from bot.messages import Choice, IncomingMessage

CHOOSING_STEPS = frozenset({Step.CLARIFY_TOPIC, Step.CHOOSE_CASE})
FREE_TEXT_STEPS = frozenset({Step.ASK_PLACE, Step.ASK_EDIT, Step.ASK_MATTER, Step.ASK_NOTE})
"""Steps at which a lone digit may be an answer («3» is a building) and not a choice."""


def typed_as_choice(
    message: IncomingMessage, session: Session, capabilities: ChannelCapabilities
) -> IncomingMessage:
    """A button's words or number, typed, mean the button; a command means its choice."""
    typed = plain(message.text)
    if message.choice or not typed:
        return message
    command = message.text.strip().split()[0].split("@")[0].lower()
    if command in COMMANDS:
        return replace(message, choice=COMMANDS[command], text="")
    chosen = _option_typed(typed, session, capabilities)
    return replace(message, choice=chosen.payload, text="") if chosen else message


def _option_typed(typed: str, session: Session, capabilities: ChannelCapabilities) -> Choice | None:
    by_label = next((one for one in session.options if plain(one.label) == typed), None)
    if by_label or not typed.isdecimal():
        return by_label or _option_meant(typed, session)
    if session.step in FREE_TEXT_STEPS and capabilities.buttons:
        return None
    number = int(typed[:3])
    return session.options[number - 1] if 0 < number <= len(session.options) else None


def _option_meant(typed: str, session: Session) -> Choice | None:
    """The one option whose label holds the words, where a choice was asked for («地面的»)."""
    words = typed.removeprefix("那个").removesuffix("吧").removesuffix("的")
    if session.step not in CHOOSING_STEPS or len(words) < 2:
        return None
    meant = [one for one in session.options if words in plain(one.label)]
    return meant[0] if len(meant) == 1 else None
