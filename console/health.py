"""Whether the process is alive, whether it can serve, and its figures."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from console.services import ConsoleServices

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def is_alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def is_ready(request: Request) -> JSONResponse:
    """Everything the service needs is there, or which part is missing (503)."""
    services: ConsoleServices = request.app.state.services
    parts = dict(services.is_ready())
    ready = all(parts.values())
    content = {"status": "ready" if ready else "not_ready", "parts": parts}
    return JSONResponse(content, status_code=200 if ready else 503)


@router.get("/metrics")
def read_metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    services: ConsoleServices = request.app.state.services
    return Response(generate_latest(services.registry), media_type=CONTENT_TYPE_LATEST)
