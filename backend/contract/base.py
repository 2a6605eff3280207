"""The base classes and field types of the contract: what both processes read and write.

Lax where JSON has no type of its own (ids, times), strict where it has one: `"5"` is no number, `1` is no yes or no.
Forms, in which everything is text, go through `contract.text` first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from contract.lookup import LONGEST, did_you_mean, either, matches, quoted, spellings
from contract.shards import Shards
from contract.translation import LANGUAGES, N_, _

Json = JsonValue
JsonObject = dict[str, JsonValue]

Flag = Annotated[bool, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
# What a database column of a whole number holds.
Whole32 = Annotated[int, Field(strict=True, ge=-(2**31), le=2**31 - 1)]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]


def _in_our_days(value: datetime) -> datetime:
    if not 1900 <= value.year <= 9000:  # at the ends of the calendar another time zone is out of it
        raise ValueError(_("The year must be from 1900 to 9000."))
    return value


Moment = Annotated[
    datetime,
    AfterValidator(_in_our_days),
    PlainSerializer(datetime.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

# The shards of a Discord process, such as `0-3/8`: the first, the last, and how many the bot has.
ShardsServed = Annotated[
    str, Field(strict=True, max_length=20), AfterValidator(lambda text: str(Shards.read(text)))
]


def _in_63_bits(value: str) -> str:
    if int(value) >= 1 << 63:  # more than our databases compare as a number
        raise ValueError(_("That isn’t a Discord id."))
    return value


# Discord's ids are text: in a number of that size, browsers lose digits.
Snowflake = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$"), AfterValidator(_in_63_bits)]
# What a person typed to name something: a name, an id, part of a name.
Reference = Annotated[str, StringConstraints(max_length=100)]
Note = Annotated[str, StringConstraints(max_length=300)]


MAX_NONCE = 64
Nonce = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]*$", max_length=MAX_NONCE)]


MISSING = object()
# So many choices are all listed in a sentence.
LISTED = 10


def one_of(labels: Mapping[str, str]) -> BeforeValidator:
    """Read a choice as people write it: its value or its label, in any case, by a unique beginning."""

    def read(value: object) -> object:
        if not isinstance(value, str) or value in labels:
            return value
        short = value[: LONGEST + 1]
        found = matches(short, {slug: spellings(slug, label) for slug, label in labels.items()})
        if len(found) > 1:
            names = either([_(labels[slug]) for slug in found])
            raise ValueError(
                _("{typed} could be {names}. Type a little more.", typed=quoted(value), names=names)
            )
        if not found:
            raise ValueError(_not_among(value, [spellings(label) for label in labels.values()]))
        return found[0]

    return BeforeValidator(read)


# The language that somebody reads in; "" for that of their Discord or browser.
AUTOMATIC = N_("Automatic")
ChosenLanguage = Annotated[Literal["", "en", "de"], one_of({"": AUTOMATIC, **LANGUAGES})]


def _not_among(typed: str, named: list[tuple[str, ...]]) -> str:
    hint = did_you_mean(typed[: LONGEST + 1], named)
    if len(named) > LISTED:
        return _("{typed} isn’t one of the choices here.", typed=quoted(typed)) + hint
    return (
        _("{typed} isn’t one of {names}.", typed=quoted(typed), names=either([names[-1] for names in named]))
        + hint
    )


class Input(BaseModel):
    """What an operation takes. A field that it does not know is an error: nothing is dropped in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Changes(Input):
    """What is to change of something. What is left out stays as it is; null clears the fields in `clearable`, and is
    no value for the others.
    """

    clearable: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name not in cls.clearable:
            raise ValueError(_("Leave out what should stay as it is."))
        return value


class ActsFor(Input):
    """Input of what a storyteller may do for an absent player: a user's id on the web, Discord's id in Discord."""

    player: Reference | None = None


class Answer(BaseModel):
    """What an operation answers, and every part of it.

    `rebuilt` names the fields that are not kept with an idempotency key: a retry gets them made again. `sparse`: fields
    that are null are left out.
    """

    model_config = ConfigDict(
        frozen=True, serialize_by_alias=True, populate_by_name=True, from_attributes=True
    )
    rebuilt: ClassVar[frozenset[str]] = frozenset()
    sparse: ClassVar[bool] = False

    @classmethod
    def from_object(cls, source: object, **values: object) -> Self:
        """Fill it with what `source` has under the names of its fields, so that nobody copies them one by one.

        `values` are what goes by another name there, or is worked out.
        """
        found = ((name, getattr(source, name, MISSING)) for name in cls.model_fields if name not in values)
        return cls.model_validate({name: value for name, value in found if value is not MISSING} | values)


class KeptById(Answer):
    """A whole thing: a key keeps its id alone, and a retry gets it as it is by then."""

    id: UUID

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        cls.rebuilt = frozenset(cls.model_fields) - {"id"}


class Empty(Input):
    """No input at all."""


class Once(Input):
    """Input that says of itself which request it is: sent again with its nonce, it is carried out once."""

    nonce: Nonce = ""


class Named(Answer):
    """Something that has an id and a name."""

    id: UUID
    name: str


class Person(Answer):
    """An account, as others see it. `id` is null for who is no longer there."""

    id: UUID | None
    discord_id: str | None = None
    name: str
    avatar_url: str = ""
