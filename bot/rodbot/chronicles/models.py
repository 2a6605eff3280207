"""Chronicles, roles and explanations as the bot API answers them (`docs/BOT_API.md`, “Chronicles”)."""

from dataclasses import dataclass

from rodbot.core.models import Json

NARRATORS = {"STORYTELLER": "storyteller", "CO_STORYTELLER": "co-storyteller", "OBSERVER": "observer"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A house rule: `choices` are pairs of a value and how it is called."""

    slug: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]

    @property
    def told(self) -> str:
        return next((label for value, label in self.choices if value == self.value), self.value)


@dataclass(frozen=True, slots=True)
class Chronicle:
    id: str
    name: str
    description: str
    is_default: bool
    is_archived: bool
    leads: bool
    storytellers: tuple[str, ...] = ()
    # Pairs of a name and what that person is here.
    people: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    tenets: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Json) -> "Chronicle":
        return cls(
            id=str(data["id"]),
            name=data["name"],
            description=data.get("description") or "",
            is_default=bool(data.get("default")),
            is_archived=bool(data.get("archived")),
            leads=bool((data.get("rights") or {}).get("manage")),
            storytellers=tuple(one["name"] for one in data.get("storytellers") or ()),
            people=tuple(
                (one["name"], NARRATORS.get(one["role"], one["role"])) for one in data.get("people") or ()
            ),
            rules=tuple(_rule(one) for one in data.get("rules") or ()),
            tenets=tuple(data.get("tenets") or ()),
        )


def _rule(data: Json) -> Rule:
    choices = tuple((one["value"], one["label"]) for one in data["choices"])
    return Rule(data["slug"], data["label"], data["value"], choices)


@dataclass(frozen=True, slots=True)
class Chronicles:
    """`here` is the id of what is played in the channel."""

    results: tuple[Chronicle, ...]
    here: str

    @classmethod
    def read(cls, data: Json) -> "Chronicles":
        return cls(tuple(Chronicle.read(one) for one in data["results"]), str(data.get("here") or ""))


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    name: str
    position: int
    is_own: bool
    members: int
    # Pairs of a permission and what is said about it.
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
    # Who spoke, about what, and what they said.
    chain: tuple[tuple[str, str, str], ...]

    @classmethod
    def read(cls, data: Json) -> "Why":
        return cls(
            name=data["user"]["name"],
            words=data["words"],
            allowed=bool(data["allowed"]),
            reason=data.get("reason") or "",
            chain=tuple((one["name"], one["permission"], one["says"]) for one in data["chain"]),
        )
