"""Makes the channels that the settings name; each is left off without its first setting."""

import threading
from collections.abc import Callable, Mapping

import structlog
from pydantic import SecretStr

from bot.channels.base import DeliveryError
from bot.channels.telegram import NAME as TELEGRAM
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_webhook import TelegramWebhook
from bot.channels.webhooks import Webhook
from bot.channels.wechat import ProgressTemplate, WeChatChannel
from bot.channels.wecom import WeComChannel
from bot.dialogue.wording.commands import ACCOUNT_MENU
from huiyin.bootstrap import Service
from huiyin.staff_group import telegram_staff

log = structlog.get_logger(__name__)


def open_telegram(service: Service) -> TelegramChannel | None:
    """The Telegram channel, or None."""
    settings = service.settings
    if settings.telegram_token is None:
        return None
    return TelegramChannel(
        settings.telegram_token.get_secret_value(),
        base_url=settings.telegram_base_url,
        max_upload_bytes=settings.max_upload_bytes,
        now=service.clock.now,
    )


def open_wechat(service: Service) -> WeChatChannel | None:
    """The channel of the Official Account, or None."""
    settings = service.settings
    if settings.wechat_app_id is None:
        return None
    template = settings.wechat_template
    return WeChatChannel(
        app_id=settings.wechat_app_id,
        app_secret=_plain(settings.wechat_app_secret),
        token=_plain(settings.wechat_token),
        aes_key=_plain(settings.wechat_aes_key),
        template=ProgressTemplate.read(template) if template else None,
        page=settings.resolved_public_url,
        server=settings.wechat_base_url,
        max_upload_bytes=settings.max_upload_bytes,
        now=service.clock.now,
    )


def open_wecom(service: Service) -> WeComChannel | None:
    """The channel of the WeCom application, or None."""
    settings = service.settings
    if settings.wecom_corp_id is None:
        return None
    return WeComChannel(
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        secret=_plain(settings.wecom_secret),
        token=_plain(settings.wecom_token),
        aes_key=_plain(settings.wecom_aes_key),
        server=settings.wecom_base_url,
        max_upload_bytes=settings.max_upload_bytes,
        now=service.clock.now,
    )


def webhooks_of(service: Service) -> list[Webhook]:
    """The addresses that platforms call, for the channels that are open in this process."""
    receive = service.inbox.receive
    accounts = (WeChatChannel, WeComChannel)
    called = (one for one in service.channels.values() if isinstance(one, accounts))
    webhooks: list[Webhook] = [channel.webhook(receive) for channel in called]
    telegram = telegram_webhook_of(service)
    return [*webhooks, telegram] if telegram else webhooks


def telegram_webhook_of(service: Service) -> TelegramWebhook | None:
    """Telegram's webhook; None when Telegram is off or polled."""
    secret = service.settings.telegram_webhook_secret
    channel = service.channels.get(TELEGRAM)
    if secret is None or not isinstance(channel, TelegramChannel):
        return None
    return channel.webhook(
        service.inbox.receive, secret.get_secret_value(), telegram_staff(service)
    )


def set_menus(service: Service) -> None:
    """Set the menus of the accounts in the background; a failure is only logged."""
    for channel in service.channels.values():
        if isinstance(channel, WeChatChannel | WeComChannel):
            arguments = (channel.register_commands, channel.name)
            threading.Thread(target=_set_menu, args=arguments, daemon=True).start()


def _set_menu(register: Callable[[Mapping[str, str]], None], name: str) -> None:
    try:
        register(ACCOUNT_MENU)
    except DeliveryError as error:
        log.warning("menu_not_set", action="channel_start", channel=name, problem=str(error))


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
