"""The log of every process: JSON where it is live, else lines for people. Each line names the request and the
interaction that it is about, and none holds a secret."""

import logging
import re
import secrets
from contextvars import ContextVar
from typing import Any

from contract.redaction import Redactor, secrets_of
from contract.variables import Variables

# Of a request to the backend; the Discord process sends both.
REQUEST_HEADER = "X-Request-ID"
INTERACTION_HEADER = "X-Interaction-ID"
REQUEST: ContextVar[str] = ContextVar("request", default="")
INTERACTION: ContextVar[str] = ContextVar("interaction", default="")
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s%(ids)s"
FIELDS = "%(levelname)s %(name)s %(message)s %(process)d"


def new_id() -> str:
    return secrets.token_hex(8)


def given_id(value: str | None) -> str:
    """The id that a header holds; empty if it holds no id, such as one that would begin a line of its own."""
    return value if value and _ID.fullmatch(value) else ""


class WithIds(logging.Filter):
    """Puts the ids of the request and of the interaction into each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = {"request": REQUEST.get(), "interaction": INTERACTION.get()}
        record.__dict__ |= {name: value for name, value in found.items() if value}
        record.ids = "".join(f" {name}={value}" for name, value in found.items() if value)
        return True


class WithoutSecrets(logging.Formatter):
    """Another formatter's line, tracebacks and all, without secrets."""

    def __init__(self, redact: Redactor, json: bool) -> None:
        super().__init__()
        self._redact = redact
        self._inner = _json_formatter() if json else logging.Formatter(LINE, defaults={"ids": ""})

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(self._inner.format(record))


def _json_formatter() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(
        FIELDS,
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
        reserved_attrs=[*vars(logging.makeLogRecord({})), "message", "asctime", "ids"],
        timestamp="time",
        json_ensure_ascii=False,
    )


def formatter(variables: Variables) -> dict[str, Any]:
    """The formatter of this process, as `logging.config` takes it."""
    return {"()": WithoutSecrets, "redact": Redactor(secrets_of(variables)), "json": variables.live}


def configure(variables: Variables) -> None:
    """Set up the log of a process without Django."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutSecrets(Redactor(secrets_of(variables)), variables.live))
    handler.addFilter(WithIds())
    logging.basicConfig(level=variables.LOG_LEVEL, handlers=[handler])
