"""What is written about what the site does: lines on the console, of others only what is wrong."""

from typing import Any

TALKATIVE = ("axes", "celery.app.trace", "onnx_ir", "onnxscript", "waitress")


def logging_settings(level: str) -> dict[str, Any]:
    """As `logging.config.dictConfig` has it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in TALKATIVE}
        | {"waitress.queue": {"level": "ERROR"}},  # that some wait is usual
    }
