"""Pages for whoever watches a public campaign, without a login: the campaign, its episodes, and their recordings.

What is not public does not exist here: the same words, and the same status, as for what never was.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from urllib.parse import urljoin

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from chronicle import rights
from chronicle.door import encoded, parse
from chronicle.models import Episode
from chronicle.principal import Principal
from companion.chapter_files import FILES
from companion.drawing.page import AREAS, page_parts
from companion.drawing.parts import Part
from companion.models import Campaign
from companion.selectors import campaigns, chapters
from companion.selectors import page as selectors
from companion.selectors.replay import PLAYED, Recording, moment_of, recording, replayed, shown_now
from contract.episodes import PublicEpisode
from contract.replay import Chapters, Replay
from contract.stage import OverlayScene, Piece, Scene
from contract.timecodes import timecode
from contract.translation import _, language
from discordauth.signals import network_of
from main.navigation import Link, Name, Place
from main.pages import page, show
from main.views.overlay import sprite
from rules.errors import NotFound
from timeline import limits
from timeline.models import Stream

Made = TypeVar("Made")
# What a search engine or a messenger shows of the description.
MAX_SHARED = 200
# What is drawn of the past serves everybody for so many seconds, unless something happens in the chronicle.
KEPT_SECONDS = 60
# A slider has so many places at most.
STEPS = 900
# The mark of a chapter is such a part of its width.
MARKS = 400


@page
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All campaigns that anybody may watch, and that want to be found."""
    context = {"place": Place(_("Campaigns")), "campaigns": selectors.listed()}
    return show(request, "main/public/campaigns.html", context)


@page
@require_safe
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign now, and live; with `?at=` as it was at a moment."""
    found = campaigns.find(slug)
    asked = _asked(request)
    past = moment_of(found, asked) if asked.at is not None else None
    if past is None:
        now = shown_now(found)
        portraits, drawn = _portraits(now), _drawn(page_parts(now, language()))
    else:
        portraits, drawn = [], _drawn(_parts_at(request, found, past))
    context = {
        **_about(request, found, reverse("public-campaign", args=[found.chronicle.slug]), *portraits),
        **drawn,
        "place": Place(Name(found.chronicle.name), (_all(),)),
        "past": past,
        "evenings": selectors.evenings(found),
    }
    return show(request, "main/public/campaign.html", context)


@page
@require_safe
def episode(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An episode: when it is, or what happened, with a slider over its recording."""
    found = campaigns.find(slug)
    row = _episode(found, number)
    address = reverse("campaign-episode", args=[found.chronicle.slug, number])
    context = {
        **_about(request, found, address),
        "place": Place(Name(row.title) if row.title else _number(row), (_all(), _to(found))),
        "episode": row,
        "number": _number(row),
        "recording": None,
    }
    if row.status in PLAYED:
        context |= _replay(request, recording(found, number))
    return show(request, "main/public/episode.html", context)


