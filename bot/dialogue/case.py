"""Following one's petitions: find the one that is meant, then track, urge, add or withdraw."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.dialogue.case_words import (
    code_in,
    due_words,
    glance_message,
    line_of,
    number_in,
    status_words,
    unit_words,
)
from bot.dialogue.confirming import after_form
from bot.dialogue.desk import CaseGlance, NoSuchPetition
from bot.dialogue.drafting import words_of
from bot.dialogue.filing import start_blank, start_filing
from bot.dialogue.phrases import CANCEL, plain
from bot.dialogue.rating import rate_case
from bot.dialogue.session import Session, Step
from bot.dialogue.turn import ChoiceFunction, Scene, StepFunction, Turn, turn
from bot.messages import Choice
from nlu.understanding import Intent

MOST_CASES_OFFERED = 5
BARE_VERB = re.compile(
    r"^(我)?(想|要|需要|再|来)*(帮我|给我)?(补充|加)(一?下|点|一点|材料|情况|内容|说明|几句|些)*$"
)
SHORTEST_SUPPLEMENT = 9


def show_mine(session: Session, scene: Scene, _: str = "") -> Turn:
    """«我的诉求», /my."""
    return with_case(session, scene, "show")


def on_words(verb: str) -> StepFunction:
    """The handler of words that want ``verb`` done to a petition already filed."""

    def handle(session: Session, scene: Scene) -> Turn:
        return with_case(session, scene, verb)

    return handle


def with_case(session: Session, scene: Scene, verb: str) -> Turn:
    """Find the petition that is meant and do ``verb`` to it."""
    number = number_in(scene.insight.reading)
    if number:
        return _with_number(session, scene, verb, number)
    mine = scene.desk.mine()
    if not mine and verb in ("urge", "supplement") and _says_more(scene):
        # Nothing is filed yet: «三天了没人来修» is then a matter, whatever it sounds like.
        return start_filing(session, scene)
    if not mine:
        return turn(session.at_step(Step.ASK_NUMBER, verb=verb), scene.say("case.none"))
    able = [case for case in mine if verb == "show" or verb in case.actions]
    if not able:
        return not_now(session, scene, mine[0])
    chosen = _only_one(able, verb, session.petition)
    return do_verb(session, scene, verb, chosen) if chosen else _choose(session, scene, verb, able)


def _only_one(able: Sequence[CaseGlance], verb: str, focus: str | None) -> CaseGlance | None:
    if len(able) == 1:
        return able[0]
    if verb == "show":
        return None
    return next((case for case in able if case.number == focus), None)


def _choose(session: Session, scene: Scene, verb: str, cases: Sequence[CaseGlance]) -> Turn:
    buttons = [
        Choice(payload=f"{verb}:{case.number}", label=line_of(case, scene))
        for case in cases[:MOST_CASES_OFFERED]
    ]
    if verb == "show":
        buttons.append(scene.choice("number", "label.other_number"))
    question = scene.say("case.choose", *buttons)
    return turn(session.at_step(Step.CHOOSE_CASE, verb=verb), question)


# By number and receipt code


def _with_number(session: Session, scene: Scene, verb: str, number: str) -> Turn:
    try:
        return do_verb(session, scene, verb, scene.desk.find(number))
    except NoSuchPetition:
        pass
    asking = session.at_step(Step.ASK_CODE, verb=verb, petition=number)
    code = code_in(scene.text)
    if code:
        return _open_with_code(asking, scene, number, code)
    return turn(asking, scene.say("case.ask_code"))


def ask_number(session: Session, scene: Scene, _: str = "") -> Turn:
    """«查别的编号»."""
    return turn(session.at_step(Step.ASK_NUMBER, verb="show"), scene.say("case.ask_number"))


def take_number(session: Session, scene: Scene) -> Turn:
    """A number was asked for."""
    number = number_in(scene.insight.reading)
    if number is None:
        return turn(session, scene.say("case.ask_number"))
    return _with_number(session, scene, session.verb or "show", number)


def take_code(session: Session, scene: Scene) -> Turn:
    """A receipt code was asked for; another number starts over."""
    number = number_in(scene.insight.reading)
    if number and number != session.petition:
        return take_number(session, scene)
    code = code_in(scene.text)
    if code is None or session.petition is None:
        return turn(session, scene.say("case.ask_code"))
    return _open_with_code(session, scene, session.petition, code)


def _open_with_code(session: Session, scene: Scene, number: str, code: str) -> Turn:
    rest = session.at_rest(petition=None)
    try:
        case = scene.desk.open_with_code(number, code)
    except NoSuchPetition:
        other = scene.choice("number", "label.other_number")
        person = scene.choice("human", "label.human")
        return turn(rest, scene.say("case.not_found", other, person))
    # Who holds the code may look; acting is for the chat in which it was filed.
    return turn(rest, glance_message(replace(case, actions=frozenset()), scene))


# The verbs


def do_verb(session: Session, scene: Scene, verb: str, case: CaseGlance) -> Turn:
    """Do ``verb`` to the resident's own ``case``."""
    if verb != "show" and verb not in case.actions:
        return not_now(session, scene, case)
    return _VERBS[verb](session.at_rest(petition=case.number), scene, case)


