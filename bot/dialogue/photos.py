"""Photos and places that come without words."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.desk import NoSuchPetition
from bot.dialogue.drafting import with_attachments
from bot.dialogue.session import Session
from bot.dialogue.turn import Scene, Turn, turn

STILL_ABOUT_IT = timedelta(minutes=30)
MOST_KEPT = 12


def take_files(session: Session, scene: Scene) -> Turn:
    """Keep them for the matter that follows, or offer to add them to the one just filed."""
    kept = replace(
        session, attachments=(*session.attachments, *scene.insight.attachments)[-MOST_KEPT:]
    )
    if session.petition is None or scene.now - session.at > STILL_ABOUT_IT:
        return turn(kept, scene.say("filing.photo_first"))
    question = scene.say(
        "filing.photo_for",
        scene.choice(f"files.add:{session.petition}", "label.files_add"),
        scene.choice("files.new", "label.files_new"),
        number=session.petition,
    )
    return turn(kept, question)


def follows_in_album(session: Session, scene: Scene) -> bool:
    """Whether this is one more photo of an album that was answered already."""
    message = scene.insight.message
    return message.album is not None and message.album == session.album


def take_quietly(session: Session, scene: Scene) -> Turn:
    """One more photo of an album goes where the first one went; one reply an album is enough."""
    files = scene.insight.attachments
    if session.form is not None:
        return turn(replace(session, form=with_attachments(session.form, files, scene)))
    if session.attachments or session.petition is None:
        return turn(replace(session, attachments=(*session.attachments, *files)[-MOST_KEPT:]))
    scene.desk.supplement(session.petition, "", files)
    return turn(session)


def add_files(session: Session, scene: Scene, number: str) -> Turn:
    """They belong to the petition just filed."""
    if not session.attachments:
        return turn(session, scene.say("stale_choice"))
    try:
        scene.desk.supplement(number, "", session.attachments)
    except NoSuchPetition:
        return turn(session, scene.say("stale_choice"))
    return turn(replace(session, attachments=()), scene.say("case.supplemented", number=number))


def new_files(session: Session, scene: Scene, _: str = "") -> Turn:
    """They are about something new."""
    return turn(replace(session, petition=None), scene.say("filing.photo_first"))
