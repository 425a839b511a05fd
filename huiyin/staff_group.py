"""Joins the staff group in Telegram with the desk: who taps there acts as at the desk."""

from functools import partial

from bot.channels.telegram import NAME as TELEGRAM
from bot.channels.telegram_staff import NO_STAFF, TelegramStaff
from bot.staff_desk import StaffAccount, StaffAct, StaffActRefused
from bot.staff_taps import StaffTaps
from console.chat_accounts import ChatAccount, act_from_chat, link_chat_account
from console.errors import DeskError
from console.problems import sentence_of
from console.services import ConsoleServices
from huiyin.bootstrap import Service
from huiyin.desk import make_console_services
from petitions.errors import PetitionError


class ServiceStaffDesk:
    """The conversation's ``StaffDesk`` on the desk's own tables and permissions."""

    def __init__(self, services: ConsoleServices) -> None:
        self._services = services

    def link(self, account: StaffAccount, code: str) -> str | None:
        """Link ``account``; see :meth:`StaffDesk.link`."""
        member = link_chat_account(self._services, _known(account), code)
        return member.name if member else None

    def act(self, act: StaffAct) -> None:
        """Carry out one tap; see :meth:`StaffDesk.act`."""
        try:
            act_from_chat(
                self._services,
                _known(act.account),
                number=act.number,
                verb_name=act.verb,
                key=act.key,
            )
        except (DeskError, PetitionError) as error:
            raise StaffActRefused(sentence_of(error)) from None


def _known(account: StaffAccount) -> ChatAccount:
    return ChatAccount(channel=account.channel, account=account.account)


def telegram_staff(service: Service) -> TelegramStaff:
    """What staff do in Telegram; nothing without a group."""
    room = service.staff_room
    if room is None:
        return NO_STAFF
    desk = ServiceStaffDesk(make_console_services(service))
    return TelegramStaff(taps=StaffTaps(desk), follow=partial(room.follow, TELEGRAM))
