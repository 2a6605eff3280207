"""Campaigns: the public face of a chronicle. What its storytellers can do with it, and how it stands."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Changes, Flag, Input, Reference, Whole
from contract.chronicles import ChronicleInput
from contract.errors import sentence
from contract.labels import Label
from contract.translation import N_

MAX_DELAY = 600
MAX_ROSTER = 40
TOKEN_PREFIX = "admin_"  # noqa: S105  (how a token begins)
KEEP_TOKEN = N_("Save this token securely - you'll need it for admin operations")

Delay = Annotated[
    Whole,
    Field(
        ge=0,
        le=MAX_DELAY,
        description="Seconds by which the public sees everything later",
        json_schema_extra=sentence(N_("A whole number from 0 to {most}."), most=MAX_DELAY),
    ),
]
Token = Annotated[str, Field(max_length=200)]


class CampaignInput(ChronicleInput):
    """The campaign of a chronicle; of what is played in the channel, or that of the server, if left out."""


class PublishCampaign(CampaignInput):
    pass


class UnpublishCampaign(CampaignInput):
    pass


class CampaignOptions(Changes):
    """What the public sees beside traits that are public."""

    is_listed: Annotated[
        Flag | None, Field(description="In the list of campaigns, and for search engines")
    ] = None
    shows_rolls: Annotated[Flag | None, Field(description="Rolls of characters on the roster")] = None
    shows_players: Annotated[Flag | None, Field(description="Names of players")] = None
    shows_conflicts: Annotated[Flag | None, Field(description="Who acts when")] = None
    delay: Delay | None = None


class ChangeCampaign(CampaignInput, CampaignOptions):
    clearable: ClassVar[frozenset[str]] = frozenset({"chronicle"})


class GetCampaign(CampaignInput):
    pass


class SetRoster(CampaignInput):
    """The characters that play now, in order."""

    character_ids: Annotated[list[UUID], Field(max_length=MAX_ROSTER)]


class ChangeRoster(CampaignInput):
    """Put a character on the roster, at its end, or take it off."""

    character: Reference
    on: Flag


class ShowTrackers(CampaignInput):
    """Show a character in public, or take it off air: its name, its colour, its portrait and its trackers."""

    character: Reference
    on: Flag


class RotateToken(CampaignInput):
    pass


class ClaimCampaign(Input):
    """Take over a campaign that was made by the API, with its token."""

    token: Token


class RosterEntry(Answer):
    """A character of the chronicle. `public`: the public knows of it."""

    id: UUID
    name: str
    player: str
    on_roster: bool
    public: bool
    trackers: Annotated[list[Label], Field(description="Trackers that the public sees, if it knows of it")]


class Campaign(Answer):
    """How a chronicle stands in public. `id` is null for one that never was public."""

    id: UUID | None
    chronicle: UUID
    slug: str
    name: str
    url: str
    is_public: bool
    is_listed: bool
    shows_rolls: bool
    shows_players: bool
    shows_conflicts: bool
    delay: int
    has_token: bool
    characters: list[RosterEntry]


class CampaignChanged(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"campaign"})
    id: UUID
    campaign: Campaign


class TokenGiven(CampaignChanged):
    """The token is shown this once: only its hash is kept."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"campaign", "token"})
    token: str
