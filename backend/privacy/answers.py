"""The answer with a download, through whichever door."""

from django.http import StreamingHttpResponse

from discordauth.models import CustomUser
from privacy import download


def download_answer(person: CustomUser) -> StreamingHttpResponse:
    """Raises NotFound."""
    found, pieces = download.content(person)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Length"] = str(found.size)
    answer["Content-Disposition"] = 'attachment; filename="chronicle-keeper.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer
