"""The calendar of a chronicle for programs: by its address alone, which nobody else knows and its owner can revoke."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from chronicle.calendars import feed_of
from chronicle.services.episode_settings import by_token
from rules.errors import NotFound


@require_safe
def calendar(request: HttpRequest, calendar: str) -> HttpResponse:
    """The file, or that it has not changed. Revoked, renewed, no longer allowed, never there: all of it is 404."""
    try:
        feed = feed_of(by_token(calendar))
    except NotFound as error:
        return _private(
            HttpResponse(f"{error.detail}\n", status=404, content_type="text/plain; charset=utf-8")
        )
    etag, changed = quote_etag(sha256(feed.body).hexdigest()[:32]), int(feed.changed_at.timestamp())
    answer = HttpResponse(feed.body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="episodes.ics"'
    answer["ETag"], answer["Last-Modified"] = etag, http_date(changed)
    kept = get_conditional_response(request, etag=etag, last_modified=changed, response=answer)
    return _private(kept or answer)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer
