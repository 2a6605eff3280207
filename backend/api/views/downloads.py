"""The file of one's own download."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from api.views.base import user_of
from privacy.answers import download_answer


class DownloadView(APIView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> StreamingHttpResponse:
        """The ZIP of one's own data, once it is ready; nobody else's."""
        return download_answer(user_of(request))
