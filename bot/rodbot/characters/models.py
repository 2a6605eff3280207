"""Characters and their types as the bot API answers them. `docs/BOT_API.md` describes the JSON."""

from dataclasses import dataclass

from contract.characters import Card
from contract.dice_schema import DiceSchema
from contract.events import Event
from contract.notices import StoredNotice, read
from rodbot.core.models import Json

PAGE = 25


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a trait that a slash command can take."""

    path: str
    name: str
    label: str
    type: str
    description: str = ""
    min: int | None = None
    max: int | None = None
    required: bool = False
    adjust: bool = False
    adjust_min: int | None = None
    adjust_max: int | None = None
    choices: tuple[str, ...] = ()
    free_text: bool = False
    max_length: int | None = None
    # What `update` calls it, where that differs: “willpower” is what is left of it, not its rating.
    update_name: str | None = None

    @classmethod
    def read(cls, data: Json) -> "Field":
        known = {key: data[key] for key in cls.__slots__ if data.get(key) is not None}
        return cls(**{**known, "choices": tuple(str(c) for c in data.get("choices") or ())})


@dataclass(frozen=True, slots=True)
class Splat:
    """`fields` are those of its tracker traits, in the order of the declaration."""

    slug: str
    label: str
    edition: str
    command: str
    fields: tuple[Field, ...]

    @classmethod
    def read(cls, data: Json) -> "Splat":
        tracked = (trait for trait in data["traits"] if trait.get("tracker"))
        fields = tuple(Field.read(f) for trait in tracked for f in trait.get("fields") or ())
        return cls(data["slug"], data["label"], data["edition"], data["command"], fields)


@dataclass(frozen=True, slots=True)
class Schema:
    hash: str
    splats: tuple[Splat, ...]
    dice: DiceSchema

    @classmethod
    def read(cls, data: Json) -> "Schema":
        splats = tuple(Splat.read(splat) for splat in data["splats"])
        return cls(data["hash"], splats, DiceSchema.model_validate(data))

    @property
    def editions(self) -> tuple[str, ...]:
        """Those with character types, and those with dice alone."""
        of_dice = (roll.edition for roll in self.dice.rolls if roll.edition)
        return tuple(dict.fromkeys([*(splat.edition for splat in self.splats), *of_dice]))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a change or a look: the card, and the event when something changed."""

    id: str
    name: str
    card: Card
    event: Event | None = None
    chosen: str = ""
    # What there is to say where nothing changed; an event has its own.
    notices: tuple[StoredNotice, ...] = ()
    text_mode: bool = False

    @classmethod
    def read(cls, data: Json) -> "Answer":
        character = data["character"]
        event = data.get("event")
        return cls(
            id=str(character["id"]),
            name=character["name"],
            card=Card.model_validate(data["card"]),
            event=Event.model_validate(event) if event else None,
            chosen=data.get("chosen") or "",
            notices=tuple(map(read, data.get("notices") or ())),
            text_mode=bool(data.get("text_mode")),
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A character in a list of completions or in a menu."""

    id: str
    name: str
    label: str

    @classmethod
    def read(cls, data: Json) -> "Name":
        return cls(str(data["id"]), data["name"], data.get("label") or data["name"])


@dataclass(frozen=True, slots=True)
class Names:
    """One page of at most 25; `more` when others follow."""

    results: tuple[Name, ...]
    more: bool = False

    @classmethod
    def read(cls, data: Json, page: int = 0) -> "Names":
        results = tuple(Name.read(r) for r in data.get("results") or ())
        return cls(results, page * PAGE + len(results) < data.get("total", 0))


@dataclass(frozen=True, slots=True)
class TraitName:
    path: str
    label: str
    now: str

    @classmethod
    def read(cls, data: Json) -> "TraitName":
        now = data.get("now")
        return cls(data["path"], data.get("label") or data["path"], "" if now is None else str(now))


@dataclass(frozen=True, slots=True)
class History:
    id: str
    name: str
    events: tuple[Event, ...]
    text_mode: bool = False

    @classmethod
    def read(cls, data: Json) -> "History":
        character = data["character"]
        events = tuple(Event.model_validate(e) for e in data.get("events") or ())
        return cls(str(character["id"]), character["name"], events, bool(data.get("text_mode")))
