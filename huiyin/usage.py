"""Passes on to the knowledge room what residents asked and whether it helped, without names."""

from collections.abc import Callable

from sqlmodel import Session

from bot.dialogue.turn import Note, QuestionAsked
from knowledge.questions import record_question, record_rating


def note_turn(open_session: Callable[[], Session], note: Note) -> None:
    """Keep the question or the verdict of one turn for the curators."""
    if isinstance(note, QuestionAsked):
        record_question(open_session, note.question, note.answer, resident=note.resident)
    else:
        record_rating(
            open_session, resident=note.resident, question=note.question, useful=note.useful
        )
