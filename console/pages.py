"""Renders the desk's pages: Jinja2 with everything escaped and nothing undefined."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console import formatting
from console.auth import SignedIn, services_of
from console.language import LANGUAGES, current_language, translate
from console.permissions import DeskPermission
from console.wording import cases, desk, organisation
from console.wording.explaining import explain_clock, explain_routing

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"


@dataclass(frozen=True, kw_only=True)
class NavLink:
    """One entry of the main navigation, shown to those who may open it."""

    address: str
    label: str
    permission: DeskPermission


NAVIGATION = (
    NavLink(address="/desk", label="工单", permission=DeskPermission.SEE_CASES),
    NavLink(address="/desk/log", label="民情日志", permission=DeskPermission.WRITE_LOG),
    NavLink(address="/desk/supervision", label="督办", permission=DeskPermission.SEE_FIGURES),
    NavLink(address="/desk/templates", label="常用答复", permission=DeskPermission.SEE_FIGURES),
    NavLink(address="/desk/knowledge", label="知识", permission=DeskPermission.CURATE),
    NavLink(address="/desk/questions", label="提问", permission=DeskPermission.CURATE),
    NavLink(address="/desk/examples", label="样例", permission=DeskPermission.CURATE),
    NavLink(address="/desk/staff", label="账号", permission=DeskPermission.MANAGE_STAFF),
    NavLink(address="/desk/deliveries", label="送达", permission=DeskPermission.SEE_DELIVERIES),
    NavLink(address="/desk/running", label="运行", permission=DeskPermission.OPERATE),
    NavLink(address="/desk/organisation", label="组织", permission=DeskPermission.SEE_ORGANISATION),
    NavLink(address="/desk/audit", label="审计", permission=DeskPermission.READ_AUDIT),
)


def home_of(me: SignedIn) -> str:
    """The first page of somebody's own work."""
    links = (link.address for link in NAVIGATION if me.member.may(link.permission))
    return next(links, "/desk/account")


class Pages:
    """The templates, loaded once."""

    def __init__(self) -> None:
        """Set up the environment; templates are read when first used."""
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=("jinja2.ext.i18n",),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(_FILTERS)
        # The i18n extension adds this method to the environment.
        install: Any = self._environment.install_gettext_callables  # type: ignore[attr-defined]
        install(translate, _one_or_many, newstyle=True)
        self._environment.globals.update(
            words=_word_tables(),
            static_version=_static_version(),
            languages=LANGUAGES,
            current_language=current_language,
            navigation=NAVIGATION,
            # The same form sent twice, by a double click or a reload, is one wish.
            new_form_key=lambda: secrets.token_urlsafe(16),
        )

    def show(
        self,
        request: Request,
        template: str,
        *,
        me: SignedIn | None = None,
        status: int = 200,
        **context: Any,
    ) -> HTMLResponse:
        """Render a page for somebody, or for nobody yet."""
        services = services_of(request)
        content = self._environment.get_template(template).render(
            me=me,
            path=request.url.path,
            back_here=_address(request),
            organisation=services.organisation,
            now=services.clock.now(),
            **context,
        )
        return HTMLResponse(content, status_code=status)


def pages_of(request: Request) -> Pages:
    """The application's templates."""
    pages: Pages = request.app.state.pages
    return pages


def show(
    request: Request,
    template: str,
    *,
    me: SignedIn | None = None,
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """Render a page with the application's templates; see :meth:`Pages.show`."""
    return pages_of(request).show(request, template, me=me, status=status, **context)


def _one_or_many(one: str, many: str, n: int) -> str:
    # Chinese has one form, and so have our keys.
    return translate(one if n == 1 else many)


def _address(request: Request) -> str:
    """Where to come back to after the language was switched; a form's answer is no such place."""
    if request.method != "GET":
        return "/desk"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


_FILTERS = {
    "local_time": formatting.local_time,
    "local_day": formatting.local_day,
    "machine_time": formatting.machine_time,
    "clock_label": formatting.clock_label,
    "excerpt": formatting.excerpt,
    "clock_sentence": explain_clock,
    "routing_sentence": explain_routing,
    "percent": formatting.percent,
    "file_size": formatting.file_size,
}


def _word_tables() -> Mapping[str, Mapping[str, str]]:
    return {
        name.lower(): table
        for module in (cases, desk, organisation)
        for name, table in vars(module).items()
        if name.isupper() and isinstance(table, Mapping)
    }


def _static_version() -> str:
    """Changes when a stylesheet or script does, so that browsers fetch it again."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
