"""Settings of a server's tracker channel and of the channel for hidden rolls: `Server.settings`. And of the channel in
which a chronicle's episodes are announced that were planned on the web: `Chronicle.settings`.

`settings["tracker"]` is `{"changes": bool, "rolls": "none" | "web" | "all", "digest": bool}`, `settings
["storyteller_channel"]` a Discord channel. What is not set is as in `Shows`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from contract.servers import TrackerChanges

# Rolls of Discord stand in their own channel already: as a rule only those of the web come on top.
ROLLS = ("none", "web", "all")
# Of a chronicle's settings; storytellers alone see it, as not everybody knows of each channel.
EPISODE_CHANNEL = "episode_channel"


@dataclass(frozen=True, slots=True)
class Shows:
    changes: bool = True
    rolls: str = "web"
    # Once a day what happened, in place of each change at once.
    digest: bool = False

    def has_roll(self, door: str) -> bool:
        return self.rolls == "all" or (self.rolls == "web" and door != "discord")


def shows(settings: Mapping[str, Any]) -> Shows:
    return Shows(**settings.get("tracker", {}))


def storyteller_channel(settings: Mapping[str, Any]) -> str:
    return str(settings.get("storyteller_channel") or "")


def episode_channel(settings: Mapping[str, Any]) -> str:
    """Discord's id of the channel for a chronicle's episodes; empty for none."""
    return str(settings.get(EPISODE_CHANNEL) or "")


def changed(settings: Mapping[str, Any], wanted: TrackerChanges) -> dict[str, Any]:
    """Return `settings["tracker"]` with these changes."""
    return asdict(replace(shows(settings), **wanted.model_dump(exclude_none=True)))
