"""Calls that show one page in a chat."""

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.telegram_errors import changes_nothing
from bot.channels.telegram_rendering import Page

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send_page(bot: Bot, chat_id: str, page: Page) -> str:
    """Send the page; the id of the message."""
    sent = await bot.send_message(
        chat_id,
        page.html,
        parse_mode=ParseMode.HTML,
        reply_markup=_keyboard(page),
        link_preview_options=_NO_PREVIEW,
    )
    return str(sent.message_id)


async def edit_page(bot: Bot, chat_id: str, page: Page, replaces: str) -> str | None:
    """Put the page in the place of a message; None when that one can't be edited (any more)."""
    if not replaces.isdecimal():
        return None
    try:
        await bot.edit_message_text(
            page.html,
            chat_id=chat_id,
            message_id=int(replaces),
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(page),
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        return replaces if changes_nothing(error) else None
    return replaces


def _keyboard(page: Page) -> InlineKeyboardMarkup | None:
    if not page.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(one.label, callback_data=one.payload, url=one.url) for one in row]
            for row in page.rows
        ]
    )
