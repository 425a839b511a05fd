"""How a filed petition is shown, and what is read out of words about one."""

import re
from dataclasses import replace

from bot.dialogue.desk import CaseGlance
from bot.dialogue.phrases import plain
from bot.dialogue.turn import Reading, Scene
from bot.messages import OutgoingMessage, Quote
from nlu.understanding import EntityType

NUMBER = re.compile(r"HY[A-Z]{0,4}\d{8}-\d{4,}", re.IGNORECASE)
"""Perhaps with the letters of a community."""
CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d|\d*[A-Za-z])[A-Za-z0-9]{4}[- ]?[A-Za-z0-9]{4}(?![A-Za-z0-9])"
)
"""A receipt code as people write it: eight signs, perhaps with a gap in the middle."""
VERBS = ("urge", "supplement", "withdraw", "rate")
LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"非常不满|很不满|太差|极差|very dissatisfied|terrible", re.I)),
    (2, re.compile(r"不(太)?满意|不好|没(办好|解决|修好)|差评|dissatisfied|not satisfied", re.I)),
    (5, re.compile(r"非常满意|很满意|特别满意|五星|太好了|very satisfied|excellent", re.I)),
    (4, re.compile(r"满意|挺好|不错|好评|satisfied|good", re.I)),
    (3, re.compile(r"一般|还行|还可以|凑合|fair|so so|ok", re.I)),
)
"""Words for the five levels; the first that is found wins, so «不满意» is not «满意»."""


def number_in(reading: Reading) -> str | None:
    """The petition number in the words, or None."""
    entities = reading.entities(EntityType.PETITION_NUMBER)
    match = NUMBER.search(entities[0].text if entities else reading.text)
    return match[0].upper() if match else None


def code_in(text: str) -> str | None:
    """The receipt code in the words, or None; a petition number is none."""
    match = CODE.search(NUMBER.sub(" ", text))
    return match[0] if match else None


def level_in(text: str) -> int | None:
    """The level that the words mean, 1 to 5, or None."""
    words = plain(text)
    return next((level for level, pattern in LEVELS if pattern.search(words)), None)


def glance_message(case: CaseGlance, scene: Scene) -> OutgoingMessage:
    """Where a petition stands, what comes next, and what the resident may do."""
    buttons = [
        scene.choice(f"{verb}:{case.number}", f"label.{verb}")
        for verb in VERBS
        if verb in case.actions
    ]
    said = scene.say(
        "case.glance",
        *buttons,
        number=case.number,
        title=case.title,
        status=status_words(case, scene),
        next=due_words(case, scene),
    )
    if case.reply is None:
        return said
    return replace(said, quote=Quote(text=case.reply, citation=unit_words(case.unit, scene)))


def line_of(case: CaseGlance, scene: Scene) -> str:
    """One petition as a button."""
    return f"{case.number[-4:]} {case.title} · {status_words(case, scene)}"[:60]


def status_words(case: CaseGlance, scene: Scene) -> str:
    """Where the case stands, in words."""
    return scene.book.say(f"status.{case.status}", unit=unit_words(case.unit, scene))


def unit_words(unit: str | None, scene: Scene) -> str:
    """Who handles it, in words."""
    return unit or scene.book.say("case.somebody")


def due_words(case: CaseGlance, scene: Scene) -> str:
    """By when there will be an answer; empty when none is due."""
    if case.due_at is None:
        return ""
    key = "case.overdue" if case.overdue else "case.due"
    return scene.book.say(key, due=scene.book.moment(case.due_at))
