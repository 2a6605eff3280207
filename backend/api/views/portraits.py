"""A portrait that a page or a client sends: the picture itself is the body."""

import hashlib
from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import characters as shapes
from api.views.base import answer, body_of, principal_of
from haven import portraits, services
from haven.services import Reference
from rules.errors import Unprocessable


class Picture(bytes):
    """As text it is its fingerprint, by which a retry is known as the same request."""

    def __str__(self) -> str:
        return hashlib.sha256(self).hexdigest()


class PictureParser(BaseParser):
    media_type = "image/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Picture]:
        content = stream.read(portraits.MAX_BYTES + 1)
        if len(content) > portraits.MAX_BYTES:
            raise Unprocessable("A portrait may have 8 MB at most.", code="picture_too_large")
        return {"picture": Picture(content)}


class PortraitView(APIView):
    parser_classes = [PictureParser]

    @extend_schema(
        request=dict.fromkeys(("image/png", "image/jpeg", "image/webp", "image/gif"), OpenApiTypes.BINARY),
        responses=shapes.ChangeOut,
    )
    def put(self, request: Request, character_id: UUID) -> Response:
        """PNG, JPEG, WebP or GIF, at most 8 MB; it is made small and written anew."""
        meant = Reference(str(character_id))
        services.may_portray(principal_of(request), meant)
        picture = portraits.reencode(body_of(request).get("picture", b""))
        return answer(request, lambda who, cause: services.set_portrait(who, meant, picture, cause))

    @extend_schema(request=None, responses={200: shapes.ChangeOut})
    def delete(self, request: Request, character_id: UUID) -> Response:
        """Takes the portrait off; an undo brings it back."""
        meant = Reference(str(character_id))
        return answer(request, lambda who, cause: services.set_portrait(who, meant, None, cause))
