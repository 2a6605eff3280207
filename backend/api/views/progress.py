"""What is particular about progress over REST: a reset takes no body, but may have a query."""

from typing import Any

from django.http import HttpResponse
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request

from api.views.base import RestView
from chronicle.call import Call
from contract.resets import ResetProgress
from contract.text import typed_fields
from rules.errors import NotAllowed

# As the specification has it, in every language: programs read it.
DENIED = "Permission denied"


class WithoutBody(RestView):
    """Some clients call no body at all an empty form."""

    parser_classes = (*RestView.parser_classes, FormParser, MultiPartParser)

    def run(self, request: Request, **address: Any) -> HttpResponse:
        try:
            return super().run(request, **address)
        except NotAllowed as error:
            raise NotAllowed(DENIED, error.code) from error


class ResetView(WithoutBody):
    def call_of(self, request: Request, fields: dict[str, Any]) -> Call:
        """`?dry_run=1`: what is misspelt there is refused like any other field, and resets nothing."""
        fields |= typed_fields(ResetProgress, request.query_params.dict())
        return super().call_of(request, fields)
