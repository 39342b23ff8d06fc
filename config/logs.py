"""What is written about what the site does: lines on the console, of others only what is wrong."""

import sys
from typing import Any

from structlog.contextvars import merge_contextvars
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import Processor

from web.logs import add_person

TALKATIVE = ("axes", "celery", "onnx_ir", "onnxscript", "waitress")


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """As `logging.config.dictConfig` has it. form: LINES for people, JSON for programs."""
    own = [merge_contextvars, add_person, add_log_level, add_logger_name, TimeStamper(fmt="iso", utc=True)]
    line = {
        "()": ProcessorFormatter,
        "foreign_pre_chain": own,
        "processors": [ProcessorFormatter.remove_processors_meta, *renderers(form)],
    }
    console = {"class": "logging.StreamHandler", "formatter": "line", "filters": ["client_errors"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"client_errors": {"()": "web.logs.ClientErrors", "least": level}},
        "formatters": {"line": line},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in TALKATIVE}
        | {"waitress.queue": {"level": "ERROR"}},  # that some wait is usual
    }


def renderers(form: str) -> list[Processor]:
    """Tracebacks without the values of variables, which are what people sent."""
    if form == "JSON":
        return [format_exc_info, JSONRenderer(ensure_ascii=False)]
    return [ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0, exception_formatter=plain_traceback)]
