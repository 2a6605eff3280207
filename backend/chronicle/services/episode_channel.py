"""Choose the channel in which episodes of a chronicle are announced that were planned on the web."""

from django.db import transaction

from chronicle import features
from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.services.chronicles import lock, save
from chronicle.services.servers import text_channel
from chronicle.tracker import EPISODE_CHANNEL, episode_channel
from timeline.services import Cause


def set_episode_channel(
    chronicle: Chronicle, channel: str | None, *, principal: Principal, cause: Cause
) -> str:
    """Choose it, or none. Raises Invalid for what is no text channel here, or one where the bot cannot post."""
    with transaction.atomic():
        locked = lock(chronicle, principal, "episode.run")
        features.require(chronicle.server, "sessions")
        before = episode_channel(locked.settings)
        chosen = text_channel(chronicle.server, "channel", channel, before, principal)
        if chosen != before:
            rest = {name: value for name, value in locked.settings.items() if name != EPISODE_CHANNEL}
            locked.settings = rest | ({EPISODE_CHANNEL: chosen} if chosen else {})
            save(locked, {EPISODE_CHANNEL: [before or None, chosen or None]}, cause)
    return chosen
