"""Makes the web application: the desk, its API, health, and whatever routers are passed in."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from console import health, problems, public_check
from console.api import routes as api_routes
from console.desk import routes as desk_routes
from console.metrics import WebMetrics
from console.middleware import BodyLimit, ChooseLanguage, CountRequests, SecurityHeaders
from console.pages import STATIC, Pages
from console.services import MEGABYTE, ConsoleServices

FORM_BYTES = MEGABYTE
"""What a form may weigh beside its files."""
FILES_AT_ONCE = 5


def create_app(
    services: ConsoleServices,
    *,
    routers: Sequence[APIRouter] = (),
    lifespan: Any = None,
    pages: Pages | None = None,
) -> FastAPI:
    """Make the application.

    Args:
        services: Everything the desk works with.
        routers: Other routes on the same address, such as the residents' web chat. They are
            not behind the desk's sign-in and look after their own uploads.
        lifespan: Passed to FastAPI: what starts and stops with the server.
        pages: Templates that were loaded already; without them they are loaded here.
    """
    app = FastAPI(
        title="Huiyin",
        summary="Desk actions and chat of one community.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    app.state.pages = pages or Pages()
    _add_middleware(app, services)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(desk_routes.router)
    app.include_router(api_routes.router)
    app.include_router(public_check.router)
    for router in routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _add_middleware(app: FastAPI, services: ConsoleServices) -> None:
    # The one added last stands outermost: headers also go onto what the others refuse.
    app.add_middleware(
        BodyLimit,
        max_bytes=FILES_AT_ONCE * services.max_upload_bytes + FORM_BYTES,
        paths=("/desk", "/api/v1"),
        but_not=("/api/v1/chat",),
    )
    app.add_middleware(ChooseLanguage)
    app.add_middleware(CountRequests, metrics=WebMetrics(services.registry))
    app.add_middleware(SecurityHeaders, secure=services.secure_cookies)
