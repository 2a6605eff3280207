"""The types of characters with their traits, from which commands are made."""

from dataclasses import dataclass

from contract.dice_schema import DiceSchema
from rodbot.core.backend import Backend
from rodbot.core.models import Json


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


async def fetch_schema(backend: Backend) -> Schema:
    """The character types and their traits, from which the commands are made."""
    return Schema.read(await backend.get("/bot/schema"))
