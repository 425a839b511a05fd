"""The card of a petition: what was understood, one row each, with «修改» beside it."""

from bot.dialogue.drafting import title_of
from bot.dialogue.form import Form
from bot.dialogue.placing import place_shown
from bot.dialogue.turn import Scene
from bot.messages import CardRow, Choice, OutgoingMessage

MATTER_CHARACTERS = 160
ROW_CHARACTERS = 80
EDITABLE = ("matter", "place", "time", "wanted", "category", "contact", "privacy")
"""The rows a resident can change, in the order in which they are offered."""


def card_message(form: Form, scene: Scene, key: str = "filing.card") -> OutgoingMessage:
    """The bubble with the card and its buttons."""
    text = scene.book.say(key)
    buttons = (
        scene.choice(f"card.confirm:{form.key}", "label.confirm"),
        scene.choice(f"card.cancel:{form.key}", "label.cancel"),
        *_optional_buttons(form, scene),
    )
    slot = f"card:{form.key}"
    return OutgoingMessage(
        text=text, key=key, choices=buttons, card=card_rows(form, scene), slot=slot
    )


def _optional_buttons(form: Form, scene: Scene) -> tuple[Choice, ...]:
    return tuple(
        scene.choice(f"card.edit:{field}:{form.key}", label)
        for field, label, offered in (
            ("contact", "label.contact", not form.contact_shown and not form.anonymous),
            ("privacy", "label.privacy", not (form.anonymous or form.confidential)),
        )
        if offered
    )


def card_rows(form: Form, scene: Scene) -> tuple[CardRow, ...]:
    """The rows: what is filled in, and what may still be."""
    edit = scene.book.say("label.edit")
    return tuple(
        CardRow(
            label=scene.book.say(f"row.{field}"),
            value=value,
            edit=_edit(field, form, edit),
        )
        for field, value in _values(form, scene)
        if value
    )


def _edit(field: str, form: Form, label: str) -> Choice | None:
    if field not in EDITABLE:
        return None
    return Choice(payload=f"card.edit:{field}:{form.key}", label=label)


def _values(form: Form, scene: Scene) -> tuple[tuple[str, str | None], ...]:
    say = scene.book.say
    return (
        ("matter", _cut(form.matter, MATTER_CHARACTERS)),
        ("place", _cut(place_shown(form) or say("value.none"), ROW_CHARACTERS)),
        ("time", form.happened_at_text and _cut(form.happened_at_text, ROW_CHARACTERS)),
        ("wanted", form.wanted and _cut(form.wanted, ROW_CHARACTERS)),
        ("category", _category(form) or say("value.category_unknown")),
        ("urgency", None if form.urgency == "ordinary" else say(f"urgency.{form.urgency}")),
        ("contact", form.contact_shown or say("value.no_contact")),
        ("privacy", _privacy(form, scene)),
        ("on_behalf_of", form.on_behalf_of),
        ("attachments", _attachments(form, scene)),
    )


def _category(form: Form) -> str | None:
    return " › ".join(filter(None, (form.category_first, form.category_second))) or None


def _privacy(form: Form, scene: Scene) -> str | None:
    words = [
        scene.book.say(f"value.{name}")
        for name, chosen in (
            ("anonymous", form.anonymous),
            ("confidential", form.confidential),
        )
        if chosen
    ]
    return "、".join(words) or None


def _attachments(form: Form, scene: Scene) -> str | None:
    count = len(form.attachments)
    return scene.book.say("value.attachments", count=count) if count else None


def form_title(form: Form) -> str:
    """A few words for the form."""
    return title_of(form.matter, form.place_text)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 1]}…"
