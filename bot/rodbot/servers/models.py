"""Servers, their roles and permission checks as the bot API answers them (`docs/BOT_API.md`)."""

from dataclasses import dataclass

from rodbot.core.models import Json


@dataclass(frozen=True, slots=True)
class Chronicle:
    name: str
    characters: int
    storytellers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What `/server info` shows; `storyteller_roles` are pairs of Discord role id and name."""

    name: str
    url: str | None
    edition: str
    members: int
    characters: int
    chronicles: tuple[Chronicle, ...]
    tracker_channel: str | None
    tracker: Json
    storyteller_channel: str | None
    storyteller_roles: tuple[tuple[str, str], ...]
    you: str
    # Slug, label and whether it is on.
    features: tuple[tuple[str, str, bool], ...] = ()

    @classmethod
    def read(cls, data: Json) -> "ServerInfo":
        server = data["server"]
        chronicles = server.get("chronicles") or ()
        return cls(
            name=server.get("name") or "",
            url=server.get("url"),
            edition=server.get("edition") or "",
            members=server.get("members") or 0,
            characters=server.get("characters") or 0,
            chronicles=tuple(
                Chronicle(c["name"], c.get("characters") or 0, tuple(c.get("storytellers") or ()))
                for c in chronicles
            ),
            tracker_channel=str(server["tracker_channel"]) if server.get("tracker_channel") else None,
            tracker=server.get("tracker") or {},
            storyteller_channel=(
                str(server["storyteller_channel"]) if server.get("storyteller_channel") else None
            ),
            storyteller_roles=tuple((str(r["id"]), r["name"]) for r in server.get("storyteller_roles") or ()),
            you=_standing(server.get("you") or {}),
            features=tuple((f["slug"], f["label"], bool(f["on"])) for f in server.get("features") or ()),
        )


def _standing(you: Json) -> str:
    if you.get("admin"):
        return "administrator"
    if you.get("storyteller"):
        return "storyteller"
    return "player"


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    name: str
    position: int
    is_own: bool
    members: int
    # Pairs of a permission and its state.
    permissions: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, data: Json) -> "Role":
        return cls(
            id=str(data["id"]),
            name=data["name"],
            position=data["position"],
            is_own=not data.get("system") and not data.get("discord_id"),
            members=data.get("members") or 0,
            permissions=tuple(sorted((data.get("permissions") or {}).items())),
        )


@dataclass(frozen=True, slots=True)
class Why:
    name: str
    words: str
    allowed: bool
    reason: str
    # Source, permission, and what that source says about it.
    chain: tuple[tuple[str, str, str], ...]

    @classmethod
    def read(cls, data: Json) -> "Why":
        return cls(
            name=data["user"]["name"],
            words=data["words"],
            allowed=bool(data["allowed"]),
            reason=data.get("reason") or "",
            chain=tuple((step["name"], step["permission"], step["says"]) for step in data["chain"]),
        )
