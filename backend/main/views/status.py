"""Whether everything runs, for storytellers: is the bot connected, and when was it last used?"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from background import heartbeats
from background.models import Heartbeat, Kind
from chronicle.visibility import is_storyteller_anywhere
from contract.heartbeats import Beat
from contract.translation import _, n_
from main.navigation import Place
from main.pages import PageRequest, page, show, signed_in
from main.parts import principal_of
from rules.errors import NotAllowed


class Part(NamedTuple):
    """One part of the platform: `good`, or what is said of it is a warning."""

    slug: str
    name: str
    good: bool
    state: str
    more: str


@page
@signed_in
@require_safe
def status_page(request: PageRequest) -> HttpResponse:
    if not is_storyteller_anywhere(principal_of(request)):
        raise NotAllowed(_("This page is for storytellers."))
    parts = [_bot(heartbeats.alive(Kind.DISCORD)), _worker(heartbeats.alive(Kind.WORKER))]
    return show(request, "main/status.html", {"place": Place(_("Status")), "parts": parts})


def _bot(running: list[Heartbeat]) -> Part:
    name = _("The bot")
    beats = [Beat.model_validate({"process": row.pk, **row.state}) for row in running]
    if not beats:
        return Part(
            "bot",
            name,
            False,
            _("Not running"),
            _("Commands in Discord get no answer until it is started again."),
        )
    times = [beat.last_command_at for beat in beats if beat.last_command_at]
    last = _("Last command {ago}.", ago=ago(max(times))) if times else _("No command since it was started.")
    connected, count = heartbeats.shards_of(running)
    if 0 < connected < count:
        more = _(
            "{connected} of its {count} connections to Discord work. Servers on the others get no answer for now.",
            connected=connected,
            count=count,
        )
        return Part("bot", name, False, _("Partly connected to Discord"), f"{more} {last}")
    if not all(beat.connected for beat in beats):
        return Part("bot", name, False, _("Not connected to Discord"), last)
    return Part("bot", name, True, _("Connected to Discord"), last)


def _worker(running: list[Heartbeat]) -> Part:
    name = _("Background work")
    if running:
        return Part("worker", name, True, _("Running"), "")
    return Part(
        "worker", name, False, _("Not running"), _("Play goes on; clean-ups wait until it is started again.")
    )


def ago(moment: datetime) -> str:
    passed = max(timezone.now() - moment, timedelta())
    seconds = int(passed.total_seconds())
    if seconds < 60:
        return n_("{count} second ago", "{count} seconds ago", seconds)
    if seconds < 60 * 60:
        return n_("{count} minute ago", "{count} minutes ago", seconds // 60)
    if passed < timedelta(days=1):
        return n_("{count} hour ago", "{count} hours ago", seconds // (60 * 60))
    return n_("{count} day ago", "{count} days ago", passed.days)
