"""The end of a form: show the card, file once, drop it, and go on with what waits."""

from dataclasses import replace

from bot.dialogue.card import card_message, form_title
from bot.dialogue.desk import Filed
from bot.dialogue.drafting import title_of, words_of
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from bot.messages import OutgoingMessage
from petitions.errors import InvalidDraft


def show_card(session: Session, scene: Scene, *, changed: bool = False) -> Turn:
    """Show what would be filed."""
    form = session.form
    assert form is not None
    form = scene.desk.with_linked_contact(form)
    key = "filing.card_changed" if changed else "filing.card"
    return turn(session.at_step(Step.CARD, form=form), card_message(form, scene, key))


def confirm(session: Session, scene: Scene, key: str) -> Turn:
    """File the form ``key``: once, however often it is asked for."""
    number = session.number_filed(key)
    if number:
        return turn(session, scene.say("filing.filed_already", number=number))
    if session.form is None or session.form.key != key:
        return turn(session, scene.say("stale_choice"))
    form = scene.desk.with_linked_contact(session.form)
    try:
        filed = scene.desk.file(form)
    except InvalidDraft:
        again = session.at_step(Step.ASK_MATTER, form=replace(form, matter=""))
        return turn(again, scene.say("filing.refused"))
    done = session.with_filing(form.key, filed.number).at_rest()
    return after_form(done, scene, filed_message(filed, scene, slot=f"card:{key}"))


def filed_message(filed: Filed, scene: Scene, *, slot: str | None = None) -> OutgoingMessage:
    """Number, receipt code, and what happens next and by when."""
    if filed.again:
        return scene.say("filing.filed_already", number=filed.number)
    said = scene.say(
        "filing.filed", number=filed.number, code=filed.code, next=what_is_next(filed, scene)
    )
    page = scene.track_address
    link = scene.link(page, "label.track_page") if page else None
    return replace(said, slot=slot, link=link)


def what_is_next(filed: Filed, scene: Scene) -> str:
    """Who handles it and by when there will be an answer."""
    who = "unit" if filed.unit else "committee"
    due = scene.book.moment(filed.due_at) if filed.due_at else ""
    return scene.book.say(f"filing.next_{who}{'' if due else '_no_due'}", unit=filed.unit, due=due)


def cancel(session: Session, scene: Scene, key: str = "") -> Turn:
    """Drop the form; once it is filed, say so instead."""
    number = session.number_filed(key)
    if number:
        return turn(session, scene.say("filing.filed_already", number=number))
    if session.form is None or (key and session.form.key != key):
        return turn(session, scene.say("cancel.idle"))
    return after_form(session.at_rest(), scene, scene.say("filing.cancelled"))


def after_form(session: Session, scene: Scene, *replies: OutgoingMessage) -> Turn:
    """Say ``replies`` and go on with the next matter that waits, or with a parked form."""
    said = turn(session, *replies)
    if session.matters:
        return said.then(start_next_matter(session, scene))
    if session.parked:
        return said.then(offer_parked(session, scene))
    return said


def start_next_matter(session: Session, scene: Scene) -> Turn:
    """Take up the next matter of an earlier message."""
    text, *rest = session.matters
    known = (*scene.insight.waiting, *scene.insight.further)
    reading = next((one for one in known if words_of(one) == text), None)
    session = replace(session, matters=tuple(rest))
    if reading is None:
        return turn(session)
    begun = scene.begin(session, scene.about(reading))
    return begun.led_by(scene.say("filing.next_matter", title=title_of(text)))


def offer_parked(session: Session, scene: Scene) -> Turn:
    """Ask whether to go on with a form from before."""
    form = session.parked or session.form
    assert form is not None
    title = form_title(form)
    question = scene.say(
        "filing.resume",
        scene.choice("resume", "label.resume"),
        scene.choice("discard", "label.discard"),
        title=title,
    )
    return turn(session.at_step(Step.RESUME, form=form, parked=None), question)
