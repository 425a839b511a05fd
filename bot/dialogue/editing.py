"""Changing a row of the card, by its «修改», by a button or in plain words."""

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.card import EDITABLE
from bot.dialogue.confirming import cancel, confirm, show_card
from bot.dialogue.drafting import (
    enriched,
    kind_of,
    title_of,
    wanted_in,
    with_attachments,
    with_contact,
    words_of,
)
from bot.dialogue.form import Form
from bot.dialogue.phrases import (
    CANCEL,
    CONFIRM,
    CORRECTION,
    NO_CONTACT,
    NOTHING_MORE,
    OF_OTHERS,
    ONE_MORE,
    SKIP,
    WANTED,
    field_named,
    is_question,
    plain,
)
from bot.dialogue.placing import placed, placed_as_written
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, signs_named, surely, turn
from bot.messages import OutgoingMessage
from nlu.understanding import EntityType, Intent

CONTACT_LINK_MINUTES = 30
LONG_ENOUGH_FOR_A_MATTER = 6
MOSTLY = 0.6
SHORTEST_WISH, LONGEST_WISH = 3, 20
NO_WISHES = frozenset({Intent.GREET, Intent.THANKS, Intent.DENY, Intent.AFFIRM, Intent.TRACK})
MATTERS = frozenset({Intent.REPORT, Intent.REPORT_MISCONDUCT, Intent.SUGGEST, Intent.CONSULT})


def edit(session: Session, scene: Scene, argument: str) -> Turn:
    """«修改» beside a row: ask for what should stand there. ``argument`` is "field:key"."""
    field, _, key = argument.partition(":")
    if session.form is None or session.form.key != key or field not in EDITABLE:
        return turn(session, scene.say("stale_choice"))
    return ask_for(field, session, scene)


def ask_for(field: str, session: Session, scene: Scene) -> Turn:
    """Ask for the new words of ``field``."""
    form = session.form
    assert form is not None
    asking = session.at_step(Step.ASK_EDIT, field=field)
    if field == "contact":
        return turn(asking, _contact_question(form, scene))
    if field == "privacy":
        return turn(asking, _privacy_question(form, scene))
    return turn(asking, scene.say(f"filing.edit_{field}"))


def _contact_question(form: Form, scene: Scene) -> OutgoingMessage:
    if scene.capabilities.contact_allowed:
        return scene.say("filing.ask_contact", scene.choice("skip", "label.skip"))
    return contact_link_message(form, scene)


def contact_link_message(form: Form, scene: Scene) -> OutgoingMessage:
    """Why no phone is taken here, and the one-time link to the page that takes it."""
    from_page = scene.say(
        "filing.contact_link",
        scene.choice("skip", "label.skip"),
        reason=scene.book.say("contact.refused"),
        minutes=CONTACT_LINK_MINUTES,
    )
    url = scene.desk.contact_link(form)
    return replace(from_page, link=scene.link(url, "label.contact_form"))


def _privacy_question(form: Form, scene: Scene) -> OutgoingMessage:
    names = ("anonymous", "confidential", "named")
    buttons = (scene.choice(f"privacy:{name}:{form.key}", f"label.{name}") for name in names)
    return scene.say("filing.edit_privacy", *buttons)


def choose_privacy(session: Session, scene: Scene, argument: str) -> Turn:
    """A button of the privacy question. ``argument`` is "name:key"."""
    name, _, key = argument.partition(":")
    if session.form is None or session.form.key != key:
        return turn(session, scene.say("stale_choice"))
    return _changed(session, _with_privacy(session.form, name), scene)


def _with_privacy(form: Form, name: str) -> Form:
    hidden = replace(form, anonymous=name == "anonymous", confidential=name == "confidential")
    if not hidden.anonymous:
        return hidden
    return replace(hidden, sealed_name=None, sealed_phone=None, contact_shown=None)


def take_edit(session: Session, scene: Scene) -> Turn:
    """The new words of a row."""
    form = session.form
    assert form is not None
    filled = with_attachments(form, scene.insight.attachments, scene)
    if not scene.text or SKIP.match(plain(scene.text)):
        if session.field == "contact" and scene.text:
            filled = _without_contact(filled)
        return _changed(session, filled, scene)
    if session.field == "contact":
        return _take_contact(session, filled, scene)
    return _changed(session, _NEW_VALUES[session.field or "matter"](filled, scene), scene)


def _take_contact(session: Session, form: Form, scene: Scene) -> Turn:
    if not scene.capabilities.contact_allowed:
        return turn(session, contact_link_message(form, scene))
    if NO_CONTACT.match(plain(scene.text)):
        return _changed(session, _without_contact(form), scene)
    filled = with_contact(form, scene.insight.reading, scene)
    if filled.sealed_phone is None:
        return turn(session, scene.say("filing.contact_unclear"))
    return _changed(session, filled, scene)


def _without_contact(form: Form) -> Form:
    return replace(form, sealed_name=None, sealed_phone=None, contact_shown=None)


def _new_matter(form: Form, scene: Scene) -> Form:
    reading = scene.insight.reading
    bare = replace(form, matter=words_of(reading), category_first=None, category_second=None)
    return replace(enriched(bare, reading, scene), kind=kind_of(reading))


def _new_place(form: Form, scene: Scene) -> Form:
    reading = scene.insight.reading
    found = placed(form, reading, scene.organisation)
    if found == form:
        return placed_as_written(form, words_of(reading), scene.organisation)
    return found


