"""From the resident's words to a form: fill in what was said, ask for what is missing."""

import re
from dataclasses import replace

from bot.dialogue.confirming import show_card
from bot.dialogue.drafting import (
    enriched,
    form_from,
    is_wanted_clear,
    with_attachments,
    words_of,
)
from bot.dialogue.form import Form
from bot.dialogue.joining import offer_join
from bot.dialogue.matters import MATTER_INTENTS
from bot.dialogue.phrases import CONFIRM, SKIP, plain
from bot.dialogue.placing import placed, placed_as_written
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from bot.messages import Choice
from nlu.understanding import EntityType, Intent

PLACELESS_KINDS = frozenset({"consult", "report_misconduct"})
"""Kinds that can be handled without knowing a place, so none is asked for."""
MOST_ESTATES_AS_BUTTONS = 8
SHORTEST_MATTER = 6
SURE_MATTER = 0.6
GENERIC_PLACE = re.compile(
    r"^(我们?|咱们?|这个?|那个?|的|家|小区|单元|楼道|楼下|楼上|门口|大门|院子里?|路边|路口|电梯|车库|里面?|内|"
    r"附近|旁边|对面|[一二三四五六七八九十\d]+(楼|层|单元))+$"
)
"""A place that every estate has: naming it back as unknown would help nobody."""


def start_filing(session: Session, scene: Scene, *, kind: str | None = None) -> Turn:
    """Begin a petition with the words at hand; ``kind`` where the resident has told it."""
    attachments = (*session.attachments, *scene.insight.attachments)
    form = form_from(scene.insight.reading, scene, attachments)
    form = replace(form, kind=kind or form.kind)
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
    return offer_join(session, scene) or show_card(session, scene, changed=changed)


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
    if form.place_text and not GENERIC_PLACE.match(form.place_text):
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
    if not found.place_known and CONFIRM.match(plain(scene.text)):
        return ask_again(replace(session, form=form), scene)
    if not found.place_known and tells_a_matter(scene) and form.asked.count("place") < 2:
        added = enriched(form.with_words(words_of(reading)), reading, scene)
        return _ask_place(replace(session, form=added), scene)
    if not found.place_known and not reading.entities(EntityType.PLACE):
        found = placed_as_written(form, words_of(reading), scene.organisation)
    filled = enriched(_with_extra_words(found, scene), reading, scene)
    return continue_form(replace(session, form=filled), scene)


def tells_a_matter(scene: Scene) -> bool:
    """Whether words that may name a place are surely about something else instead."""
    reading = scene.insight.reading
    if reading.entities(EntityType.PLACE) or len(plain(scene.text)) < SHORTEST_MATTER:
        return False
    return reading.intent in MATTER_INTENTS and reading.confidence >= SURE_MATTER


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
