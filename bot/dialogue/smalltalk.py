"""Greetings, thanks, blanks, and what was not understood."""

from dataclasses import replace

from bot.dialogue.belonging import belonging, latest_open
from bot.dialogue.drafting import words_of
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from bot.messages import Choice

UNCLEAR_IN_A_ROW = 2


def main_choices(scene: Scene) -> tuple[Choice, ...]:
    """What a resident can begin with."""
    return (
        scene.choice("ask", "label.ask"),
        scene.choice("new", "label.report"),
        scene.choice("my", "label.my"),
        scene.choice("human", "label.human"),
    )


def hello(session: Session, scene: Scene, _: str = "") -> Turn:
    """A greeting, longer the first time."""
    key = "hello.again" if session.turns else "hello"
    return turn(session, scene.say(key, *main_choices(scene)))


def start(session: Session, scene: Scene, _: str = "") -> Turn:
    """/start: the whole greeting."""
    return turn(session, scene.say("hello", *main_choices(scene)))


def help_with(session: Session, scene: Scene, _: str = "") -> Turn:
    """/help."""
    return turn(session, scene.say("help", *main_choices(scene)))


def thanks(session: Session, scene: Scene) -> Turn:
    """«谢谢»."""
    return turn(session, scene.say("thanks"))


def affirm_at_rest(session: Session, scene: Scene) -> Turn:
    """«好的» to nothing in particular."""
    return turn(session, scene.say("affirm.idle"))


def deny_at_rest(session: Session, scene: Scene) -> Turn:
    """«不用了» to nothing in particular."""
    return turn(session, scene.say("deny.idle"))


def nothing_to_cancel(session: Session, scene: Scene) -> Turn:
    """«取消» with nothing under way."""
    return turn(session, scene.say("cancel.idle"))


def out_of_scope(session: Session, scene: Scene) -> Turn:
    """Something that is not ours."""
    return turn(session, scene.say("out_of_scope", *main_choices(scene)))


def ask_back(session: Session, scene: Scene) -> Turn:
    """Not understood: one short question with three choices, then the offer of a person."""
    unclear = session.unclear + 1
    pending = replace(session, unclear=unclear, pending_text=words_of(scene.insight.reading))
    asking = pending.at_step(Step.CLARIFY_INTENT)
    if unclear >= UNCLEAR_IN_A_ROW:
        return turn(asking, scene.say("unclear.again", *meanings(scene)))
    case = latest_open(scene)
    if case is None:
        return turn(asking, scene.say("unclear", *meanings(scene)))
    ask, _, person = meanings(scene)
    choices = (*belonging(scene, case), ask, person)
    return turn(asking, scene.say("unclear.filed", *choices, title=case.title))


def meanings(scene: Scene) -> tuple[Choice, ...]:
    """The two things that words about a matter can be, and a person."""
    return (
        scene.choice("meant.ask", "label.ask"),
        scene.choice("meant.report", "label.report"),
        scene.choice("human", "label.human"),
    )
