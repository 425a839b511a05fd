"""Rating in five levels; not satisfied means that it is handled again, and we say so at once."""

from bot.dialogue.case_words import level_in, status_words, unit_words
from bot.dialogue.desk import CaseGlance, NoSuchPetition, RatingTaken
from bot.dialogue.drafting import words_of
from bot.dialogue.phrases import CANCEL, SKIP, plain
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from bot.messages import OutgoingMessage

LOW_LEVEL = 2
"""This level and below count as not satisfied."""


def rate_case(session: Session, scene: Scene, case: CaseGlance) -> Turn:
    """Rate ``case`` as the words say, or ask for a level."""
    level = level_in(scene.text) if scene.insight.message.choice is None else None
    if level is not None:
        return _rate_at(session, scene, case.number, level)
    return turn(session.at_step(Step.ASK_RATING), _question(case, scene))


def _question(case: CaseGlance, scene: Scene) -> OutgoingMessage:
    buttons = (
        scene.choice(f"rate.level:{case.number}:{level}", f"level.{level}")
        for level in range(5, 0, -1)
    )
    return scene.say("case.ask_rating", *buttons, number=case.number, title=case.title)


def choose_level(session: Session, scene: Scene, argument: str) -> Turn:
    """A level's button. ``argument`` is "number:level"."""
    number, _, level = argument.rpartition(":")
    if level not in ("1", "2", "3", "4", "5"):
        return turn(session, scene.say("stale_choice"))
    return _rate_at(session.at_rest(petition=number), scene, number, int(level))


def take_rating(session: Session, scene: Scene) -> Turn:
    """Typed words while a rating is asked for."""
    level = level_in(scene.text)
    if session.petition is None or level is None:
        return turn(session.at_rest(), scene.say("deny.idle"))
    return _rate_at(session, scene, session.petition, level)


def _rate_at(session: Session, scene: Scene, number: str, level: int) -> Turn:
    try:
        case = scene.desk.find(number)
    except NoSuchPetition:
        return turn(session.at_rest(), scene.say("stale_choice"))
    if "rate" not in case.actions:
        status = status_words(case, scene)
        said = scene.say("case.not_now", number=number, status=status)
        return turn(session.at_rest(petition=number), said)
    taken = scene.desk.rate(number, level, "")
    if level > LOW_LEVEL:
        return turn(session.at_rest(petition=number), scene.say("case.rated"))
    return _ask_why(session, scene, number, taken)


def _ask_why(session: Session, scene: Scene, number: str, taken: RatingTaken) -> Turn:
    # The rating stands already: whoever does not answer loses nothing.
    question = scene.say("case.ask_comment", scene.choice("skip", "label.skip"))
    asking = session.at_step(Step.ASK_COMMENT, petition=number)
    return turn(asking, *_consequence(scene, taken), question)


def _consequence(scene: Scene, taken: RatingTaken) -> tuple[OutgoingMessage, ...]:
    if taken.supervised:
        return (scene.say("case.supervised"),)
    if not taken.reopened:
        return ()
    unit = unit_words(taken.unit, scene)
    if taken.due_at is None:
        return (scene.say("case.reopened_no_due", unit=unit),)
    due = scene.book.moment(taken.due_at)
    return (scene.say("case.reopened", unit=unit, due=due),)


def take_comment(session: Session, scene: Scene) -> Turn:
    """Why the resident is not satisfied: added to the case for whoever handles it again."""
    number, words = session.petition or "", plain(scene.text)
    if not number or SKIP.match(words) or CANCEL.match(words):
        return skip_comment(session, scene)
    case = scene.desk.find(number)
    if "supplement" not in case.actions:
        return skip_comment(session, scene)
    scene.desk.supplement(number, words_of(scene.insight.reading), scene.insight.attachments)
    rest = session.at_rest(petition=number)
    return turn(rest, scene.say("case.supplemented", number=number))


def skip_comment(session: Session, scene: Scene, _: str = "") -> Turn:
    """The resident leaves it at the rating."""
    return turn(session.at_rest(), scene.say("case.rated"))
