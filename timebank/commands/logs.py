"""What is logged: to standard error, one line each, with its time; in colour for a person."""

import logging
import sys

import structlog


def log_to_stderr() -> None:
    is_person = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if is_person else [structlog.processors.format_exc_info]),
            structlog.dev.ConsoleRenderer() if is_person else structlog.processors.JSONRenderer(default=str),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
