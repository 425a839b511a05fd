"""The conversation's state machine: ``(message, session) -> Turn``, one function a step.

Two halves, because no transaction may stay open across a model: :meth:`consider` asks parser
and texts and touches no database, :meth:`reply` decides and acts within the caller's
transaction.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.channels.base import ChannelCapabilities
from bot.dialogue.case_words import NUMBER
from bot.dialogue.considering import LONGEST_MESSAGE, Considerer, Texts
from bot.dialogue.desk import PetitionDesk
from bot.dialogue.emergency import is_emergency, may_be_emergency, warn_first
from bot.dialogue.phrases import ANGRY, holds_words, plain
from bot.dialogue.session import Session
from bot.dialogue.steering import answer, answer_at_rest
from bot.dialogue.turn import Insight, Scene, Turn
from bot.dialogue.typed import typed_as_choice
from bot.dialogue.wording import ENGLISH, SIMPLIFIED, TRADITIONAL, phrasebook
from bot.messages import IncomingMessage
from nlu.understanding import Intent, MessageParser
from petitions.organisation import Organisation
from petitions.ports import ContactCipher

LETTERS_TO_TELL_A_LANGUAGE = 4
MEGABYTE = 1024 * 1024
CALM_KEYS = frozenset({"calm.no_matter", "distress"})
UNMOVED_KEYS = frozenset({"unclear", "unclear.again", "out_of_scope"})


class DialogueEngine:
    """Answers residents.

    Args:
        parser: Understands messages; must not raise.
        texts: Answers questions from the community's texts.
        organisation: Tells the street it all happens in, as it is now.
        cipher: Seals name and phone before they enter a session.
        now: Tells the time in UTC.
        max_upload_bytes: The limit to name when something was too large.
        new_key: Makes idempotency keys for forms.
        track_address: The page that follows a petition without a chat; empty shows no link.
    """

    def __init__(
        self,
        *,
        parser: MessageParser,
        texts: Texts,
        organisation: Callable[[], Organisation],
        cipher: ContactCipher,
        now: Callable[[], datetime],
        max_upload_bytes: int = 10 * MEGABYTE,
        new_key: Callable[[], str] = lambda: secrets.token_hex(8),
        track_address: str = "",
    ) -> None:
        self._considerer = Considerer(parser=parser, texts=texts, now=now)
        self._organisation = organisation
        self._cipher = cipher
        self._max_megabytes = max_upload_bytes // MEGABYTE
        self._new_key = new_key
        self._track_address = track_address

    def consider(
        self, message: IncomingMessage, session: Session, capabilities: ChannelCapabilities
    ) -> Insight:
        """Ask parser and texts: slow, without side effects, outside of any transaction."""
        return self._considerer.consider(typed_as_choice(message, session, capabilities), session)

    def reply(
        self,
        insight: Insight,
        session: Session,
        desk: PetitionDesk,
        capabilities: ChannelCapabilities,
    ) -> Turn:
        """Decide and act; everything written goes through ``desk``."""
        session = replace(session, language=language_of(insight, session))
        scene = Scene(
            insight=insight,
            desk=desk,
            book=phrasebook(session.language),
            organisation=self._organisation(),
            capabilities=capabilities,
            cipher=self._cipher,
            new_key=self._new_key,
            max_megabytes=self._max_megabytes,
            begin=answer_at_rest,
            track_address=self._track_address,
        )
        return _closed(_with_opening(answer(session, scene), scene), session, scene)


def language_of(insight: Insight, session: Session) -> str:
    """What to answer in: that of the message, when it is long enough to tell."""
    understanding = insight.reading.understanding
    if understanding is None or insight.message.choice:
        hint = insight.message.language_hint if session.turns == 0 else None
        return _language_hinted(hint) if hint else session.language
    return understanding.language.value if _tells_language(insight.text) else session.language


def _tells_language(text: str) -> bool:
    """Whether there is enough of a language in the words; a number or a code is none."""
    letters = [sign for sign in NUMBER.sub("", text) if sign.isalpha()]
    is_code = text.isascii() and " " not in text.strip()
    return len(letters) >= LETTERS_TO_TELL_A_LANGUAGE and not is_code


def _language_hinted(hint: str) -> str:
    tag = hint.lower().replace("_", "-")
    if tag.startswith("zh"):
        return TRADITIONAL if any(part in tag for part in ("tw", "hk", "hant")) else SIMPLIFIED
    return ENGLISH if tag.startswith("en") else SIMPLIFIED


def _with_opening(turn: Turn, scene: Scene) -> Turn:
    """Say first that the message was cut, or calm somebody who is upset."""
    if scene.insight.was_cut:
        turn = turn.led_by(scene.say("cut", limit=LONGEST_MESSAGE))
    if may_be_emergency(scene):
        return warn_first(turn, scene)
    if not _is_upset(scene) or is_emergency(scene):
        return turn
    if turn.replies and turn.replies[0].key in CALM_KEYS:
        return turn
    if turn.replies and turn.replies[0].key in UNMOVED_KEYS:
        listening = scene.say("calm.no_matter", scene.choice("human", "label.human"))
        return replace(turn, replies=(listening, *turn.replies[1:]))
    return turn.led_by(scene.say("calm"))


def _is_upset(scene: Scene) -> bool:
    if scene.insight.message.choice or not holds_words(scene.text):
        return False
    return scene.insight.intent is not Intent.THANKS and bool(ANGRY.search(plain(scene.text)))


def _closed(turn: Turn, before: Session, scene: Scene) -> Turn:
    """The turn with what every turn leaves behind in the session."""
    after = turn.session
    offered = next((reply.choices for reply in reversed(turn.replies) if reply.choices), ())
    unclear = after.unclear if after.unclear > before.unclear else 0
    if not turn.replies:
        offered = before.options
    session = replace(
        after,
        options=offered,
        unclear=unclear,
        album=scene.insight.message.album,
        turns=before.turns + 1,
        at=scene.now,
    )
    return replace(turn, session=session)
