"""How the OpenAPI files come to tell the errors of every call, not only its good answer."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class ErrorOut(serializers.Serializer):
    """More keys may stand beside these: `fields`, `conflicts`, `events`, `characters`, `reference`, `retry_after`."""

    code = serializers.CharField(help_text="For programs")
    detail = serializers.CharField(help_text="A sentence for people")


ALWAYS = {
    400: "A value is wrong (`fields`: path → sentences), or the request cannot be read",
    401: "No valid credentials",
    403: "A right is missing",
    404: "There is none, or none that this person may know of",
    406: "Only JSON is served",
    409: "The world moved on meanwhile, or more than one fits; more keys say what is there now",
    429: "Too many, too often",
    500: "Our fault; nothing was changed. `reference` stands in the log",
    503: "The database does not answer just now",
}
# Of calls that change something, or that are asked with a body.
WITH_BODY = {
    413: "Too much at once",
    415: "Only JSON is read",
    422: "Well-formed, but it makes no sense here",
}


class Described(AutoSchema):
    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        errors = ALWAYS if self.method == "GET" else ALWAYS | WITH_BODY
        for status, words in sorted(errors.items()):
            response = OpenApiResponse(ErrorOut, description=words)
            bodies.setdefault(str(status), self._get_response_for_code(response, str(status)))
        return bodies

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        """Our DELETE may say more than its address: who acts, and which character is meant."""
        method = self.method
        self.method = "POST" if method == "DELETE" else method
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = method
