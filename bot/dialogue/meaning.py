"""Answers to our own question what was meant, and the button that leaves a question open."""

from dataclasses import replace

from bot.dialogue.consultation import consult
from bot.dialogue.editing import take_edit
from bot.dialogue.filing import skip_question, start_filing
from bot.dialogue.rating import skip_comment
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, turn


def meant_to_ask(session: Session, scene: Scene, _: str = "") -> Turn:
    """The words from before were a question."""
    if not session.pending_text:
        return turn(session.at_rest(), scene.say("consult.ask"))
    return consult(session.at_rest(), scene)


def meant_to_report(session: Session, scene: Scene, _: str = "") -> Turn:
    """The words from before were a matter to file."""
    if not session.pending_text:
        return turn(session, scene.say("stale_choice"))
    return start_filing(session.at_rest(), scene, kind="help")


def take_meaning(session: Session, scene: Scene) -> Turn:
    """Typed words while we ask what was meant: they are read together with those from before."""
    return scene.begin(replace(session, step=Step.IDLE), scene)


def skip(session: Session, scene: Scene, _: str = "") -> Turn:
    """«跳过»."""
    if session.step is Step.ASK_COMMENT:
        return skip_comment(session, scene)
    if session.step is Step.ASK_EDIT:
        return take_edit(session, scene)
    return skip_question(session, scene)
