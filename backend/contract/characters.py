"""Characters: what can be asked and done, and a character, its card and its names as one reader sees them."""

import re
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, SkipValidation, ValidationInfo, WithJsonSchema, field_validator

from contract.base import (
    ActsFor,
    Answer,
    Flag,
    Input,
    Json,
    JsonObject,
    Moment,
    Named,
    Person,
    Reference,
    Whole,
)
from contract.errors import sentence
from contract.events import Event, StreamName
from contract.labels import Label, PathOfLabel, WordsOf
from contract.notices import StoredNotice
from contract.translation import N_
from contract.uploads import WithPicture

MAX_CHANGES = 200
MAX_PAGE = 40
MAX_HISTORY = 100
TRAIT_PATH = re.compile(r"[a-z0-9_]{1,40}(\.[a-z0-9_]{1,40}){0,4}")

LevelName = Literal["public", "table", "private", "secret"]
Status = Literal["draft", "active", "dead", "archived"]
Edition = Annotated[str, WithJsonSchema({"enum": ["5th", "20th", "cod", "fantasy"]})]
Colour = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"})]
Splats = Annotated[str, Field(max_length=500, description="Slugs of character types, separated by commas")]
# What somebody has typed so far; Discord's longest.
Typed = Annotated[str, Field(max_length=6000, description="What was typed so far")]
# The values of traits are checked by their declarations; here they would only be copied.
Fields = Annotated[
    SkipValidation[JsonObject], Field(description="Trait → value, those that the reader may see")
]


# What is asked


class CharacterInput(ActsFor):
    """Which character: on the web by the address, in Discord by id or name, or the default."""

    character: Annotated[
        Reference | None, Field(description="Id or name; the default character if left out")
    ] = None
    splat: Splats | None = None


class TraitChange(Input):
    """One operation on a trait; its value is checked by the trait."""

    op: Literal["set", "adjust", "add", "remove", "text"] = "set"
    path: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            description="Such as hunger, health.superficial or merits.<id>.rating; where the value is typed text, "
            "also the name of a trait or an entry as people say it",
            json_schema_extra=sentence(N_("The path of a trait is expected, such as health.superficial.")),
        ),
    ]
    value: Json = None

    @field_validator("path")
    @classmethod
    def _is_declared(cls, path: str, info: ValidationInfo) -> str:
        if info.data.get("op") != "text" and not TRAIT_PATH.fullmatch(path):
            raise ValueError(path)
        return path


Changes = Annotated[list[TraitChange], Field(max_length=MAX_CHANGES)]
BaseVersion = Annotated[
    Whole | None,
    Field(description="The version that was seen: a trait that was set since then is a conflict"),
]


class ListCharacters(Input):
    chronicle: UUID | None = None
    splat: Annotated[str, Field(max_length=30)] | None = None
    status: Status | None = None
    search: Annotated[Reference, Field(description="Part of a name")] = ""
    own: Annotated[Flag, Field(description="Own characters only")] = False
    deleted: Annotated[Flag, Field(description="Own deleted characters")] = False


class ListNames(ActsFor):
    q: Typed = ""
    splat: Splats | None = None
    deleted: Flag = False
    page: Annotated[Whole, Field(ge=0, le=MAX_PAGE)] = 0


class ListTraits(CharacterInput):
    q: Typed = ""


class ListEntries(CharacterInput):
    q: Typed = ""
    trait: Annotated[str, Field(max_length=60)]


class ListHistory(CharacterInput):
    before: Annotated[
        Annotated[Whole, Field(ge=1, le=2**31 - 1)] | None,
        Field(description="The version of the oldest event seen so far"),
    ] = None
    limit: Annotated[Whole, Field(ge=1, le=MAX_HISTORY)] = 25


class CreateCharacter(Input):
    splat: Annotated[str, Field(max_length=100)]
    name: str
    chronicle: Annotated[
        UUID | None, Field(description="In Discord what is played in the channel, if left out")
    ] = None
    changes: Changes = []


class ChangeCharacter(CharacterInput):
    changes: Changes
    base_version: BaseVersion = None


class UndoChange(CharacterInput):
    event: Annotated[UUID | None, Field(description="The last change that can be undone if left out")] = None


class MoveCharacter(CharacterInput):
    chronicle: Annotated[Reference, Field(description="Id; in Discord also the name, in this server")]


class ShowTrait(CharacterInput):
    trait: Annotated[str, Field(max_length=60)]
    level: LevelName


class SetDefault(CharacterInput):
    clear: Flag = False


class SetPortrait(CharacterInput, WithPicture):
    """In Discord the address of an attachment, on the web the picture itself."""

    url: Annotated[str, Field(max_length=2000)] = ""


# What is answered


class BriefCharacter(Answer):
    """A character with its trackers: what lists and snapshots show."""

    id: UUID
    name: str
    owner: Person
    chronicle: Named | None
    stream: StreamName
    splat: str
    splat_label: str
    edition: Edition
    version: Annotated[int, Field(ge=0)]
    deleted: bool
    created_at: Moment
    updated_at: Moment
    fields: Fields


class CharacterRights(Answer):
    """What its reader may do. `trackers_only`: it is locked, and only trackers may change."""

    edit: bool
    delete: bool
    lock: bool
    history: bool
    level: LevelName
    trackers_only: bool


class FullCharacter(BriefCharacter):
    """Everything that its reader may see (docs/BOT_API.md, "The character object")."""

    rights: CharacterRights
    visibility: Annotated[
        dict[str, LevelName], Field(description="Trait → level, where it differs from the declaration")
    ]


class CardOwner(Answer):
    name: str
    avatar_url: str


class CardRow(Answer):
    """`text` is its value in words, in the language of who asked for the card."""

    path: PathOfLabel
    label: Label
    edition: WordsOf = ""
    draw: str
    value: SkipValidation[Json]
    text: str


class Card(Answer):
    """The compact card that Discord shows: neutral data, drawn there."""

    title: str
    url: str
    colour: Colour
    owner: CardOwner
    thumbnail: str | None
    splat: Label
    rows: list[CardRow]
    footer: Label


class Changed(Answer):
    """`event` is null when nothing had to change; `notices` are then what its player should know all the same.

    `chosen` says how the character was chosen when none was named.
    """

    id: UUID
    event: Event | None
    card: Card
    chosen: str = ""
    notices: list[StoredNotice] = []


class CharacterChanged(Changed):
    """For Discord, which shows the card."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"event", "card"})
    character: Named


class SheetChanged(Changed):
    """For a sheet in a browser, which shows the whole character."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"event", "card", "character"})
    character: FullCharacter


class ShownCharacter(Answer):
    character: Named
    card: Card
    chosen: str = ""


class Characters(Answer):
    results: list[BriefCharacter]


class History(Answer):
    character: Named
    events: list[Event]


class CharacterName(Answer):
    id: UUID
    name: str
    splat: str
    label: str
    owner: Person


class CharacterNames(Answer):
    results: list[CharacterName]
    total: int


class TraitName(Answer):
    path: str
    label: str
    now: Annotated[str, Field(description="Its value in words")]


class TraitNames(Answer):
    results: list[TraitName]


class EntryName(Answer):
    name: str
    label: Annotated[str, Field(description="The name with its rating")]


class EntryNames(Answer):
    results: list[EntryName]


class DefaultCharacter(Answer):
    default: Named | None
    scope: Literal["server", "none"]
