"""The pages of the web chat, from values to HTML. No web framework is known here.

``web.py`` decides what is shown to whom; this module decides how it looks. Whatever a resident
or a text brings is escaped by the templates; the only markup is our own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypedDict
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.web_text import LANGUAGES, is_after_silence, pieces, safe_address
from bot.channels.web_track import TrackView
from bot.channels.web_views import (
    Bubble,
    ChatView,
    ContactView,
    Operator,
    PageProblem,
    Visit,
    WebPaths,
)
from bot.dialogue.wording import web_zh_cn

TEMPLATE_FOLDER = Path(__file__).resolve().parent / "web_templates"
STATIC_FOLDER = Path(__file__).resolve().parent / "web_static"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""All that these pages need. The location button also needs geolocation allowed for itself."""

ASSETS = ("chat.css", "chat.js", "voice.js")

SCRIPT_WORDS = tuple(key for key in web_zh_cn.SENTENCES if key.startswith("script."))
"""What the script may have to say: it finds the sentences in the page."""

PROMPTS = ("prompt.lift", "prompt.permit", "prompt.mine", "prompt.human")
"""What a first visitor may tap to try."""

MessageJson = TypedDict("MessageJson", {"id": str, "from": str, "html": str})
"""One message as the script takes it; ``from`` is ``resident`` or ``huiyin``."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A bubble in its place: ``is_live`` when its buttons still mean something."""

    bubble: Bubble
    is_live: bool = False
    moment: str | None = None


class WebPages:
    """Renders every page and bubble."""

    def __init__(
        self,
        *,
        operator: Operator,
        paths: WebPaths | None = None,
        max_upload_bytes: int = 10 * 1024 * 1024,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """Prepare the templates.

        Args:
            operator: Who runs the chat.
            paths: Where the pages are served.
            max_upload_bytes: The largest photo that is taken; said before it is sent.
            new_id: Makes the ``client_id`` of a form, by which a double tap counts once.
        """
        self.paths = paths or WebPaths()
        self._templates = _environment()
        self._templates.globals.update(
            operator=operator,
            paths=self.paths,
            new_id=new_id,
            assets={name: f"{self.paths.static}/{name}?v={_digest(name)}" for name in ASSETS},
            max_upload_bytes=max_upload_bytes,
            script_words=SCRIPT_WORDS,
            megabytes=max_upload_bytes // (1024 * 1024),
        )

    def render_chat(self, visit: Visit, view: ChatView) -> str:
        """The chat page with the conversation so far."""
        lines = _in_place(visit, view.bubbles, None if view.newest else _live_id(view.bubbles))
        folded = _before_last_matter(lines) if visit.elder and not view.newest else 0
        return self._render(
            "chat.html",
            visit,
            view=view,
            folded=lines[:folded],
            lines=lines[folded:],
            prompts=PROMPTS,
            blank=Line(bubble=Bubble(id="", at=visit.now)),
        )

    def render_bubble(
        self,
        visit: Visit,
        bubble: Bubble,
        *,
        is_live: bool = True,
        previous_at: datetime | None = None,
    ) -> str:
        """One message; without ``is_live`` nothing in it can be tapped any more.

        Its time is shown when ``previous_at`` is given and long enough ago.
        """
        moment = _moment(visit, bubble.at, previous_at) if previous_at else None
        line = Line(bubble=bubble, is_live=is_live, moment=moment)
        return self._render("bubble.html", visit, line=line).strip()

    def render_messages(
        self, visit: Visit, bubbles: Sequence[Bubble], *, previous_at: datetime | None = None
    ) -> list[MessageJson]:
        """New messages for the script, oldest first; ``previous_at``: time of the one before."""
        live = _live_id(bubbles)
        before = [previous_at, *(bubble.at for bubble in bubbles)]
        return [
            {
                "id": bubble.id,
                "from": bubble.speaker,
                "html": self.render_bubble(
                    visit, bubble, is_live=bubble.id == live, previous_at=previous
                ),
            }
            for bubble, previous in zip(bubbles, before, strict=False)
        ]

    def render_contact(self, visit: Visit, view: ContactView) -> str:
        """The one-time form for name and phone."""
        return self._render("contact.html", visit, view=view)

    def render_contact_done(self, visit: Visit, *, back: str | None = None) -> str:
        """What follows the form; ``back`` leads to the conversation unless it is in another app."""
        return self._render("contact_done.html", visit, back=back)

    def render_track(self, visit: Visit, view: TrackView) -> str:
        """Where a petition stands, by number and receipt code."""
        return self._render("track.html", visit, view=view)

    def render_privacy(self, visit: Visit) -> str:
        """The privacy notice."""
        return self._render("privacy.html", visit)

    def render_problem(
        self, visit: Visit, problem: PageProblem, *, draft: str = "", wait_seconds: int = 10
    ) -> str:
        """A page that says what went wrong and what to do; ``draft`` can be sent again from it."""
        return self._render(
            "problem.html", visit, problem=problem, draft=draft, wait_seconds=wait_seconds
        )

    def _render(self, template: str, visit: Visit, **values: Any) -> str:
        return self._templates.get_template(template).render(
            visit=visit, say=visit.words.say, **values
        )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["languages"] = LANGUAGES
    environment.filters.update(pieces=pieces, safe_address=safe_address)
    return environment


def _digest(name: str) -> str:
    """What changes in an asset's address when the asset changes, so that it may be cached."""
    return sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()[:12]


def _in_place(visit: Visit, bubbles: Sequence[Bubble], live: str | None) -> list[Line]:
    before = [None, *(bubble.at for bubble in bubbles)]
    return [
        Line(bubble=one, is_live=one.id == live, moment=_moment(visit, one.at, previous))
        for one, previous in zip(bubbles, before, strict=False)
    ]


def _moment(visit: Visit, at: datetime, previous: datetime | None) -> str | None:
    return visit.words.moment(at, visit.now) if is_after_silence(at, previous) else None


def _live_id(bubbles: Sequence[Bubble]) -> str | None:
    """The newest bubble with buttons, unless the resident has spoken since.

    A notice that arrives by itself does not take the buttons of the card above it away.
    """
    since = bubbles[_before_last_words(bubbles) :]
    return next((one.id for one in reversed(since) if one.offers), None)


def _before_last_matter(lines: Sequence[Line]) -> int:
    """How many bubbles stand before what it is about now: one question a screen (长辈版)."""
    fresh = [place for place, line in enumerate(lines) if line.moment]
    return max(_before_last_words([line.bubble for line in lines]), *fresh, 0)


def _before_last_words(bubbles: Sequence[Bubble]) -> int:
    """How many bubbles stand before the resident's last words."""
    spoken = [place for place, one in enumerate(bubbles) if one.speaker == "resident"]
    return spoken[-1] if spoken else 0
