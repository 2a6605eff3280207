"""Seasons of a server: stretches of time with a board of their own."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from chronicle import features, rights
from chronicle.call import Call
from chronicle.models import Server
from chronicle.principal import Principal
from chronicle.services.change import record_change
from contract.points import BeginSeason
from contract.translation import _
from progress.models import Season
from rules.errors import Conflict, Invalid, NotFound
from rules.streaks import DAY, day_of
from rules.text import clean

FEATURE = "boards"
MOST = 100


@transaction.atomic
def begin(call: Call, given: BeginSeason) -> Season:
    """Begin a season today, or on a day to come. Two of one server never overlap: each point counts in one season."""
    server = _managed(call, call.server_for(given.server))
    features.require(server, FEATURE)
    today = day_of(timezone.now(), call.user.zone)
    starts = given.starts or today
    if starts < today:
        raise Invalid.field(
            "starts", _("A season can’t start in the past, because those points have already been counted.")
        )
    if given.ends is not None and given.ends < starts:
        raise Invalid.field("ends", _("A season can’t end before it starts."))
    if not (name := clean(given.name, 60)):
        raise Invalid.field("name", _("Give the season a name."))
    ends = given.ends + DAY if given.ends else None
    _require_free(server, starts, ends)
    season = Season.objects.create(server=server, name=name, starts=starts, ends=ends)
    record_change(server, {f"seasons.{season.pk}": [None, _document(season)]}, call.cause)
    return season


@transaction.atomic
def end(call: Call, season_id: UUID) -> Season:
    """End a season with yesterday, or call one off that has not begun. Its board stays."""
    season = season_seen_by(call.principal, season_id)
    server = _managed(call, season.server)
    season = Season.objects.select_for_update().get(pk=season_id)
    today = day_of(timezone.now(), call.user.zone)
    if season.ends is not None and season.ends <= max(season.starts, today):
        raise Conflict(_("“{name}” has already ended.", name=season.name), code="season_over")
    before = _document(season)
    season.ends = max(season.starts, today)
    season.save(update_fields=["ends"])
    season.server = server
    record_change(server, {f"seasons.{season.pk}": [before, _document(season)]}, call.cause)
    return season


def season_seen_by(principal: Principal, season_id: UUID) -> Season:
    """Raises NotFound."""
    season = Season.objects.filter(pk=season_id).select_related("server").first()
    if season is None or not rights.can(principal, "server.view", season.server):
        raise NotFound(_("There’s no such season."))
    return season


def _managed(call: Call, server: Server) -> Server:
    """The locked row. Raises NotAllowed."""
    rights.can(call.principal, "server.manage", server).require()
    return Server.objects.select_for_update().get(pk=server.pk)


def _require_free(server: Server, starts: date, ends: date | None) -> None:
    after_start = Q(ends=None) | Q(ends__gt=starts)
    # One that was called off has no day at all.
    rows = Season.objects.filter(after_start, server=server).exclude(ends=F("starts"))
    other = (rows if ends is None else rows.filter(starts__lt=ends)).first()
    if other is not None:
        raise Conflict(
            _("These dates overlap with “{name}”. End it first, or choose other dates.", name=other.name),
            code="season_overlaps",
        )
    if Season.objects.filter(server=server).count() >= MOST:
        raise Conflict(_("A server can have up to {most} seasons.", most=MOST), code="too_many_seasons")


def _document(season: Season) -> dict[str, object]:
    return {
        "name": season.name,
        "starts": season.starts.isoformat(),
        "ends": season.ends.isoformat() if season.ends else None,
    }
