"""Files of messages in bridged channels, for the Discord process to post."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from bot.views.base import BotView
from chat.bridges.files import file_for_discord
from uploads.serving import handed_out


class BridgeFileView(BotView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, file: UUID) -> HttpResponseBase:
        """A file of a message that everybody in a bridged channel sees."""
        found, stored = file_for_discord(file)
        inner: HttpRequest = request._request
        return handed_out(inner, stored, found.name)