def _new_time(form: Form, scene: Scene) -> Form:
    times = [entity.text for entity in scene.insight.reading.entities(EntityType.TIME)]
    written = "、".join(times) or words_of(scene.insight.reading)
    return replace(form, happened_at_text=written[:60])


def _new_wanted(form: Form, scene: Scene) -> Form:
    return replace(form, wanted=words_of(scene.insight.reading)[:500])


def _new_category(form: Form, scene: Scene) -> Form:
    understanding = scene.insight.reading.understanding
    if understanding is None or not understanding.categories:
        return form
    best = understanding.categories[0]
    return replace(form, category_first=best.first, category_second=best.second)


def _new_privacy(form: Form, scene: Scene) -> Form:
    words = plain(scene.text)
    name = "anonymous" if "匿名" in words else "confidential" if "保密" in words else "named"
    return _with_privacy(form, name)


_NEW_VALUES: dict[str, Callable[[Form, Scene], Form]] = {
    "matter": _new_matter,
    "place": _new_place,
    "time": _new_time,
    "wanted": _new_wanted,
    "category": _new_category,
    "privacy": _new_privacy,
}


def _changed(session: Session, form: Form, scene: Scene) -> Turn:
    return show_card(replace(session, form=form, field=None), scene, changed=form != session.form)


# Plain words while the card is shown


def take_card_words(session: Session, scene: Scene) -> Turn:
    """The resident writes instead of tapping: confirm, drop, correct, add, or one thing more."""
    form = session.form
    assert form is not None
    words = plain(scene.text)
    if CONFIRM.match(words) or surely(Intent.AFFIRM, scene):
        return confirm(session, scene, form.key)
    if not OF_OTHERS.search(words) and (CANCEL.match(words) or surely(Intent.CANCEL, scene)):
        return cancel(session, scene, form.key)
    if NOTHING_MORE.match(words):
        return show_card(session, scene)
    if not words:
        return _changed(session, with_attachments(form, scene.insight.attachments, scene), scene)
    return _take_correction(session, form, scene)


def _take_correction(session: Session, form: Form, scene: Scene) -> Turn:
    reading, words = scene.insight.reading, plain(scene.text)
    if _is_other_matter(form, scene):
        return _queue_matter(session, scene)
    corrected = _corrected(form, scene)
    if corrected != form:
        return _changed(session, corrected, scene)
    if reading.intent in MATTERS or reading.intent is Intent.SUPPLEMENT:
        added = enriched(form.with_words(words_of(reading)), reading, scene)
        return _changed(session, added, scene)
    field = field_named(words)
    if field == "contact" and NO_CONTACT.match(words):
        return _changed(session, _without_contact(form), scene)
    if field:
        return ask_for(field, session, scene)
    if _may_be_a_wish(form, scene):
        return _changed(session, _new_wanted(form, scene), scene)
    return _ask_which(session, form, scene)


def _may_be_a_wish(form: Form, scene: Scene) -> bool:
    """Whether short words below a card without a wish may be one («快点修», «叫他赔»)."""
    reading, words = scene.insight.reading, plain(scene.text)
    if form.wanted is not None or is_question(scene.text):
        return False
    says_so = bool(WANTED.search(words)) or reading.intent not in NO_WISHES
    return says_so and SHORTEST_WISH <= len(words) <= LONGEST_WISH


def _corrected(form: Form, scene: Scene) -> Form:
    """The form with the rows changed that the words name; unchanged when they correct nothing."""
    reading, words = scene.insight.reading, plain(scene.text)
    corrects = bool(CORRECTION.search(words))
    if ("匿名" in words or "保密" in words) and len(words) <= 20:
        return _new_privacy(form, scene)
    if scene.capabilities.contact_allowed and reading.entities(EntityType.PHONE):
        form = with_contact(form, reading, scene)
    if reading.entities(EntityType.PLACE) and (corrects or _is_mostly(EntityType.PLACE, scene)):
        form = placed(form, reading, scene.organisation)
    if reading.entities(EntityType.TIME) and (corrects or _is_mostly(EntityType.TIME, scene)):
        form = _new_time(form, scene)
    wanted = wanted_in(words_of(reading))
    if wanted and len(scene.text) <= 40:
        form = replace(form, wanted=wanted)
    return form


def _is_mostly(kind: EntityType, scene: Scene) -> bool:
    """Whether the words are little else than a place, or a time."""
    return signs_named(kind, scene) >= len(plain(scene.text)) * MOSTLY


def _is_other_matter(form: Form, scene: Scene) -> bool:
    """Whether the words are a matter of their own rather than more about this one."""
    reading = scene.insight.reading
    if reading.intent not in MATTERS or len(scene.text) < LONG_ENOUGH_FOR_A_MATTER:
        return False
    categories = reading.understanding.categories if reading.understanding else ()
    other = bool(categories) and categories[0].second != form.category_second
    return bool(ONE_MORE.match(plain(scene.text))) and other


def _queue_matter(session: Session, scene: Scene) -> Turn:
    words = words_of(scene.insight.reading)
    queued = replace(session, matters=(*session.matters, words))
    title = title_of(words)
    return show_card(queued, scene).led_by(scene.say("filing.matter_queued", title=title))


def _ask_which(session: Session, form: Form, scene: Scene) -> Turn:
    rows = (
        scene.choice(f"card.edit:{field}:{form.key}", f"row.{field}")
        for field in ("matter", "place", "wanted", "category")
    )
    confirm_button = scene.choice(f"card.confirm:{form.key}", "label.confirm")
    question = scene.say("filing.edit_which", confirm_button, *rows)
    return turn(session.at_step(Step.CARD), question)
