"""Passes on to the knowledge room what residents asked, without who asked it."""

from collections.abc import Callable

from sqlmodel import Session

from bot.dialogue.turn import Note, QuestionAsked


def note_turn(open_session: Callable[[], Session], note: Note) -> None:
    """Keep the question or the verdict of one turn for the curators."""
