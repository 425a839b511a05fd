"""Questions answered from the texts: quoted with their citation, asked back, or honestly not."""

from dataclasses import replace
from datetime import datetime

from bot.dialogue.confirming import after_form
from bot.dialogue.drafting import words_of
from bot.dialogue.filing import ask_again, start_filing
from bot.dialogue.session import FORM_STEPS, Session, Step
from bot.dialogue.turn import QuestionAsked, QuestionRated, Reading, Scene, Turn, turn
from bot.messages import Choice, OutgoingMessage, Quote
from knowledge.answering import Answer, Clarify, NoAnswer, NoAnswerReason
from petitions.deadlines import LOCAL_ZONE

NO_ANSWER_SENTENCES = {
    NoAnswerReason.NOTHING_NEAR: "consult.none",
    NoAnswerReason.NOT_IN_FORCE: "consult.not_in_force",
    NoAnswerReason.EMPTY_INDEX: "consult.empty",
}
MOST_TOPICS = 3


def ask_question(session: Session, scene: Scene, _: str = "") -> Turn:
    """«问规定»: invite the question."""
    return turn(session.at_rest(), scene.say("consult.ask"))


def consult(session: Session, scene: Scene) -> Turn:
    """Answer the question at hand."""
    match scene.insight.reading.answer:
        case Answer() as answer:
            return _quote(session, scene, answer)
        case Clarify() as unsure:
            return _ask_topic(session, scene, unsure)
        case NoAnswer() as nothing:
            return _admit(session, scene, nothing)
        case _:
            return turn(session.at_rest(), scene.say("consult.ask"))


def _quote(session: Session, scene: Scene, answer: Answer) -> Turn:
    passage = answer.hits[0].passage
    key, words = _introduction(answer, scene.now)
    said = scene.say(
        key,
        scene.choice("useful", "label.useful"),
        scene.choice("useless", "label.useless"),
        scene.choice("tofile", "label.to_petition"),
        **words,
    )
    quote = Quote(text=answer.quote, citation=passage.citation.sentence())
    asked = session.at_rest(question=words_of(scene.insight.reading), topic=answer.topic)
    return turn(asked, replace(said, quote=quote), notes=_note(session, scene))


def _introduction(answer: Answer, now: datetime) -> tuple[str, dict[str, str]]:
    """What is said before the quote: whose words it is, of when, and whether it still holds."""
    if answer.on is not None:
        today = now.astimezone(LOCAL_ZONE).date()
        holds = answer.hits[0].passage.citation.in_force(today)
        return ("consult.then" if holds else "consult.then_lapsed"), {"day": str(answer.on)}
    if answer.own_words:
        return "consult.own_words", {}
    if answer.rewritten:
        return "consult.plain", {"plain": answer.rewritten}
    return "consult.answer", {}


def _ask_topic(session: Session, scene: Scene, unsure: Clarify) -> Turn:
    topics = unsure.topics[:MOST_TOPICS]
    buttons = [Choice(payload=f"topic:{n}", label=topic) for n, topic in enumerate(topics)]
    asking = session.at_rest(question=words_of(scene.insight.reading), topics=topics)
    question = scene.say(
        "consult.clarify",
        *buttons,
        scene.choice("tofile", "label.to_petition"),
        topics=scene.book.say("consult.clarify_or").join(topics),
    )
    return turn(asking.at_step(Step.CLARIFY_TOPIC), question)


def _admit(session: Session, scene: Scene, nothing: NoAnswer) -> Turn:
    key, words = _admission(nothing, scene.now)
    said = scene.say(
        key,
        scene.choice("tofile", "label.to_petition"),
        scene.choice("noneed", "label.no_need"),
        **words,
    )
    return turn(
        session.at_rest(question=words_of(scene.insight.reading)), said, notes=_note(session, scene)
    )


def _admission(nothing: NoAnswer, now: datetime) -> tuple[str, dict[str, str]]:
    """Why there is nothing to quote; a text out of force is named with the day."""
    if nothing.on is not None:
        return "consult.none_then", {"day": str(nothing.on)}
    if nothing.reason is NoAnswerReason.NOT_IN_FORCE and nothing.nearest:
        citation = nothing.nearest[0].passage.citation
        today = now.astimezone(LOCAL_ZONE).date()
        if citation.effective_to and citation.effective_to < today:
            return "consult.lapsed", {"title": citation.title, "day": str(citation.effective_to)}
        if citation.effective_from and citation.effective_from > today:
            return "consult.coming", {"title": citation.title, "day": str(citation.effective_from)}
    return NO_ANSWER_SENTENCES[nothing.reason], {}


def _note(session: Session, scene: Scene) -> tuple[QuestionAsked, ...]:
    reading = scene.insight.reading
    if reading.answer is None:
        return ()
    question = QuestionAsked(
        resident=session.resident, question=words_of(reading), answer=reading.answer
    )
    return (question,)


def choose_topic(session: Session, scene: Scene, _: str) -> Turn:
    """A button of the topic question; the engine has asked the texts again for it."""
    if session.question is None:
        return turn(session, scene.say("stale_choice"))
    return consult(session, scene)


def useful(session: Session, scene: Scene, _: str = "") -> Turn:
    """«有用»."""
    return turn(session, scene.say("consult.useful"), notes=_rated(session, useful=True))


def useless(session: Session, scene: Scene, _: str = "") -> Turn:
    """«没用»: remember it for the curators and offer a person's answer."""
    offer = scene.say(
        "consult.useless",
        scene.choice("tofile", "label.to_petition"),
        scene.choice("noneed", "label.no_need"),
    )
    return turn(session, offer, notes=_rated(session, useful=False))


def _rated(session: Session, *, useful: bool) -> tuple[QuestionRated, ...]:
    if session.question is None:
        return ()
    rated = QuestionRated(resident=session.resident, question=session.question, useful=useful)
    return (rated,)


def no_need(session: Session, scene: Scene, _: str = "") -> Turn:
    """The resident does not want a petition made of the question."""
    return turn(session, scene.say("deny.idle"))


def question_to_petition(session: Session, scene: Scene, _: str = "") -> Turn:
    """«转成诉求»: the question becomes the matter of a petition."""
    if session.question is None or session.step in FORM_STEPS:
        return turn(session, scene.say("stale_choice"))
    reading = scene.insight.reading
    if words_of(reading) != session.question:
        reading = Reading(text=session.question)
    return start_filing(session.at_rest(), scene.about(reading))


def answer_beside_form(session: Session, scene: Scene) -> Turn:
    """Answer a side question and go on with the form where it was."""
    answered = consult(session.at_rest(), scene)
    replies = tuple(_only_told(reply) for reply in answered.replies)
    kept = replace(session, question=answered.session.question, topic=answered.session.topic)
    back = ask_again(kept, scene).led_by(scene.say("filing.side_note"))
    return replace(back, replies=(*replies, *back.replies), notes=answered.notes)


def _only_told(reply: OutgoingMessage) -> OutgoingMessage:
    """The answer without its buttons: the form's own are to be tapped now."""
    return replace(reply, choices=())


def consult_then_next(session: Session, scene: Scene) -> Turn:
    """Answer, and take up the next matter when the message held several."""
    answered = consult(session, scene)
    if not answered.session.matters:
        return answered
    return answered.then(after_form(answered.session, scene))
