"""A conversation outlives restarts and releases."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from bot.dialogue.form import Form
from bot.dialogue.session import FORM_STEPS, Session, Step
from bot.messages import Attachment, AttachmentKind, Choice, IncomingMessage, ResidentAddress

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PHOTO = Attachment(kind=AttachmentKind.PHOTO, ref="ab/1.png")
FORM = Form(
    key="k", matter="漏水", kind="help", started_at=NOW, attachments=(PHOTO,), asked=("place",)
)
FULL = Session(
    resident="r_1",
    at=NOW,
    step=Step.CARD,
    form=FORM,
    parked=replace(FORM, key="p"),
    topics=("a", "b"),
    matters=("c",),
    options=(Choice(payload="x", label="y"),),
    filed=(("k", "HY20261123-0001"),),
    attachments=(PHOTO,),
    alarm="HY20261123-0002",
    alarm_at=NOW,
)


def test_everything_survives_its_json() -> None:
    assert Session.from_json(FULL.to_json()) == FULL


@pytest.mark.parametrize("name", [field.name for field in fields(Session)])
def test_a_field_an_older_release_did_not_know_takes_its_default(name: str) -> None:
    stored = FULL.to_json()
    if name not in ("resident", "at"):
        del stored[name]
    assert Session.from_json(stored).resident == "r_1"


def test_what_a_newer_release_wrote_is_passed_over() -> None:
    stored = FULL.to_json() | {"mood": "calm", "step": "dance", "version": 9}
    assert Session.from_json(stored).step is Step.IDLE


@pytest.mark.parametrize("step", sorted(FORM_STEPS))
def test_a_form_that_can_not_be_read_is_dropped_with_its_step(step: str) -> None:
    stored = FULL.to_json() | {"form": {"key": "k"}, "step": step}
    read = Session.from_json(stored)
    assert (read.form, read.step) == (None, Step.IDLE)
    assert read.filed == FULL.filed


def test_an_incoming_message_survives_its_json() -> None:
    message = IncomingMessage(
        address=ResidentAddress(channel="web", chat_id="1"),
        update_id="7",
        received_at=NOW,
        text="你好",
        attachments=(PHOTO,),
        choice="a:b",
    )
    assert IncomingMessage.from_json(message.to_json()) == message
