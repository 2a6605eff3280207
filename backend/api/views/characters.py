"""What is particular about characters over REST: the schema is open to anyone, and a portrait is sent as it is."""

import hashlib
from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.views.base import RestView
from contract.schema import Schema
from contract.translation import _
from haven.portraits import MAX_BYTES
from rolls.schema import schema
from rules.errors import GameError, Unprocessable


class SchemaView(APIView):
    permission_classes = []

    @extend_schema(responses=Schema)
    def get(self, request: Request) -> Response:
        """Every splat with its traits, every roll and check with its options; open to anyone."""
        return Response(schema())


class Picture(bytes):
    """As text it is its fingerprint, by which a retry is known as the same request."""

    def __str__(self) -> str:
        return hashlib.sha256(self).hexdigest()


class OtherType(GameError):
    status = 415
    default_code = "unsupported_media_type"


class PictureParser(BaseParser):
    """Takes any image, and a body of no stated type: decoding shows what it is."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Picture]:
        if media_type and not media_type.lower().startswith("image/"):
            raise OtherType(
                _("Send the picture itself (PNG, JPEG, WebP or GIF; Content-Type: image/png or so).")
            )
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise Unprocessable(_("A portrait can have up to 8 MB."), code="picture_too_large")
        return {"picture": Picture(content)}


class PortraitView(RestView):
    """The picture itself is the body."""

    parser_classes = [PictureParser]
    described_body = dict.fromkeys(
        ("image/png", "image/jpeg", "image/webp", "image/gif"), OpenApiTypes.BINARY
    )
