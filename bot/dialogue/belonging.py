"""Words that may belong to the petition filed just now: asked, not guessed."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.confirming import after_form
from bot.dialogue.desk import CaseGlance, NoSuchPetition
from bot.dialogue.drafting import words_of
from bot.dialogue.filing import start_filing
from bot.dialogue.phrases import CORRECTION, GOES_ON, is_question, plain
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import Scene, Turn, places_named, signs_named, turn
from bot.messages import Choice
from nlu.understanding import EntityType

STILL_ABOUT_IT = timedelta(minutes=30)
SUPPLEMENT = "supplement"
LONGEST_BESIDE_A_TIME = 4


def filed_just_now(session: Session, scene: Scene) -> CaseGlance | None:
    """The petition that these words may belong to, or None.

    They may when it was talked about a moment ago and they go on from it («昨晚又吵了»), naming
    no place of their own and being of no other class, or correct something. A matter of the
    same message that waited is its own.
    """
    if session.petition is None or scene.insight.waiting or is_question(scene.text):
        return None
    if scene.now - session.at > STILL_ABOUT_IT:
        return None
    words = plain(scene.text)
    corrects = bool(CORRECTION.search(words))
    goes_on = (bool(GOES_ON.search(words)) or _tells_when(scene)) and not places_named(scene)
    if not corrects and not goes_on:
        return None
    case = _open_case(session.petition, scene)
    return case if case and (corrects or not _of_another_class(case, scene)) else None


def _tells_when(scene: Scene) -> bool:
    """«今天早上开始的»: a time and hardly anything else, which is about nothing by itself."""
    named = signs_named(EntityType.TIME, scene)
    return named > 0 and len(plain(scene.text)) - named <= LONGEST_BESIDE_A_TIME


def latest_open(scene: Scene) -> CaseGlance | None:
    """The resident's newest petition that takes a supplement, or None."""
    return next((case for case in scene.desk.mine() if SUPPLEMENT in case.actions), None)


def _open_case(number: str, scene: Scene) -> CaseGlance | None:
    try:
        case = scene.desk.find(number)
    except NoSuchPetition:
        return None
    return case if SUPPLEMENT in case.actions else None


def _of_another_class(case: CaseGlance, scene: Scene) -> bool:
    understanding = scene.insight.reading.understanding
    best = understanding.categories[0] if understanding and understanding.categories else None
    if best is None or case.category is None:
        return False
    return case.category not in (best.second, best.first)


def ask_which(session: Session, scene: Scene, case: CaseGlance) -> Turn:
    """«补充到刚才那件» or «这是新的事»; the words and what came along are kept meanwhile."""
    files = (*session.attachments, *scene.insight.attachments)
    pending = words_of(scene.insight.reading)
    question = scene.say("filing.belongs", *belonging(scene, case), title=case.title)
    asked = session.at_step(Step.CLARIFY_INTENT, pending_text=pending, attachments=files)
    return turn(asked, question)


def belonging(scene: Scene, case: CaseGlance) -> tuple[Choice, ...]:
    """The two buttons."""
    return (
        scene.choice(f"meant.add:{case.number}", "label.belongs"),
        scene.choice("meant.new", "label.new_matter"),
    )


def add_words(session: Session, scene: Scene, number: str) -> Turn:
    """«补充到刚才那件»."""
    if not session.pending_text:
        return turn(session, scene.say("stale_choice"))
    scene.desk.supplement(number, session.pending_text, session.attachments)
    done = replace(session.at_rest(petition=number), attachments=())
    return after_form(done, scene, scene.say("case.supplemented", number=number))


def begin_anew(session: Session, scene: Scene, _: str = "") -> Turn:
    """«这是新的事»."""
    if not session.pending_text:
        return turn(session, scene.say("stale_choice"))
    return start_filing(session.at_rest(petition=None), scene)
