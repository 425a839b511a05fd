"""From the resident's words to a petition: ask what is missing, show the card, file once."""

from dataclasses import replace

from bot.dialogue.card import card_message, form_title
from bot.dialogue.desk import AlreadyBehind, Filed, NotNow
from bot.dialogue.drafting import (
    enriched,
    form_from,
    is_wanted_clear,
    title_of,
    with_attachments,
    words_of,
)
from bot.dialogue.form import Form
from bot.dialogue.phrases import CANCEL, SKIP, plain
from bot.dialogue.placing import placed, placed_as_written
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from bot.messages import Choice, OutgoingMessage
from nlu.understanding import EntityType, Intent
from petitions.errors import InvalidDraft

PLACELESS_KINDS = frozenset({"consult", "report_misconduct"})
"""Kinds that can be handled without knowing a place, so none is asked for."""
MOST_ESTATES_AS_BUTTONS = 8


def start_filing(session: Session, scene: Scene) -> Turn:
    """Begin a petition with the words at hand."""
    attachments = (*session.attachments, *scene.insight.attachments)
    form = form_from(scene.insight.reading, scene, attachments)
    return continue_form(replace(session, form=form, attachments=(), question=None), scene)


def start_blank(session: Session, scene: Scene, _: str = "") -> Turn:
    """Begin a petition by asking what it is about («反映问题», /new)."""
    attachments = session.attachments
    bare = scene.about(replace(scene.insight.reading, text="", understanding=None))
    form = form_from(bare.insight.reading, bare, attachments)
    return continue_form(replace(session, form=form, attachments=()), scene)


def continue_form(session: Session, scene: Scene, *, changed: bool = False) -> Turn:
    """Ask for what is missing next; when nothing is, show the card."""
    form = session.form
    assert form is not None
    if not form.matter:
        return _ask(session, scene, Step.ASK_MATTER, "filing.ask_matter")
    if _place_is_missing(form):
        return _ask_place(session, scene)
    if form.may_ask("wanted") and not is_wanted_clear(form):
        return _ask(session, scene, Step.ASK_WANTED, "filing.ask_wanted", skippable=True)
    return _offer_join(session, scene) or show_card(session, scene, changed=changed)


def _place_is_missing(form: Form) -> bool:
    return not form.place_known and form.kind not in PLACELESS_KINDS and form.may_ask("place")


def _ask(session: Session, scene: Scene, step: Step, key: str, *, skippable: bool = False) -> Turn:
    form = session.form
    assert form is not None
    buttons = (scene.choice("skip", "label.skip"),) if skippable else ()
    asked = form.having_asked(step.removeprefix("ask_"))
    return turn(session.at_step(step, form=asked), scene.say(key, *buttons))


def _ask_place(session: Session, scene: Scene) -> Turn:
    form = session.form
    assert form is not None
    asked = session.at_step(Step.ASK_PLACE, form=form.having_asked("place"))
    if form.place_text:
        question = scene.say("filing.place_unknown", place=form.place_text)
    else:
        question = scene.say("filing.ask_place")
    return turn(asked, question.with_choices(*_estate_buttons(scene)))


def _estate_buttons(scene: Scene) -> tuple[Choice, ...]:
    estates = scene.organisation.estates
    shown = estates if len(estates) <= MOST_ESTATES_AS_BUTTONS else ()
    buttons = [Choice(payload=f"place:{estate.id}", label=estate.name) for estate in shown]
    return (*buttons, scene.choice("skip", "label.skip"))


def ask_again(session: Session, scene: Scene) -> Turn:
    """Put the pending question of the form once more, after something else was answered."""
    form = session.form
    assert form is not None
    if session.step is Step.ASK_PLACE:
        question = scene.say("filing.ask_place", *_estate_buttons(scene))
    elif session.step is Step.ASK_WANTED:
        question = scene.say("filing.ask_wanted", scene.choice("skip", "label.skip"))
    elif session.step is Step.ASK_MATTER:
        question = scene.say("filing.ask_matter")
    else:
        return show_card(session, scene)
    return turn(session, question)


# Answers to the questions


def take_matter(session: Session, scene: Scene) -> Turn:
    """The resident says what it is about."""
    form = session.form
    assert form is not None
    if not scene.text:
        return take_form_files(session, scene)
    fresh = form_from(scene.insight.reading, scene)
    kept = replace(
        fresh,
        key=form.key,
        asked=form.asked,
        attachments=form.attachments,
        anonymous=form.anonymous or fresh.anonymous,
    )
    filled = replace(kept, matter=fresh.matter or words_of(scene.insight.reading))
    with_files = with_attachments(filled, scene.insight.attachments, scene)
    return continue_form(replace(session, form=with_files), scene)


def take_place(session: Session, scene: Scene) -> Turn:
    """The resident says where; a place that nobody knows is taken as it is written."""
    form = session.form
    assert form is not None
    reading = scene.insight.reading
    form = with_attachments(form, scene.insight.attachments, scene)
    if not scene.text or SKIP.match(plain(scene.text)):
        return continue_form(replace(session, form=form), scene)
    found = placed(form, reading, scene.organisation)
    if not found.place_known and not reading.entities(EntityType.PLACE):
        found = placed_as_written(form, words_of(reading), scene.organisation)
    filled = enriched(_with_extra_words(found, scene), reading, scene)
    return continue_form(replace(session, form=filled), scene)


def _with_extra_words(form: Form, scene: Scene) -> Form:
    """Words beyond a bare place belong to the matter too."""
    reading = scene.insight.reading
    said_more = reading.intent in (Intent.REPORT, Intent.SUPPLEMENT, Intent.REPORT_MISCONDUCT)
    return form.with_words(words_of(reading)) if said_more and len(scene.text) > 20 else form


def choose_estate(session: Session, scene: Scene, estate_id: str) -> Turn:
    """A button of the place question."""
    estate = scene.organisation.estate(estate_id)
    if session.form is None or estate is None:
        return turn(session, scene.say("stale_choice"))
    form = placed_as_written(session.form, estate.name, scene.organisation)
    return continue_form(replace(session, form=form), scene)


def skip_question(session: Session, scene: Scene, _: str = "") -> Turn:
    """The resident leaves a question open."""
    if session.form is None:
        return turn(session, scene.say("stale_choice"))
    return continue_form(session, scene)


def take_wanted(session: Session, scene: Scene) -> Turn:
    """The resident says what is wanted."""
    form = session.form
    assert form is not None
    form = with_attachments(form, scene.insight.attachments, scene)
    if scene.text and not SKIP.match(plain(scene.text)):
        form = replace(form, wanted=words_of(scene.insight.reading)[:500])
    return continue_form(replace(session, form=form), scene)


def take_form_files(session: Session, scene: Scene) -> Turn:
    """Photos without words, in the middle of a form."""
    form = session.form
    assert form is not None
    filled = with_attachments(form, scene.insight.attachments, scene)
    return ask_again(replace(session, form=filled), scene).led_by(scene.say("filing.photo_added"))


# Neighbours' cases


def _offer_join(session: Session, scene: Scene) -> Turn | None:
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


# The card


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
    return replace(said, slot=slot)


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


# Coming back


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
