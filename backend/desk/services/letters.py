"""What a player is written to about a storyteller's decision: see `timeline.letters`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from haven.models import Character
from haven.services.common import Change
from timeline import letters
from timeline.models import Event
from timeline.services import Cause


def tell(event: Event, characters: Sequence[Character], cause: Cause, page: str, **said: Any) -> None:
    """To the player of these characters, unless they did it themselves, or their server has no Discord behind it.

    `said`: `kind` (`approved`, `returned`, `commented`, `awarded`), `text`, and the `amount` of an award.
    """
    player, chronicle = characters[0].owner, characters[0].chronicle
    if cause.actor is None or cause.actor.pk == player.pk or chronicle is None:
        return
    server = chronicle.server
    if not server.discord_id or server.left_at is not None:
        return
    told = {
        "by": cause.actor.display_name,
        "chronicle": chronicle.name,
        "characters": [one.name for one in characters],
        "url": f"{settings.SITE_URL}{page}",
    }
    letters.write(event, player, server.discord_id, told | said)


def tell_award(given: Sequence[Change], amount: int, reason: str, cause: Cause) -> None:
    """One award is one decision, however many characters of a player it is for."""
    by_player: dict[Any, list[Change]] = defaultdict(list)
    for change in given:
        by_player[change.character.owner_id].append(change)
    for changes in by_player.values():
        first = changes[0]
        if first.event is not None:
            characters = [one.character for one in changes]
            page = f"/characters/{first.character.id}/"
            tell(first.event, characters, cause, page, kind="awarded", text=reason, amount=amount)
