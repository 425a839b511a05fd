"""The web application: the desk with the residents' chat on the same address."""

from typing import Any

from bot.channels.web import WebChat, chat_router
from bot.channels.web_channel import WebChannel
from bot.channels.web_contact import ContactPage
from bot.channels.web_history import WebHistory
from bot.channels.web_identity import WebIdentities
from bot.channels.web_pages import WebPages
from bot.channels.web_track import TrackPage
from bot.channels.web_views import Operator
from bot.channels.webhooks import webhook_router
from bot.rate_limit import RateLimit
from console.app import create_app
from huiyin.bootstrap import Service
from huiyin.channels import webhooks_of
from huiyin.desk import make_console_services
from huiyin.secret_key import derive_key


def make_web_app(service: Service) -> Any:
    """The ASGI application of the web role."""
    service.channels[WebChannel.name] = WebChannel()
    routers = [chat_router(make_chat(service)), webhook_router(webhooks_of(service))]
    return create_app(make_console_services(service), routers=routers)


def make_chat(service: Service) -> WebChat:
    """What the residents' chat works with."""
    settings = service.settings
    office = service.organisation.unit(service.organisation.communities[0].committee)
    return WebChat(
        inbox=service.inbox,
        history=WebHistory(service.database),
        attachments=service.attachments,
        pages=WebPages(
            operator=Operator(name=service.organisation.subdistrict.name, phone=office.phone),
            max_upload_bytes=settings.max_upload_bytes,
        ),
        contact=ContactPage(service.open_work, service.clock.now),
        track=TrackPage(lambda: service.open_work(read_only=True), service.clock.now),
        identities=WebIdentities(derive_key(service.secret, "chat")),
        now=service.clock.now,
        limit=RateLimit(),
        secure_cookies=settings.secure_cookies,
        embed_origins=tuple(settings.embed_origins.split()),
    )
