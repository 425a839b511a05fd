"""What a Telegram update amounts to. Pure: polling and the webhook use it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType, UpdateType

from bot.channels.telegram_content import content_of
from bot.channels.telegram_rendering import LABEL_MARK
from bot.messages import IncomingMessage, ResidentAddress
from bot.staff_desk import StaffAccount
from bot.staff_posts import PAYLOAD
from bot.staff_taps import StaffTap

TAKEN_UPDATES = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.MY_CHAT_MEMBER,
)
"""The kinds of updates that Telegram is asked for."""


_STAFF_CODE = re.compile(r"/staff(?:@\w+)?\s+(?P<code>[\w-]{4,20})\s*")


@dataclass(frozen=True, kw_only=True)
class BotIdentity:
    """Who we are in Telegram; ``username`` is without the @."""

    id: int
    username: str


@dataclass(frozen=True, kw_only=True)
class UpdateRead:
    """What there is to do about an update.

    Attributes:
        message: What a resident said, for the inbox.
        tap: Id of a tapped button, to be told that the tap has arrived.
        left: Chat whose resident blocked us.
        returned: Chat whose resident is there (again).
        staff_tap: What a member of staff tapped in their group.
        staff_code: Who sent the code that links a staff account, and the code; it is no word of
            a resident and is not kept.
        moved: Old and new id of a group that became another.
        joined: Group that took us in.
    """

    message: IncomingMessage | None = None
    tap: str | None = None
    left: str | None = None
    returned: str | None = None
    staff_tap: StaffTap | None = None
    staff_code: tuple[StaffAccount, str] | None = None
    moved: tuple[str, str] | None = None
    joined: str | None = None


NOTHING = UpdateRead()


class UpdateReader:
    """Turns updates into messages of residents.

    A private chat is where the resident is. In a group we listen only when addressed, and the
    sender is answered in private: there is no telling a group's members what one of them has
    asked, and one group is not one resident.

    Args:
        channel: The channel's name in addresses.
        max_upload_bytes: Larger content is not taken.
        now: Tells the time in UTC, for updates that carry none.
    """

    def __init__(self, *, channel: str, max_upload_bytes: int, now: Callable[[], datetime]) -> None:
        self._channel = channel
        self._max_upload_bytes = max_upload_bytes
        self._now = now

    def read(self, update: Update, identity: BotIdentity) -> UpdateRead:
        """What ``update`` amounts to; ``NOTHING`` for what doesn't concern us."""
        if update.callback_query:
            return self._read_tap(update.callback_query, str(update.update_id))
        if update.my_chat_member:
            return _read_membership(update.my_chat_member)
        if update.edited_message:
            return self._read_edit(update, update.edited_message, identity)
        if update.message:
            moved = _moved(update.message)
            return moved or self._read_message(update, update.message, identity)
        return NOTHING

    def _read_edit(self, update: Update, message: Message, identity: BotIdentity) -> UpdateRead:
        if message.location:  # A live location says every few seconds where somebody walks.
            return NOTHING
        read = self._read_message(update, message, identity)
        if read.message is None:
            return read
        return replace(read, message=replace(read.message, edited=True))

    def _read_message(self, update: Update, message: Message, identity: BotIdentity) -> UpdateRead:
        sender = message.from_user
        if sender is None or sender.is_bot or not _concerns_us(message, identity):
            return NOTHING
        content = content_of(message, self._max_upload_bytes)
        if content is None:
            return NOTHING
        if shown := _STAFF_CODE.fullmatch(content.text):
            return UpdateRead(staff_code=(self._account(sender), shown["code"]))
        said = IncomingMessage(
            address=self._address(message.chat, sender),
            update_id=str(update.update_id),
            received_at=message.edit_date or message.date,
            text=_without_mention(content.text, identity),
            attachments=content.attachments,
            language_hint=sender.language_code,
            album=message.media_group_id,
            problem=content.problem,
        )
        return UpdateRead(message=said, returned=said.address.chat_id)

    def _read_tap(self, query: CallbackQuery, update_id: str) -> UpdateRead:
        if not query.data or query.from_user.is_bot:
            return UpdateRead(tap=query.id)
        if query.data.startswith(f"{PAYLOAD}:"):
            tapped_by = StaffTap(account=self._account(query.from_user), payload=query.data)
            return UpdateRead(tap=query.id, staff_tap=tapped_by)
        chat = query.message.chat if query.message else None
        in_private = chat is not None and chat.type == ChatType.PRIVATE
        label = _label_tapped(query) if query.data.startswith(LABEL_MARK) else None
        tapped = IncomingMessage(
            address=self._address(chat, query.from_user),
            update_id=update_id,
            received_at=self._now(),
            text=label or "",
            choice=None if label else query.data,
            tapped=str(query.message.message_id) if query.message and in_private else None,
            language_hint=query.from_user.language_code,
        )
        return UpdateRead(message=tapped, tap=query.id, returned=tapped.address.chat_id)

    def _account(self, sender: User) -> StaffAccount:
        return StaffAccount(channel=self._channel, account=str(sender.id))

    def _address(self, chat: Chat | None, sender: User) -> ResidentAddress:
        """The resident's private chat, whose id is that of the person."""
        in_private = chat is not None and chat.type == ChatType.PRIVATE
        chat_id = chat.id if chat is not None and in_private else sender.id
        return ResidentAddress(channel=self._channel, chat_id=str(chat_id))


def _concerns_us(message: Message, identity: BotIdentity) -> bool:
    if message.chat.type == ChatType.PRIVATE:
        return True
    is_group = message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
    return is_group and (_answers_us(message, identity) or _names_us(message, identity))


def _answers_us(message: Message, identity: BotIdentity) -> bool:
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == identity.id)


def _names_us(message: Message, identity: BotIdentity) -> bool:
    named = {**message.parse_entities(), **message.parse_caption_entities()}
    mention = f"@{identity.username}".lower()
    return any(
        _is_us(entity, identity) or words.lower().endswith(mention)
        for entity, words in named.items()
        if entity.type
        in (MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.BOT_COMMAND)
    )


def _is_us(entity: MessageEntity, identity: BotIdentity) -> bool:
    return bool(entity.user and entity.user.id == identity.id)


def _without_mention(text: str, identity: BotIdentity) -> str:
    """``text`` without our own name, which is no part of what the resident says."""
    mention = f"@{identity.username}".lower()
    start = text.lower().find(mention)
    if start < 0 or len(text.lower()) != len(text):
        return text
    return f"{text[:start]}{text[start + len(mention) :]}".strip()


def _label_tapped(query: CallbackQuery) -> str | None:
    """The words on the tapped button, which stand for a payload that was too long."""
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    return next((one.text for one in buttons if one.callback_data == query.data), None)


def _moved(message: Message) -> UpdateRead | None:
    """A group that became a supergroup, told in the old one and in the new one."""
    here = str(message.chat.id)
    if message.migrate_to_chat_id:
        return UpdateRead(moved=(here, str(message.migrate_to_chat_id)))
    if message.migrate_from_chat_id:
        return UpdateRead(moved=(str(message.migrate_from_chat_id), here))
    return None


def _read_membership(change: ChatMemberUpdated) -> UpdateRead:
    chat_id = str(change.chat.id)
    gone = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.chat.type != ChatType.PRIVATE:
        return NOTHING if gone else UpdateRead(joined=chat_id)
    return UpdateRead(left=chat_id) if gone else UpdateRead(returned=chat_id)
