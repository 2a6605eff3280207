"""Chronicles: what is played in a server, its storytellers, and its house rules."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Changes, Flag, Input, KeptById, Moment, Named, Reference, Whole
from contract.errors import sentence
from contract.servers import MAX_PAGE, ChannelId, Edition, ServerInput, Who
from contract.translation import N_

ChronicleRole = Literal["STORYTELLER", "CO_STORYTELLER", "OBSERVER"]
MAX_TENETS, MAX_TENET = 10, 200

ChronicleName = Annotated[
    str,
    Field(max_length=100, json_schema_extra=sentence(N_("A chronicle’s name has 1 to 100 characters."))),
]
Description = Annotated[str, Field(max_length=4000)]
ChronicleRef = Annotated[
    Reference | None,
    Field(description="Id, or in Discord a name; what is played in the channel if left out"),
]


OwnEdition = Annotated[
    Edition | None,
    Field(description="5th, 20th or cod, where it is another than the server's; null: the server's"),
]


class ChronicleInput(Input):
    chronicle: ChronicleRef = None


class MyChronicles(Input):
    """Those of all servers that one is a member of."""


class ListChronicles(ServerInput):
    archived: Annotated[Flag, Field(description="The archived ones too")] = False


class CreateChronicle(ServerInput):
    name: ChronicleName
    description: Description = ""
    edition: OwnEdition = None


class ChronicleChanges(Changes):
    """Of `rules` (slug → value) those that are named change."""

    clearable = frozenset({"edition"})

    name: ChronicleName | None = None
    description: Description | None = None
    edition: OwnEdition = None
    rules: dict[str, str] | None = None
    tenets: (
        Annotated[
            list[str],
            Field(
                max_length=MAX_TENETS,
                json_schema_extra=sentence(
                    N_("At most {most} tenets are expected, as a list."), most=MAX_TENETS
                ),
            ),
        ]
        | None
    ) = None
    archived: Flag | None = None
    default: Annotated[Flag | None, Field(description="True: new characters play here")] = None


class ChangeChronicle(ChronicleInput, ChronicleChanges):
    pass


class ChangeChronicleBy(ChronicleInput):
    changes: ChronicleChanges


class SetChronicleRole(ChronicleInput):
    """Null takes the role away."""

    user: Who
    role: ChronicleRole | None


class HandOver(ChronicleInput):
    user: Who


class BindHere(ChronicleInput):
    """Commands in the channel mean this chronicle; with `bound` false, the default one again."""

    channel: ChannelId
    bound: Flag = True


class ListMembers(ChronicleInput):
    """By when they joined. `after` is the last id of the page before."""

    after: UUID | None = None
    limit: Annotated[Whole, Field(ge=1, le=MAX_PAGE)] = MAX_PAGE


class ChronicleRights(Answer):
    manage: bool
    storyteller: bool


class ChronicleBrief(KeptById):
    """`edition` is what is played; `own_edition` is null where that is the server's."""

    name: str
    description: str
    slug: str
    default: bool
    archived: bool
    edition: str
    own_edition: str | None
    server: Named
    version: int
    stream: str
    rights: ChronicleRights


class RuleChoice(Answer):
    value: str
    label: str


class HouseRule(Answer):
    slug: str
    label: str
    changes: str
    value: str
    choices: list[RuleChoice]


class ChroniclePerson(Named):
    role: str


class Chronicle(ChronicleBrief):
    """`people` hold a role of the chronicle itself; `storytellers` are they and those of the whole server."""

    rules: list[HouseRule]
    tenets: list[str]
    people: list[ChroniclePerson]
    members: int
    characters: int
    storytellers: list[Named]


class OneChronicle(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"chronicle"})
    id: UUID
    chronicle: Chronicle


class Chronicles(Answer):
    results: list[ChronicleBrief]


class ChroniclesHere(Chronicles):
    """`here` is what is played in the channel."""

    here: UUID | None


class ChronicleMember(Answer):
    """`id` is the membership's; the next page begins after it."""

    id: UUID
    user: Named
    nickname: str
    roles: list[str]
    joined_at: Moment


class ChronicleMembers(Answer):
    results: list[ChronicleMember]
    next: UUID | None
