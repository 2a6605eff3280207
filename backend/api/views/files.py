"""Files over REST: uploaded as forms of several parts or as they are, and handed out to who may see their messages."""

import hashlib
from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

from api.views.base import RestView, principal_of
from chat.attachments import ATTACHMENT
from chat.selectors.files import file_seen_by
from contract.translation import _
from rules.errors import GameError, Invalid, Unprocessable
from uploads.checking import too_large
from uploads.kinds import MAX_BYTES, MEGABYTE
from uploads.serving import handed_out

# What the other parts of a form may take beside the file.
FORM = 64 * 1024


class Sent(bytes):
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
    ) -> dict[str, Sent]:
        if media_type and not media_type.lower().startswith("image/"):
            raise OtherType(
                _("Send the picture itself (PNG, JPEG, WebP or GIF; Content-Type: image/png or so).")
            )
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise Unprocessable(
                _("A picture can have up to {most} MB.", most=MAX_BYTES // MEGABYTE), code="picture_too_large"
            )
        return {"picture": Sent(content)}


class PictureView(RestView):
    """The picture itself is the body."""

    parser_classes = [PictureParser]
    described_body = dict.fromkeys(
        ("image/png", "image/jpeg", "image/webp", "image/gif"), OpenApiTypes.BINARY
    )


class FileParser(MultiPartParser):
    """A form with one file, and fields of text beside it."""

    def parse(  # type: ignore[override]  # as every door reads it, a mapping
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + FORM:
            raise too_large(ATTACHMENT)
        form = super().parse(stream, media_type, parser_context)
        parts = [(name, part) for name in form.files for part in form.files.getlist(name)]
        try:
            if [name for name, _part in parts] != ["file"]:
                raise Invalid.field("file", _("Send one file, in a part named “file”."))
            file = parts[0][1]
            fields = {name: form.data[name] for name in form.data}
            return {**fields, "name": file.name or "", "content": Sent(file.read())}
        finally:
            for _name, part in parts:
                part.close()


class UploadView(RestView):
    parser_classes = [FileParser]
    described_method = "POST"
    described_body = {
        "multipart/form-data": {
            "type": "object",
            "properties": {
                "room": {"type": "string", "format": "uuid"},
                "file": {"type": "string", "format": "binary"},
            },
            "required": ["room", "file"],
        }
    }


class FileView(RestView):
    """GET is the file itself."""

    @extend_schema(
        operation_id="chat_file",
        parameters=[OpenApiParameter("size", int, description="The smaller picture of this side: 96 or 480")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def file(self, request: Request, file: UUID) -> HttpResponseBase:
        """The file, for who may see its message now; nobody else's."""
        found, stored = file_seen_by(principal_of(request), file)
        size = request.query_params.get("size", "")
        inner: HttpRequest = request._request
        return handed_out(inner, stored, found.name, size)
