"""Coming back to a form that was left."""

from dataclasses import replace

from bot.dialogue.confirming import after_form
from bot.dialogue.filing import continue_form
from bot.dialogue.phrases import CANCEL, plain
from bot.dialogue.session import Session
from bot.dialogue.turn import Scene, Turn, turn
from nlu.understanding import Intent


def resume(session: Session, scene: Scene, _: str = "") -> Turn:
    """Go on where the form was left."""
    if session.form is None and session.parked is None:
        return turn(session, scene.say("stale_choice"))
    form = session.form or session.parked
    return continue_form(replace(session, form=form, parked=None), scene)


def discard(session: Session, scene: Scene, _: str = "") -> Turn:
    """Drop the form from before."""
    return after_form(session.at_rest(parked=None), scene, scene.say("filing.discarded"))


def take_resume(session: Session, scene: Scene) -> Turn:
    """Typed words while a form from before is offered."""
    if scene.insight.intent in (Intent.DENY, Intent.CANCEL) or CANCEL.match(plain(scene.text)):
        return discard(session, scene)
    return resume(session, scene)
