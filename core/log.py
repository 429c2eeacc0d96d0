"""Structured logs: one JSON object a line, the interaction id in every line of a call, numbers and secrets masked."""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

from core.masking import mask_fields

_ALWAYS_KEPT = frozenset({"timestamp", "interaction_id"})  # and structlog's own, which are taken out again


def _mask(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    kept = {name: value for name, value in line.items() if name in _ALWAYS_KEPT or name.startswith("_")}
    return {**mask_fields(line), **kept}


def configure_logging(process: str, level: str = "INFO") -> None:
    """Send every log line of this process, the libraries' too, to standard output as JSON. Call once, at start."""

    def name_process(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["process"] = process
        return line

    shared: list[structlog.typing.Processor] = [
        name_process,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def interaction_context(interaction_id: str) -> AbstractContextManager[None]:
    """Every log line inside carries this interaction's id."""
    return structlog.contextvars.bound_contextvars(interaction_id=interaction_id)


def get_log(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