@page
@require_safe
def scene(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The pieces of the page at a second of a recording, for its slider."""
    found = campaigns.find(slug)
    recorded = recording(found, number)
    asked = _asked(request, number)
    parts = _parts_at(request, found, moment_of(found, asked) or recorded.ends)
    pieces = [Piece(key=part.key, area=part.area, html=part.html) for part in parts]
    whole = OverlayScene(attributes={}, css="", pieces=pieces)
    return _answer(encoded(whole), "application/json")


@page
@require_safe
def chapter_marks(request: HttpRequest, slug: str, number: int, format: str) -> HttpResponse:
    """The moments of a recording as chapters: text for YouTube, WebVTT, or JSON."""
    recorded = recording(campaigns.find(slug), number)
    if format not in FILES:
        raise NotFound(_("Chapters come as txt, vtt or json."))
    kind, written = FILES[format]
    answer = _answer(written(_chapters(request, recorded)).encode(), kind)
    name = f"{recorded.campaign.chronicle.slug}-{number}.{format}"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _answer(content: bytes, kind: str) -> HttpResponse:
    """Nobody keeps it: what is public may be so no longer in the next moment."""
    answer = HttpResponse(content, content_type=kind)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


# What is asked for


def _asked(request: HttpRequest, number: int | None = None) -> Replay:
    named = {"episode": number} if number else {}
    fields = {name: request.GET[name] for name in ("at", "episode") if name in request.GET}
    return parse(Replay, {**fields, **named}, text=True)


def _episode(found: Campaign, number: int) -> PublicEpisode:
    listed = selectors.evenings(found)
    row = next((each for each in (*listed.ahead, *listed.played) if each.number == number), None)
    if row is None:
        raise NotFound(_("There’s no such episode in this campaign."), code="no_such_episode")
    return row


# What is shown


def _about(request: HttpRequest, found: Campaign, address: str, *pictures: str) -> dict[str, object]:
    """What each page of a campaign says of it, and what other sites show of a link to it."""
    row, principal = found.chronicle, Principal.for_user(request.user)
    shared = " ".join(row.description.split()) or _("Follow the characters, the dice and the story.")
    return {
        "campaign": row,
        "is_listed": found.is_listed,
        "address": urljoin(settings.SITE_URL, address),
        "shared": shared if len(shared) <= MAX_SHARED else f"{shared[: MAX_SHARED - 1]}…",
        "picture": urljoin(settings.SITE_URL, pictures[0]) if pictures else "",
        "sprite": sprite(),
        "table": row if rights.can(principal, "chronicle.view", row) else None,
    }


def _portraits(shown: Scene) -> list[str]:
    """Of who is on stage."""
    known = {character.id: character for character in shown.characters}
    dark = set(known) if shown.stage.blackout else set(shown.stage.hidden)
    cast = [known[pk] for pk in shown.roster if pk not in dark]
    return [character.portrait_url for character in cast if character.portrait_url]


def _drawn(parts: Sequence[Part]) -> dict[str, object]:
    return {"areas": {area: [part for part in parts if part.area == area] for area in AREAS}}


def _replay(request: HttpRequest, recorded: Recording) -> dict[str, object]:
    """The recording of an episode, where somebody asks for it: at its beginning, or while it runs at its end."""
    asked = _asked(request, recorded.episode.number)
    is_live = recorded.episode.status == Episode.Status.LIVE
    if asked.at is None:
        at = recorded.length if is_live else 0
    else:
        moment = moment_of(recorded.campaign, asked)
        at = recorded.seconds(moment) if moment else recorded.length
    at = min(max(at, 0), recorded.length)
    found = _chapters(request, recorded)
    return {
        **_drawn(_parts_at(request, recorded.campaign, recorded.moment(at))),
        "recording": recorded,
        "at": at,
        "step": max(1, recorded.length // STEPS),
        "mark": max(1, recorded.length // MARKS),
        "chapters": [
            {"clock": timecode(chapter.seconds), **chapter.model_dump()} for chapter in found.chapters
        ],
        "clock": timecode(at),
        "end": timecode(recorded.length),
    }


def _parts_at(request: HttpRequest, found: Campaign, moment: datetime) -> Sequence[Part]:
    second = moment.replace(microsecond=0)
    name = f"parts:{second:%Y%m%d%H%M%S}"
    return _kept(request, found, name, lambda: page_parts(replayed(found, moment), language()))


def _chapters(request: HttpRequest, recorded: Recording) -> Chapters:
    row = recorded.episode
    # Of one that runs the end moves.
    name = f"chapters:{row.number}:{row.stream_offset}:{recorded.length // KEPT_SECONDS}"
    return _kept(request, recorded.campaign, name, lambda: chapters.chapters(recorded))


def _kept(request: HttpRequest, found: Campaign, name: str, make: Callable[[], Made]) -> Made:
    """What is made of the past, once for everybody until something happens. Raises Limit for who asks without end."""
    head = Stream.objects.filter(pk=found.chronicle_id).values_list("seq", flat=True).first() or 0
    key = f"viewers:{found.pk}:{head}:{found.version}:{language()}:{name}"
    known: Made | None = caches["default"].get(key)
    if known is not None:
        return known
    if network := network_of(request):
        limits.spend({"replays by address": network})
    made = make()
    caches["default"].set(key, made, KEPT_SECONDS)
    return made


def _number(row: PublicEpisode) -> str:
    return _("Episode {number}", number=row.number)


def _all() -> Link:
    return Link(_("Campaigns"), reverse("campaigns"))


def _to(found: Campaign) -> Link:
    return Link(Name(found.chronicle.name), reverse("public-campaign", args=[found.chronicle.slug]))
