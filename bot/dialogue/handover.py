"""To a person: a phone number at once, or a note that somebody answers."""

from dataclasses import replace

from bot.dialogue.drafting import form_from
from bot.dialogue.filing import continue_form
from bot.dialogue.phrases import CANCEL, plain
from bot.dialogue.session import FORM_STEPS, Session, Step
from bot.dialogue.turn import Scene, Turn, turn
from petitions.organisation import Unit


def hand_over(session: Session, scene: Scene, _: str = "") -> Turn:
    """«转人工»: who can be called, and the offer to leave a note."""
    unit = _committee(session, scene)
    note = scene.choice("note", "label.leave_note")
    if unit is None or unit.phone is None:
        said = scene.say("human.no_phone", note)
    else:
        said = scene.say("human", note, name=unit.called, phone=unit.phone)
    if session.step in FORM_STEPS:
        return turn(session, said)
    return turn(session.at_rest(), said)


def _committee(session: Session, scene: Scene) -> Unit | None:
    """The committee of the place at hand, else the body that answers for all of them."""
    organisation = scene.organisation
    names = {estate.name: estate.community for estate in organisation.estates}
    community = names.get(session.form.estate or "") if session.form else None
    committee = organisation.committee_of(community)
    if committee:
        return organisation.unit(committee)
    offices = organisation.units_of_kind("subdistrict_office")
    return offices[0] if offices else None


def ask_note(session: Session, scene: Scene, _: str = "") -> Turn:
    """«留言»."""
    parked = session.form if session.step in FORM_STEPS else session.parked
    asking = session.at_rest(parked=parked).at_step(Step.ASK_NOTE)
    return turn(asking, scene.say("human.ask_note"))


def take_note(session: Session, scene: Scene) -> Turn:
    """The note becomes a petition of the kind that only wants an answer."""
    if CANCEL.match(plain(scene.text)):
        return turn(session.at_rest(), scene.say("deny.idle"))
    form = form_from(scene.insight.reading, scene, scene.insight.attachments)
    noted = replace(form, kind="consult", matter=form.matter or scene.text)
    return continue_form(replace(session, form=noted), scene)
