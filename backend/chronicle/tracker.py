"""Settings of a server's tracker channel and of the channel for hidden rolls: `Server.settings`.

`settings["tracker"]` is `{"changes": bool, "rolls": "none" | "web" | "all", "digest": bool}`, `settings
["storyteller_channel"]` a Discord channel. What is not set is as in `Shows`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from rules.errors import Invalid

# Rolls of Discord stand in their own channel already: as a rule only those of the web come on top.
ROLLS = ("none", "web", "all")


@dataclass(frozen=True, slots=True)
class Shows:
    changes: bool = True
    rolls: str = "web"
    # Once a day what happened, in place of each change at once.
    digest: bool = False

    def has_roll(self, door: str) -> bool:
        return self.rolls == "all" or (self.rolls == "web" and door != "discord")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def shows(settings: Mapping[str, Any]) -> Shows:
    return Shows(**settings.get("tracker", {}))


def storyteller_channel(settings: Mapping[str, Any]) -> str:
    return str(settings.get("storyteller_channel") or "")


def changed(settings: Mapping[str, Any], wanted: Any) -> Shows:
    """Return the settings with changes such as `{"rolls": "all"}`. Raises Invalid."""
    if not isinstance(wanted, dict):
        raise Invalid.field("tracker", "A JSON object is expected.")
    for name, value in wanted.items():
        fits = {"changes": (True, False), "digest": (True, False), "rolls": ROLLS}.get(name)
        if fits is None:
            raise Invalid.field("tracker", "Only “changes”, “rolls” and “digest” can be set here.")
        if not isinstance(value, type(fits[0])) or value not in fits:
            raise Invalid.field("tracker", f"“{name}” is one of {', '.join(map(str, fits)).lower()}.")
    return replace(shows(settings), **wanted)
