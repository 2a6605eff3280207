"""How commands are described to Discord, and whether two descriptions say the same."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Self

from rodbot.core.discord_types import AppCommand, CommandTree
from rodbot.core.localised import Payload, payloads

DIRECT_MESSAGE = 1  # among Discord's interaction contexts


def for_server(commands: list[AppCommand], tree: CommandTree) -> list[Payload]:
    """Commands of a server, which carry no contexts as they exist only there."""
    return [
        _without(payload, "contexts", "integration_types", "dm_permission")
        for payload in payloads(commands, tree)
    ]


def for_direct_messages(commands: list[AppCommand], tree: CommandTree) -> list[Payload]:
    """Without commands that need a server, and without each option `player`."""
    return [
        {**_without(_no_player(payload), "integration_types", "dm_permission"), "contexts": [DIRECT_MESSAGE]}
        for payload in payloads((command for command in commands if not command.guild_only), tree)
    ]


def _without(payload: Payload, *keys: str) -> Payload:
    return {key: value for key, value in payload.items() if key not in keys}


def _no_player(payload: Payload) -> Payload:
    if "options" not in payload:
        return payload
    return {**payload, "options": [_no_player(o) for o in payload["options"] if o["name"] != "player"]}


@dataclass(frozen=True, slots=True)
class Described:
    """The commands of a place as registered at Discord; one digest for all servers that have the same ones."""

    payloads: list[Payload]
    digest: str

    @classmethod
    def of(cls, payloads: list[Payload]) -> Self:
        return cls(payloads, digest(payloads))


def digest(payloads: list[Payload]) -> str:
    """The same for two descriptions of the same commands, whether or not they spell out defaults."""
    known = sorted((_essence(p) for p in payloads), key=lambda p: str(p["name"]))
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


_ESSENTIAL = [
    "name",
    "name_localizations",
    "description",
    "description_localizations",
    "type",
    "required",
    "choices",
    "options",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
    "autocomplete",
    "channel_types",
    "contexts",
    "value",
]


def _essence(payload: Payload) -> Payload:
    kept = {key: _number(payload[key]) for key in _ESSENTIAL if not _absent(payload.get(key))}
    for key in ("options", "choices"):
        if key in kept:
            kept[key] = [_essence(item) for item in kept[key]]
    return kept


def _absent(value: object) -> bool:
    return value is None or value is False or value in ([], {}, "")


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
