"""Notify players about a storyteller's decision: see `timeline.notifications`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from haven.models import Character
from haven.services.common import Change
from timeline import notifications
from timeline.models import Event
from timeline.services import Cause


def notify_player(
    event: Event, characters: Sequence[Character], cause: Cause, page: str, **details: Any
) -> None:
    """Notify the player of these characters, unless they acted themselves or their server is not on Discord.

    `details`: `kind` (`approved`, `returned`, `commented`, `awarded`), `text`, and the `amount` of an award.
    """
    player, chronicle = characters[0].owner, characters[0].chronicle
    if cause.actor is None or cause.actor.pk == player.pk or chronicle is None:
        return
    server = chronicle.server
    if not server.discord_id or server.left_at is not None:
        return
    body = {
        "by": cause.actor.display_name,
        "chronicle": chronicle.name,
        "characters": [character.name for character in characters],
        "url": f"{settings.SITE_URL}{page}",
    }
    notifications.create(event, player, server.discord_id, body | details)


def notify_award(changes: Sequence[Change], amount: int, reason: str, cause: Cause) -> None:
    """Send one notification per player, however many of their characters are awarded."""
    by_player: dict[Any, list[Change]] = defaultdict(list)
    for change in changes:
        by_player[change.character.owner_id].append(change)
    for of_player in by_player.values():
        first = of_player[0]
        if first.event is not None:
            characters = [change.character for change in of_player]
            page = f"/characters/{first.character.id}/"
            notify_player(first.event, characters, cause, page, kind="awarded", text=reason, amount=amount)
