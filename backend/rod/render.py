"""JSON for REST by orjson: the same bytes in and out as the standard module, several times faster."""

from collections.abc import Iterable, Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from contract.translation import _

# What honest requests hold is flatter by far. MariaDB keeps 32 levels, and some are added on the way to it.
MAX_DEPTH = 16


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)


class OrjsonParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise RequestDataTooBig
        try:
            document = orjson.loads(body or b"{}")
        except orjson.JSONDecodeError as error:
            raise ParseError(
                _(
                    "The body isn’t valid JSON (line {line}, column {column}).",
                    line=error.lineno,
                    column=error.colno,
                )
            ) from error
        if _is_deep(document):
            raise ParseError(_("The body is nested deeper than {most} levels.", most=MAX_DEPTH))
        return document


def _is_deep(document: Any) -> bool:
    level = [document]
    for _level in range(MAX_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return False
    return any(isinstance(value, list | dict) for value in level)


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