def not_now(session: Session, scene: Scene, case: CaseGlance) -> Turn:
    """The case can't take this now: say where it stands."""
    status = status_words(case, scene)
    said = scene.say("case.not_now", number=case.number, status=status)
    return turn(session.at_rest(petition=case.number), said)


def on_case_choice(verb: str) -> ChoiceFunction:
    """The handler of the buttons that name a petition: "urge:HY…"."""

    def handle(session: Session, scene: Scene, number: str) -> Turn:
        try:
            return do_verb(session, scene, verb, scene.desk.find(number))
        except NoSuchPetition:
            return turn(session, scene.say("stale_choice"))

    return handle


def _show(session: Session, scene: Scene, case: CaseGlance) -> Turn:
    return turn(session, glance_message(case, scene))


def _urge(session: Session, scene: Scene, case: CaseGlance) -> Turn:
    urged = scene.desk.urge(case.number)
    unit = unit_words(urged.unit, scene)
    return turn(session, scene.say("case.urged", unit=unit, next=due_words(urged, scene)))


def _supplement(session: Session, scene: Scene, case: CaseGlance) -> Turn:
    if scene.insight.message.choice is None and _says_more(scene):
        return _add(session, scene, case.number)
    return turn(session.at_step(Step.ASK_SUPPLEMENT), scene.say("case.ask_supplement"))


def _says_more(scene: Scene) -> bool:
    words = plain(scene.text)
    more = len(words) >= SHORTEST_SUPPLEMENT and not BARE_VERB.match(words)
    return more or bool(scene.insight.attachments)


def take_supplement(session: Session, scene: Scene) -> Turn:
    """What is to be added."""
    if session.petition is None or CANCEL.match(plain(scene.text)):
        return turn(session.at_rest(), scene.say("deny.idle"))
    return _add(session, scene, session.petition)


def _add(session: Session, scene: Scene, number: str) -> Turn:
    scene.desk.supplement(number, words_of(scene.insight.reading), scene.insight.attachments)
    done = session.at_rest(petition=number)
    return after_form(done, scene, scene.say("case.supplemented", number=number))


def _withdraw(session: Session, scene: Scene, case: CaseGlance) -> Turn:
    question = scene.say(
        "case.confirm_withdraw",
        scene.choice(f"withdraw.yes:{case.number}", "label.withdraw_yes"),
        scene.choice(f"withdraw.no:{case.number}", "label.withdraw_no"),
        number=case.number,
        title=case.title,
    )
    return turn(session.at_step(Step.CONFIRM_WITHDRAW), question)


def withdraw_confirmed(session: Session, scene: Scene, number: str) -> Turn:
    """«确定撤回»; a second tap finds it withdrawn and says the same."""
    try:
        case = scene.desk.find(number)
    except NoSuchPetition:
        return turn(session.at_rest(), scene.say("case.withdrawn", number=number))
    if "withdraw" not in case.actions:
        return not_now(session, scene, case)
    scene.desk.withdraw(number, "")
    return turn(session.at_rest(petition=None), scene.say("case.withdrawn", number=number))


def withdraw_dropped(session: Session, scene: Scene, number: str) -> Turn:
    """«不撤回»."""
    return turn(session.at_rest(), scene.say("case.kept", number=number))


def take_withdraw_words(session: Session, scene: Scene) -> Turn:
    """Typed words while the withdrawal waits for a yes."""
    yes = scene.insight.intent in (Intent.AFFIRM, Intent.WITHDRAW)
    return (withdraw_confirmed if yes else withdraw_dropped)(session, scene, session.petition or "")


def join_in(session: Session, scene: Scene) -> Turn:
    """«我家也是»: with a matter or a place in it, the neighbours' case is looked for."""
    says_something = len(plain(scene.text)) > 6
    return (start_filing if says_something else start_blank)(session, scene)


_VERBS: dict[str, Callable[[Session, Scene, CaseGlance], Turn]] = {
    "show": _show,
    "urge": _urge,
    "supplement": _supplement,
    "withdraw": _withdraw,
    "rate": rate_case,
}
