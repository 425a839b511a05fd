"""Life or property in danger: first the number to call, then everything else.

The case is filed at once, so that the people on duty know even if the resident puts the phone
down to run; one tap confirms it or takes it back. Nothing is asked before.
"""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.desk import DeskRefusal, NoSuchPetition, NotNow
from bot.dialogue.drafting import form_from, words_of
from bot.dialogue.phrases import HOPELESS, NO_PLACE_YET, is_question, plain
from bot.dialogue.session import FORM_STEPS, Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from bot.messages import Choice, OutgoingMessage
from nlu.understanding import EntityType, Intent, Urgency

DEFAULT_SERVICE = "110"
SERVICES = ("110", "119", "120", "122")
SAME_EMERGENCY = timedelta(minutes=30)


def is_emergency(scene: Scene) -> bool:
    """Whether somebody is in danger now: the rules of urgency know whom to call."""
    understanding = scene.insight.reading.understanding
    if understanding is None or understanding.urgency is not Urgency.EMERGENCY:
        return False
    return understanding.emergency_service is not None


def may_be_emergency(scene: Scene) -> bool:
    """Whether the words only sound like danger: then numbers are named and a card is shown."""
    understanding = scene.insight.reading.understanding
    if understanding is None or is_emergency(scene):
        return False
    sounds = understanding.intent is Intent.EMERGENCY
    return understanding.urgency is Urgency.EMERGENCY or sounds


def warn_first(turn: Turn, scene: Scene) -> Turn:
    """The same turn with the numbers to call as its first line."""
    return turn.led_by(scene.say("emergency.maybe"))


def raise_alarm(session: Session, scene: Scene) -> Turn:
    """Name the number to call, file at once, and ask for the place if it is missing."""
    if _is_same(session, scene):
        return _add_to_alarm(session, scene)
    form = form_from(scene.insight.reading, scene, scene.insight.attachments)
    filed = scene.desk.file(replace(form, urgency=Urgency.EMERGENCY.value))
    parked = session.form if session.step in FORM_STEPS else session.parked
    known = session.with_filing(form.key, filed.number).at_rest(parked=parked)
    known = replace(known, alarm=filed.number, alarm_at=scene.now)
    said = scene.say(
        "emergency.filed",
        *_confirmation(filed.number, scene),
        call=call_words(scene),
        number=filed.number,
        code=filed.code,
    )
    replies = (replace(said, urgent=True), *_hotline(scene))
    if form.place_known:
        return turn(known, *replies)
    return turn(known.at_step(Step.EMERGENCY_PLACE), *replies, scene.say("emergency.where"))


def call_words(scene: Scene) -> str:
    """The first line: the number to call."""
    understanding = scene.insight.reading.understanding
    service = understanding.emergency_service if understanding else None
    known = service if service in SERVICES else DEFAULT_SERVICE
    return scene.book.say(f"emergency.call_{known}")


def _confirmation(number: str, scene: Scene) -> tuple[Choice, ...]:
    return (
        scene.choice(f"alarm.true:{number}", "label.true_alarm"),
        scene.choice(f"alarm.false:{number}", "label.false_alarm"),
    )


def _hotline(scene: Scene) -> tuple[OutgoingMessage, ...]:
    return (scene.say("emergency.hotline"),) if HOPELESS.search(plain(scene.text)) else ()


def _is_same(session: Session, scene: Scene) -> bool:
    if session.alarm is None or session.alarm_at is None:
        return False
    return scene.now - session.alarm_at < SAME_EMERGENCY


def _add_to_alarm(session: Session, scene: Scene) -> Turn:
    """More about the emergency already reported goes to the people who have it."""
    try:
        number = _pass_on(session, scene)
    except DeskRefusal:
        return raise_alarm(replace(session, alarm=None), scene)
    said = scene.say(
        "emergency.more",
        *_confirmation(number, scene),
        call=call_words(scene),
        number=number,
    )
    return turn(session, replace(said, urgent=True), *_hotline(scene))


def goes_on_from_alarm(session: Session, scene: Scene) -> bool:
    """Whether words that name no matter of their own were said just after an alarm."""
    return _is_same(session, scene) and not is_question(scene.text)


def add_calmly(session: Session, scene: Scene) -> Turn:
    """«今天早上开始的», «我在门口等»: passed on to those who have the alarm."""
    number = _pass_on(session, scene)
    return turn(session, scene.say("case.supplemented", number=number))


def _pass_on(session: Session, scene: Scene) -> str:
    """Add the words and files to the alarm's petition, and return its number."""
    number = session.alarm or ""
    scene.desk.supplement(number, words_of(scene.insight.reading), scene.insight.attachments)
    return number


def take_alarm_place(session: Session, scene: Scene) -> Turn:
    """Where it is: added to the case at once; what is only fear is passed on and asked again."""
    try:
        _pass_on(session, scene)
    except DeskRefusal:
        return turn(session.at_rest(), scene.say("emergency.confirmed"))
    if not names_place(scene) and NO_PLACE_YET.search(plain(scene.text)):
        return turn(session, scene.say("emergency.noted"), scene.say("emergency.where"))
    return turn(session.at_rest(), scene.say("emergency.place_added"))


def names_place(scene: Scene) -> bool:
    """Whether the message tells where something is."""
    has_place = bool(scene.insight.reading.entities(EntityType.PLACE))
    return has_place or bool(scene.insight.attachments)


def alarm_true(session: Session, scene: Scene, _: str) -> Turn:
    """«情况属实»."""
    if session.step is Step.EMERGENCY_PLACE:
        return turn(session, scene.say("emergency.confirmed"), scene.say("emergency.where"))
    return turn(session, scene.say("emergency.confirmed"))


def alarm_false(session: Session, scene: Scene, number: str) -> Turn:
    """«不是急事，撤回»: taken back without questions; a second tap changes nothing."""
    try:
        scene.desk.withdraw(number, scene.book.say("label.false_alarm"))
    except NoSuchPetition:
        pass
    except NotNow:
        return turn(session.at_rest(), scene.say("emergency.confirmed"))
    step = Step.IDLE if session.step is Step.EMERGENCY_PLACE else session.step
    rest = replace(session, step=step, alarm=None, alarm_at=None)
    return turn(rest, scene.say("emergency.withdrawn"))
