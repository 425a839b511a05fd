"""Structured logs on standard error: one JSON object a line, ids and actions, nobody's words."""

import logging
import sys

import structlog

QUIET_LIBRARIES = ("httpx", "httpcore", "telegram", "jieba", "dbos", "faiss.loader", "bm25s")


def configure_logs(level: str, *, readable: bool) -> None:
    """Set up structlog and quieten libraries that would log addresses with tokens in them.

    Args:
        level: least severe level that is written.
        readable: lines for a person at a terminal instead of JSON.
    """
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        # A cached logger would keep writing where it first did, after that is closed.
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
