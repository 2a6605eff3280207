"""Hand a private file out, once its reader's right to it was checked: no script of it ever runs on a page of ours."""

from collections.abc import Callable
from urllib.parse import quote

from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from contract.translation import _
from rules.errors import NotFound, Unavailable
from uploads import pictures
from uploads.kinds import KINDS
from uploads.models import StoredFile
from uploads.ranges import asked_for
from uploads.storing import storage_of

# Asked for again after that, so that a person who lost the right loses the file.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=60",
    "Accept-Ranges": "bytes",
}


def handed_out(request: HttpRequest, row: StoredFile, name: str, thumbnail: str = "") -> HttpResponseBase:
    """Answer with the file, or with the address at which a bucket hands it out for a minute.

    `thumbnail`: the smaller picture of this side. A picture is encoded by us, and may be shown; anything else is a
    download. Raises NotFound, Unavailable.
    """
    path = row.thumbnails.get(thumbnail) if thumbnail else row.path
    if path is None:
        raise NotFound(_("There’s no such file."))
    storage, disposition = storage_of(KINDS[row.kind]), disposition_of(row.media_type, name)
    signed: Callable[[str, str, str], str] | None = getattr(storage, "signed_url", None)
    if signed:
        answer: HttpResponse = HttpResponseRedirect(signed(path, _content_type(row.media_type), disposition))
        answer["Cache-Control"] = "no-store"
        return answer
    etag = f'"{row.sha256[:32]}-{thumbnail or 0}"'
    answer = HttpResponse(content_type=_content_type(row.media_type), headers=HEADERS)
    answer["Content-Disposition"], answer["ETag"] = disposition, etag
    had = get_conditional_response(request, etag, None, answer)
    if had is not None and had is not answer:
        return had
    is_same = request.headers.get("If-Range", etag) == etag
    return _filled(answer, row, path, request.headers.get("Range", "") if is_same else "")


def _filled(answer: HttpResponse, row: StoredFile, path: str, wanted: str) -> HttpResponse:
    """Put the file into the answer, or the part of it that is wanted: some browsers play no sound without it."""
    try:
        with storage_of(KINDS[row.kind]).open(path) as stored:
            part = asked_for(wanted, stored.size)
            if part is None:
                answer.content = stored.read()
                return answer
            answer.status_code = 206 if part else 416
            answer["Content-Range"] = (
                f"bytes {part[0]}-{part[-1]}/{stored.size}" if part else f"bytes */{stored.size}"
            )
            stored.seek(part.start if part else 0)
            answer.content = stored.read(len(part))
            return answer
    except (FileNotFoundError, SuspiciousFileOperation) as error:
        raise NotFound(_("There’s no such file.")) from error
    except OSError as error:
        raise Unavailable(_("This file can’t be read at the moment.")) from error


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def disposition_of(media_type: str, name: str) -> str:
    """How a browser takes it: pictures in the page, anything else as a download, by the name that people gave it."""
    shown = "inline" if media_type == pictures.MEDIA_TYPE else "attachment"
    return f"{shown}; filename*=UTF-8''{quote(name, safe='')}"
