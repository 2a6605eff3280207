"""Find messages: the newest first, and only what this reader may see where they may look."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from chat.documents import document, level_for, rows
from chat.models import Attachment, ChatMessage
from chat.search import engines
from chat.search.engines import HasWords
from chat.search.places import Place, places_for
from chat.search.slices import BEGAN, scan
from chat.search.words import all_encoded, asked
from chat.selectors.blocks import blocked_by
from chronicle.principal import Principal
from contract import chat_search as shapes
from contract.translation import _
from rules.errors import Invalid
from rules.visibility import Level

# What is read before the index is asked.
NEAR, MOST_NEAR = timedelta(days=2), 1000
# A word that more messages have is looked for among the newest ones, step by step: the index would name them all.
MOST_HITS = 10_000
# Before the number of a time in a cursor.
TIME = "-"


class Page(NamedTuple):
    """`next`: after what the following page goes on; empty at the end."""

    shown: list[ChatMessage]
    next: str


def _cut(found: list[ChatMessage], limit: int) -> Page:
    """A page of what was read with one more than is shown, if there are more."""
    shown = found[:limit]
    return Page(shown, str(shown[-1].pk) if len(found) > limit else "")


def find(principal: Principal, given: shapes.SearchMessages) -> shapes.SearchResults:
    """One page of what was found. Raises Invalid, NotFound."""
    words, ignored = asked(given.q)
    if not words and not _filters(given):
        raise Invalid.field("q", _("Say what to look for: words, a person, a time or a kind of message."))
    places = places_for(principal, given.server, given.room)
    found = rows().filter(_readable(principal, places), deleted_at=None).filter(_asked(given))
    found = _after(found, given.before).order_by("-created_at", "-id")
    if words:
        page = _with_words(found, all_encoded(words), given, places)
    else:
        page = _cut(list(found[: given.limit + 1]), given.limit)
    blocked = blocked_by(principal.id)
    results = [_found(principal, places[row.room], row, row.user_id in blocked) for row in page.shown]
    return shapes.SearchResults(results=results, words=words, ignored=ignored, next=page.next)


def _with_words(
    found: "QuerySet[ChatMessage]",
    words: list[str],
    given: shapes.SearchMessages,
    places: dict[UUID, Place],
) -> Page:
    """The newest with these words: looked for among the last messages first, where a word that is said all the time
    is found at once; then by the index; and where that would name too many, step by step.
    """

    def fits(search: str) -> bool:
        return all(f" {word}" in f" {search}" for word in words)

    began = _time_of(given.before) or timezone.now()
    # Of one room they stand in an index by time; of many they are sorted first.
    near = found if given.room else found.filter(created_at__gte=began - NEAR)
    last = list(near.values_list("pk", "search")[:MOST_NEAR])
    named = [pk for pk, search in last if fits(search)]
    if len(named) > given.limit:
        return _cut(list(found.filter(pk__in=named[: given.limit + 1])), given.limit)
    if engines.count(words, MOST_HITS + 1) <= MOST_HITS:
        return _cut(list(found.filter(HasWords(F("search"), words))[: given.limit + 1]), given.limit)
    counted = ChatMessage.objects.filter(room__in=places)
    begins, ends = given.since or BEGAN, min(given.until or began, began) + timedelta(microseconds=1)
    done = scan(found, counted, fits, given.limit + 1, begins, ends)
    page = _cut(list(found.filter(pk__in=done.found[: given.limit + 1])), given.limit)
    if page.next or done.upto is None:
        return page
    return Page(page.shown, f"{TIME}{(done.upto - BEGAN) // timedelta(microseconds=1):x}")


def _filters(given: shapes.SearchMessages) -> bool:
    wanted = (given.author, given.since, given.until, given.has_picture, given.has_file, given.has_roll)
    return any(wanted)


def _readable(principal: Principal, places: dict[UUID, Place]) -> Q:
    """Messages of these rooms that they see: everybody's, their own and what was whispered to them, or all."""
    everywhere = [room for room, place in places.items() if not place.since]
    overseen = [room for room, place in places.items() if place.level > Level.TABLE]
    where = Q(room__in=everywhere)
    for room, place in places.items():
        if place.since:
            where |= Q(room=room, seq__gt=place.since)
    seen = Q(visibility__lte=int(Level.TABLE)) | Q(visibility=int(Level.PRIVATE), owner=principal.id)
    return where & (seen | Q(room__in=overseen) if overseen else seen)


def _asked(given: shapes.SearchMessages) -> Q:
    """Who, when, and what a message has."""
    files = Attachment.objects.filter(message=OuterRef("pk")).exclude(stored=None)
    pictures = files.filter(content_type__startswith="image/")
    wanted = Q(Exists(pictures)) if given.has_picture else Q()
    if given.has_file:
        wanted &= Q(Exists(files))
    if given.has_roll:
        wanted &= Q(kind__in=("roll", "request"))
    if given.author:
        wanted &= Q(user=given.author)
    if given.since:
        wanted &= Q(created_at__gte=given.since)
    if given.until:
        wanted &= Q(created_at__lt=given.until)
    return wanted


def _after(found: "QuerySet[ChatMessage]", cursor: str) -> "QuerySet[ChatMessage]":
    """What follows the message with this id. Raises Invalid."""
    at = _time_of(cursor)
    if at is None:
        return found
    if cursor.startswith(TIME):
        return found.filter(created_at__lt=at)
    earlier = Q(created_at__lt=at) | Q(created_at=at, pk__lt=UUID(cursor))
    return found.filter(Q(created_at__lte=at) & earlier)


def _time_of(cursor: str) -> datetime | None:
    if not cursor:
        return None
    try:
        if cursor.startswith(TIME):
            return BEGAN + timedelta(microseconds=int(cursor.removeprefix(TIME), 16))
        return ChatMessage.objects.only("created_at").get(pk=UUID(cursor)).created_at
    except (ValueError, OverflowError, ChatMessage.DoesNotExist):
        raise Invalid.field("before", _("Search again: that page is gone.")) from None


def _found(principal: Principal, place: Place, row: ChatMessage, folded: bool) -> shapes.Found:
    shown = document(row, level_for(row, principal.id, place.level), principal.id)
    return shapes.Found(room=place.shown, message=shown.model_copy(update={"folded": folded}))
