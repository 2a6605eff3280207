"""What is particular about progress over REST: a reset takes no body, but may have a query."""

from typing import Any

from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request

from api.views.base import RestView
from chronicle.call import Call
from contract.resets import ResetProgress
from contract.text import typed_fields


class WithoutBody(RestView):
    """Some clients call no body at all an empty form."""

    parser_classes = (*RestView.parser_classes, FormParser, MultiPartParser)


class ResetView(WithoutBody):
    def call_of(self, request: Request, fields: dict[str, Any]) -> Call:
        """`?dry_run=1`: what is misspelt there is refused like any other field, and resets nothing."""
        fields |= typed_fields(ResetProgress, request.query_params.dict())
        return super().call_of(request, fields)
