"""Decides which step handles a message: what leads on, what is beside the point, what is new."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.dialogue.belonging import ask_which, filed_just_now
from bot.dialogue.case_words import code_in, number_in
from bot.dialogue.confirming import cancel, offer_parked
from bot.dialogue.considering import SOCIAL_INTENTS, UNSURE
from bot.dialogue.consultation import answer_beside_form
from bot.dialogue.desk import NoSuchPetition, NotNow
from bot.dialogue.drafting import is_empty_report, title_of, words_of
from bot.dialogue.emergency import (
    add_calmly,
    goes_on_from_alarm,
    is_emergency,
    may_be_emergency,
    names_place,
    raise_alarm,
)
from bot.dialogue.filing import start_filing, tells_a_matter
from bot.dialogue.handover import hand_over
from bot.dialogue.person import step_named
from bot.dialogue.photos import follows_in_album, take_files, take_quietly
from bot.dialogue.phrases import (
    CANCEL,
    CORRECTION,
    DISTRESSED,
    EXPLICIT,
    OF_OTHERS,
    SATISFIED,
    SMALL_TALK,
    WAIT,
    holds_words,
    is_only_anger,
    is_question,
    plain,
)
from bot.dialogue.routes import (
    CASE_INTENTS,
    CHOICES,
    INTENTS,
    NEW_INTENTS,
    QUESTION_STEPS,
    STEPS,
)
from bot.dialogue.session import FORM_STEPS, Session, Step
from bot.dialogue.smalltalk import ask_back
from bot.dialogue.turn import (
    SURE,
    Scene,
    StepFunction,
    Turn,
    places_named,
    signs_named,
    surely,
    turn,
)
from bot.messages import AttachmentKind
from knowledge.answering import Answer, NoAnswer
from nlu.understanding import EntityType, Intent

FORM_GOES_COLD = timedelta(hours=4)

SHORTEST_STATEMENT = 2
BRINGS_A_MATTER = frozenset({Intent.REPORT, Intent.SUGGEST, Intent.OUT_OF_SCOPE})
NAMES_NO_MATTER = frozenset({Intent.OUT_OF_SCOPE, Intent.SUPPLEMENT})
ABOUT_FILED = frozenset({Intent.TRACK, Intent.URGE, Intent.WITHDRAW})


def answer(session: Session, scene: Scene) -> Turn:
    """Answer whatever came: a problem, a button, files, nothing, or words."""
    problem = scene.insight.message.problem
    if problem is None:
        return _answer_message(session, scene)
    said = scene.say(f"problem.{problem}", limit=scene.max_megabytes)
    if not holds_words(scene.text):
        return turn(session, said)
    return _answer_message(session, scene).led_by(said)


def _answer_message(session: Session, scene: Scene) -> Turn:
    message = scene.insight.message
    if message.choice:
        return _guarded(_answer_choice, session, scene)
    if any(one.kind is AttachmentKind.CONTACT for one in message.attachments):
        return _refuse_contact(session, scene)
    if not holds_words(scene.text):
        return _guarded(_answer_without_words, session, scene)
    return _guarded(_answer_words, session, scene)


def _guarded(step: StepFunction, session: Session, scene: Scene) -> Turn:
    """What petitions refuse after all is told, not raised."""
    try:
        return step(session, scene)
    except NotNow as refusal:
        unit = scene.book.say("case.somebody")
        status = scene.book.say(f"status.{refusal.status}", unit=unit)
        said = scene.say("case.not_now", number=session.petition or "", status=status)
        return turn(session.at_rest(), said)
    except NoSuchPetition:
        return turn(session.at_rest(petition=None), scene.say("case.not_found"))


def _answer_choice(session: Session, scene: Scene) -> Turn:
    verb, _, argument = (scene.insight.message.choice or "").partition(":")
    handler = CHOICES.get(verb)
    if handler is None:
        return turn(session, scene.say("stale_choice"))
    return handler(session, scene, argument)


def _refuse_contact(session: Session, scene: Scene) -> Turn:
    if session.form is None:
        return turn(session, scene.say("contact.refused_idle"))
    return CHOICES["card.edit"](session, scene, f"contact:{session.form.key}")


def _answer_without_words(session: Session, scene: Scene) -> Turn:
    if not scene.insight.attachments:
        return turn(session, scene.say("emoji" if scene.text.strip() else "blank"))
    if follows_in_album(session, scene):
        return take_quietly(session, scene)
    if session.step in FORM_STEPS or session.step in _STEPS_TAKING_FILES:
        return STEPS[session.step](session, scene)
    return take_files(session, scene)


_STEPS_TAKING_FILES = frozenset({Step.ASK_SUPPLEMENT, Step.EMERGENCY_PLACE, Step.ASK_COMMENT})


def _answer_words(session: Session, scene: Scene) -> Turn:
    if is_emergency(scene):
        return raise_alarm(session, scene)
    about_person = step_named(session, scene)
    if about_person:
        return about_person
    if WAIT.match(plain(scene.text)):
        return turn(session, scene.say("wait"))
    if session.step in FORM_STEPS:
        return _answer_in_form(session, scene)
    if is_only_anger(scene.text):
        listening = scene.say("calm.no_matter", scene.choice("human", "label.human"))
        return turn(session, listening)
    if DISTRESSED.search(plain(scene.text)) and not places_named(scene):
        return turn(session, scene.say("distress", scene.choice("human", "label.human")))
    if session.step in STEPS and not _leaves_step(session, scene):
        return STEPS[session.step](session, scene)
    return answer_at_rest(session.at_step(Step.IDLE), scene)


# In a form


def _answer_in_form(session: Session, scene: Scene) -> Turn:
    if session.step is not Step.RESUME and scene.now - session.at > FORM_GOES_COLD:
        return _answer_past_cold_form(session, scene)
    for applies, handle in _BESIDE_THE_STEP:
        if applies(session, scene):
            return handle(session, scene)
    return STEPS[session.step](session, scene)


def _answer_past_cold_form(session: Session, scene: Scene) -> Turn:
    """Somebody comes back next day: a new matter goes first, else the form is offered again."""
    parked = _parked(session)
    if scene.insight.intent in SOCIAL_INTENTS or scene.insight.reading.confidence < UNSURE:
        return offer_parked(parked, scene)
    answered = answer_at_rest(parked, scene)
    if answered.session.step is not Step.IDLE or answered.session.parked is None:
        return answered
    return answered.then(offer_parked(answered.session, scene))


def _parked(session: Session) -> Session:
    return session.at_rest(parked=session.form or session.parked)


def _cancels(session: Session, scene: Scene) -> bool:
    if session.step in (Step.ASK_EDIT, Step.RESUME):
        return False
    words = plain(scene.text)
    if OF_OTHERS.search(words):
        return False
    return bool(CANCEL.match(words)) or surely(Intent.CANCEL, scene)


def _asks_aside(session: Session, scene: Scene) -> bool:
    reading = scene.insight.reading
    if session.step is Step.ASK_MATTER or reading.intent is not Intent.CONSULT:
        return False
    if session.step is Step.ASK_PLACE and tells_a_matter(scene):
        return reading.answer is not None
    return is_question(scene.text) and reading.answer is not None


def _wants_person(session: Session, scene: Scene) -> bool:
    sure = scene.insight.reading.confidence >= SURE
    return scene.insight.intent is Intent.HUMAN and sure and session.step is not Step.ASK_MATTER


def _asks_after_filed(session: Session, scene: Scene) -> bool:
    """Whether, in the middle of a form, the resident asks after a petition already filed."""
    if number_in(scene.insight.reading) or _word_named(scene) in ABOUT_FILED:
        return session.step is not Step.ASK_MATTER
    if scene.insight.intent not in ABOUT_FILED or scene.insight.reading.confidence < SURE:
        return False
    fits_step = session.step in (Step.CARD, Step.ASK_WANTED, Step.OFFER_JOIN)
    return fits_step and bool(scene.desk.mine())


def _answer_with_form_parked(session: Session, scene: Scene) -> Turn:
    return answer_at_rest(_parked(session), scene)


_BESIDE_THE_STEP: tuple[tuple[Callable[[Session, Scene], bool], StepFunction], ...] = (
    (_cancels, cancel),
    (_asks_aside, answer_beside_form),
    (_wants_person, hand_over),
    (_asks_after_filed, _answer_with_form_parked),
)
"""What may come in the middle of a form without being an answer to its question."""


# Outside of forms


def _leaves_step(session: Session, scene: Scene) -> bool:
    """Whether words at a step outside of forms are about something else."""
    reading = scene.insight.reading
    if session.step is Step.EMERGENCY_PLACE:
        # Whoever hides says «他还在» or «嗯»: only set phrases leave the question where it is.
        is_phrase = bool(SMALL_TALK.match(plain(scene.text)))
        return reading.intent in SOCIAL_INTENTS and is_phrase and not names_place(scene)
    if session.step is Step.ASK_CODE and code_in(scene.text):
        return False
    if session.step in QUESTION_STEPS:
        return reading.intent in NEW_INTENTS and reading.confidence >= UNSURE
    return False


def answer_at_rest(session: Session, scene: Scene) -> Turn:
    """Start whatever the words are about."""
    if scene.insight.further:
        return _begin_several(session, scene)
    if session.attachments and scene.insight.intent not in (Intent.CONSULT, *SOCIAL_INTENTS):
        return start_filing(session, scene)
    named = _intent_named(scene)
    is_unsure = named is None and _is_unsure(scene)
    intent = named or _intent_to_follow(scene)
    names_nothing = is_unsure or intent in NAMES_NO_MATTER
    if names_nothing and goes_on_from_alarm(session, scene):
        return add_calmly(session, scene)
    goes_on = is_unsure or intent in BRINGS_A_MATTER or _corrects(intent, scene)
    filed = filed_just_now(session, scene) if goes_on else None
    if filed:
        return ask_which(session, scene, filed)
    return _answer_unsure(session, scene) if is_unsure else INTENTS[intent](session, scene)


def _corrects(intent: Intent, scene: Scene) -> bool:
    """«说错了是5栋» sounds like a no, and is news."""
    words = plain(scene.text)
    is_news = any(sign.isdigit() for sign in words) or places_named(scene)
    return intent in SOCIAL_INTENTS and is_news and bool(CORRECTION.search(words))


def _intent_named(scene: Scene) -> Intent | None:
    """The intent that the words name themselves, or None."""
    named = _word_named(scene)
    if named:
        return named
    if is_empty_report(scene.text):
        return Intent.REPORT
    if number_in(scene.insight.reading):
        return scene.insight.intent if scene.insight.intent in CASE_INTENTS else Intent.TRACK
    return Intent.REPORT if _tells_what_is_where(scene) else None


def _word_named(scene: Scene) -> Intent | None:
    words = plain(scene.text)
    named = next((word for word, pattern in EXPLICIT if pattern.match(words)), None)
    return Intent(named) if named else None


def _tells_what_is_where(scene: Scene) -> bool:
    """Whether words of unsure intent state something about a place.

    Then the card asks better than a question back: it shows what was understood.
    """
    reading = scene.insight.reading
    if reading.confidence >= UNSURE or is_question(scene.text):
        return False
    named = signs_named(EntityType.PLACE, scene)
    return places_named(scene) and len(plain(scene.text)) - named >= SHORTEST_STATEMENT


def _is_unsure(scene: Scene) -> bool:
    """Whether it takes a question back: low confidence, or «a question» that asks nothing."""
    reading = scene.insight.reading
    if may_be_emergency(scene):
        return False
    asks_nothing = reading.intent is Intent.CONSULT and not is_question(scene.text)
    return reading.confidence < UNSURE or (asks_nothing and isinstance(reading.answer, NoAnswer))


def _answer_unsure(session: Session, scene: Scene) -> Turn:
    asks = isinstance(scene.insight.reading.answer, Answer) and is_question(scene.text)
    return INTENTS[Intent.CONSULT](session, scene) if asks else ask_back(session, scene)


def _intent_to_follow(scene: Scene) -> Intent:
    """The intent as understood, but for five cases in which other signs tell more."""
    reading = scene.insight.reading
    if may_be_emergency(scene):
        return Intent.EMERGENCY
    if reading.intent in SOCIAL_INTENTS and SATISFIED.search(scene.text):
        return Intent.RATE
    if reading.intent is Intent.OUT_OF_SCOPE and isinstance(reading.answer, Answer):
        return Intent.CONSULT
    if reading.intent in SOCIAL_INTENTS and reading.answer is not None:
        return Intent.CONSULT  # «去年呢» after a question sounds like small talk.
    return reading.intent or Intent.OUT_OF_SCOPE


def _begin_several(session: Session, scene: Scene) -> Turn:
    later = tuple(words_of(one) for one in scene.insight.further)
    queued = replace(session, matters=(*later, *session.matters))
    first = scene.about(scene.insight.reading, keep_attachments=True)
    title = title_of(words_of(scene.insight.reading))
    opening = scene.say("filing.several", count=len(later) + 1, title=title)
    return answer_at_rest(queued, first).led_by(opening)
