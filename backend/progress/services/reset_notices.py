"""What is said of a reset: to a channel on Discord before and after (`RESET_NOTICE_CHANNEL`), and to open boards."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from django.conf import settings
from django.db import transaction

from chronicle import features
from chronicle.models import Server
from contract.events import EventType, ResetSubject
from contract.translation import N_, _, speaking
from delivery import discord_channel
from progress.models import Board
from progress.services.scopes import Scope
from timeline.services import Cause, record

log = logging.getLogger(__name__)

# By what is reset, and what there is to say of it.
SENTENCES = {
    "before": (
        N_(
            "**All progress is about to be reset**: practice, exams, badges, points, streaks and leaderboards. "
            "Certificates, sessions and attendance stay."
        ),
        N_(
            "**The progress in “{name}” is about to be reset**: its practice, exams, badges, points and leaderboard."
        ),
    ),
    "done": (
        N_("**All progress was reset.** Everybody starts again at zero."),
        N_("**The progress in “{name}” was reset.** It starts again at zero."),
    ),
    "failed": (
        N_("The reset of all progress did not happen. Nothing was changed."),
        N_("The reset of the progress in “{name}” did not happen. Nothing was changed."),
    ),
    "undone": (
        N_("**The reset of all progress was undone.** What you earned since stays."),
        N_("**The reset of the progress in “{name}” was undone.** What you earned since stays."),
    ),
}


@contextmanager
def about(scope: Scope) -> Iterator[None]:
    """Say it before and, once it is saved, after; or that it did not happen."""
    post(scope, "before")
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            post(scope, "failed")
    transaction.on_commit(lambda: post(scope, "done"))


def after_undo(scope: Scope) -> None:
    transaction.on_commit(lambda: post(scope, "undone"))


def post(scope: Scope, moment: str) -> None:
    """A channel that takes no message holds up nothing."""
    channel = settings.RESET_NOTICE_CHANNEL
    if not (channel and settings.DISCORD_BOT_TOKEN):
        return
    with speaking(scope.language):
        of_all, of_one = SENTENCES[moment]
        content = _(of_all) if scope.is_all else _(of_one, name=scope.name)
    try:
        discord_channel.post(channel, content)
    except httpx.HTTPError as error:
        log.warning("the channel for notices of a reset takes no message: %s", type(error).__name__)


def record_event(scope: Scope, cause: Cause, *, undone: bool = False) -> None:
    """One event for each server that shows boards, so that open pages load theirs again. Call it last."""
    type = EventType.POINTS_RESTORED if undone else EventType.POINTS_RESET
    for server in _showing_boards(scope):
        record(
            stream=("server", server.pk),
            type=type,
            subject=ResetSubject(scope=scope.kind.value),
            entity_id=server.pk if scope.kind is Board.ALL else scope.id,
            version=0,
            cause=cause,
        )


def _showing_boards(scope: Scope) -> list[Server]:
    """In the order of their ids, as streams are locked."""
    servers = Server.objects.order_by("pk")
    if scope.server:
        servers = servers.filter(pk=scope.server.pk)
    return [server for server in servers.iterator() if features.is_on(server, "boards")]
