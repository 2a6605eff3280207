"""Files to keep: one's own download, the log of a scene."""

from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from api.views.base import principal_of, user_of
from chat import scene_files
from chat.selectors import scene_log
from chat.selectors import scenes as reading
from contract.chat_scenes import CONTENT_TYPES
from contract.translation import _, speak
from privacy.answers import download_answer
from rules.errors import NotFound

# No page runs anything of what players wrote.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class DownloadView(APIView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> StreamingHttpResponse:
        """The ZIP of one's own data, once it is ready; nobody else's."""
        return download_answer(user_of(request))


class SceneLogView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("asides", bool, description="With the whispers that one may read")],
        responses={(200, "text/markdown"): OpenApiTypes.STR, (200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request, scene: UUID, kind: str) -> StreamingHttpResponse:
        """The log of a scene as a file, `md` or `html`."""
        if kind not in CONTENT_TYPES:
            raise NotFound(_("A log can be had as md or html."))
        principal, reader = principal_of(request), user_of(request)
        if reader.language:
            speak(reader.language)
        row = reading.get(principal, scene)
        asides = request.query_params.get("asides", "").lower() in ("true", "1", "yes")
        lines = scene_log.lines(principal, row, asides=asides, html=kind == "html")
        pieces = scene_files.written(row, lines, kind, reader.zone)
        answer = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind])
        answer["Content-Disposition"] = scene_files.disposition(row, kind)
        answer["Content-Security-Policy"] = POLICY
        answer["Cache-Control"] = "private, no-store"
        return answer
