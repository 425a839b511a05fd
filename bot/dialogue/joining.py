"""Neighbours' cases about the same thing: one may stand behind them instead of filing."""

from dataclasses import replace

from bot.dialogue.confirming import after_form, show_card
from bot.dialogue.desk import AlreadyBehind, NotNow
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from nlu.understanding import Intent


def offer_join(session: Session, scene: Scene) -> Turn | None:
    """Offer to stand behind a neighbour's case; None when there is none like it."""
    form = session.form
    assert form is not None
    similar = None if form.similar_seen else scene.desk.similar(form)
    if similar is None:
        return None
    offered = session.at_step(Step.OFFER_JOIN, case_id=similar.case_id)
    question = scene.say(
        "filing.similar" if similar.supporters else "filing.similar_few",
        scene.choice(f"join:{similar.case_id}", "label.join"),
        scene.choice(f"own:{form.key}", "label.own"),
        count=similar.supporters,
        where=similar.where,
        what=similar.what,
        day=scene.book.day(similar.opened_at),
    )
    return turn(replace(offered, form=replace(form, similar_seen=True)), question)


def join(session: Session, scene: Scene, case_id: str) -> Turn:
    """Stand behind the neighbours' case that was offered."""
    form = session.form
    if form is None or str(session.case_id) != case_id:
        return turn(session, scene.say("stale_choice"))
    try:
        filed = scene.desk.join(int(case_id), scene.desk.with_linked_contact(form))
    except AlreadyBehind as known:
        reply = scene.say("case.already_joined", number=known.number)
        return after_form(session.at_rest(petition=known.number), scene, reply)
    except NotNow:
        return show_card(session, scene)
    key = "case.joined" if filed.supporters else "case.joined_few"
    reply = scene.say(key, number=filed.number, code=filed.code, count=filed.supporters)
    return after_form(session.with_filing(form.key, filed.number).at_rest(), scene, reply)


def file_own(session: Session, scene: Scene, key: str) -> Turn:
    """The resident wants an own petition although neighbours have one."""
    if session.form is None or session.form.key != key:
        return turn(session, scene.say("stale_choice"))
    return show_card(session, scene)


def take_offer(session: Session, scene: Scene) -> Turn:
    """Typed words while a neighbours' case is offered."""
    if scene.insight.intent in (Intent.AFFIRM, Intent.JOIN):
        return join(session, scene, str(session.case_id))
    return show_card(session, scene)
