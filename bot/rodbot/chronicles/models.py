"""Chronicles as the bot API answers them (`docs/BOT_API.md`, “Chronicles”)."""

from dataclasses import dataclass

from rodbot.core.models import Json

ROLES = {"STORYTELLER": "storyteller", "CO_STORYTELLER": "co-storyteller", "OBSERVER": "observer"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A house rule; `choices` are pairs of a value and its label."""

    slug: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]

    @property
    def value_label(self) -> str:
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
    # Pairs of a name and the role of that person.
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
            storytellers=tuple(person["name"] for person in data.get("storytellers") or ()),
            people=tuple(
                (person["name"], ROLES.get(person["role"], person["role"]))
                for person in data.get("people") or ()
            ),
            rules=tuple(_rule(rule) for rule in data.get("rules") or ()),
            tenets=tuple(data.get("tenets") or ()),
        )


def _rule(data: Json) -> Rule:
    choices = tuple((choice["value"], choice["label"]) for choice in data["choices"])
    return Rule(data["slug"], data["label"], data["value"], choices)


@dataclass(frozen=True, slots=True)
class Chronicles:
    """`here` is the id of the chronicle of the channel."""

    results: tuple[Chronicle, ...]
    here: str

    @classmethod
    def read(cls, data: Json) -> "Chronicles":
        return cls(
            tuple(Chronicle.read(chronicle) for chronicle in data["results"]), str(data.get("here") or "")
        )
