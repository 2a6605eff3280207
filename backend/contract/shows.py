"""The API for shows (S002): campaigns, their characters, sessions, events, roster and layout, in its words."""

import re
from datetime import date, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from contract.base import Answer, Changes, Input, JsonObject, Moment, Whole
from contract.chat_servers import Listed
from contract.companion import MAX_ROSTER
from contract.episodes import MAX_SUMMARY, MAX_TITLE
from contract.errors import sentence
from contract.layout import Moved
from contract.stage import (
    EventKind,
    PublicEvent,
    StageCharacter,
    Tier,
    TierLayout,
)
from contract.stage_changes import StageChange
from contract.translation import N_, _

MAX_EVENTS = 500
SLUG = N_("A slug has 1 to 100 letters, digits, hyphens and underscores.")
UUID_LIKE = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def _no_id(slug: str) -> str:
    """An address with an id in place of a slug must not be ambiguous."""
    if UUID_LIKE.fullmatch(slug):
        raise ValueError(_("A slug can’t look like an id."))
    return slug


Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$"),
    AfterValidator(_no_id),
    Field(json_schema_extra=sentence(SLUG)),
]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Description = Annotated[str, Field(max_length=4000)]
# A campaign by its id or its slug.
Ref = Annotated[str, Field(max_length=100)]
Number = Annotated[Whole, Field(ge=1, le=100_000)]


# What is asked


class ListCampaigns(Input):
    pass


class CreateCampaign(Input):
    slug: Slug
    name: Name
    description: Description = ""


class OneCampaign(Input):
    campaign: Ref


class ChangeShow(OneCampaign, Changes):
    slug: Slug | None = None
    name: Name | None = None
    description: Description | None = None


class RotateAdminToken(OneCampaign):
    pass


class ShowCharacterInput(OneCampaign):
    character: UUID


class CreateShowCharacter(OneCampaign, StageChange):
    """`name` is needed. `splat`: any type of character; the gauges of its sheet are `stats.gauges`."""

    splat: Annotated[str, Field(max_length=30)] = "fantasy"


class ChangeShowCharacter(ShowCharacterInput, StageChange):
    """What is left out stays as it is."""


class SetPicture(ShowCharacterInput):
    """A picture in a form, in its part `file`. `path`: where it was stored, before the transaction."""

    content: Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})] = b""
    name: Annotated[str, Field(max_length=300)] = ""
    path: Annotated[str, Field(max_length=300)] = ""


class ShowEpisodeInput(OneCampaign):
    episode: UUID


class CreateShowEpisode(OneCampaign):
    """`date`: a day, or a moment; default: now."""

    episode_number: Number | None = None
    title: Annotated[str, Field(max_length=MAX_TITLE)] = ""
    date: datetime | date | None = None
    summary: Annotated[str, Field(max_length=MAX_SUMMARY)] = ""


class ChangeShowEpisode(ShowEpisodeInput, Changes):
    episode_number: Number | None = None
    title: Annotated[str | None, Field(max_length=MAX_TITLE)] = None
    date: datetime | date | None = None
    summary: Annotated[str | None, Field(max_length=MAX_SUMMARY)] = None


class ListShowEvents(OneCampaign):
    after: Annotated[Whole | None, Field(ge=0, description="Events after this number")] = None
    limit: Annotated[Whole, Field(ge=1, le=MAX_EVENTS)] = 100
    character_id: UUID | None = None
    event_type: EventKind | None = None


class PostShowEvent(OneCampaign):
    """An `hp_change` or a `condition` changes the character; `custom` only tells.

    hp_change: `data` has `delta`, or `hp` (what it is set to). condition: `condition`, and `on` (default true).
    """

    event_type: EventKind
    character_id: UUID | None = None
    data: JsonObject = {}


class SetShowRoster(OneCampaign):
    character_ids: Annotated[list[UUID], Field(max_length=MAX_ROSTER)]


class SetShowLayout(OneCampaign, Moved):
    pass


# What is answered


class Show(Answer):
    id: UUID
    slug: str
    name: str
    description: str
    created_at: Moment
    updated_at: Moment


class Shows(Listed[Show]):
    pass


class ShowDetail(Show):
    """With how much of it the public sees."""

    characters: int
    episodes: int
    events: int


class ShowCreated(Show):
    """`admin_token` is shown this once; a retry of the request gets a new one."""

    rebuilt: ClassVar[frozenset[str]] = frozenset(
        {"slug", "name", "description", "created_at", "updated_at", "admin_token", "message"}
    )
    admin_token: str
    message: str


class ShowChanged(Show):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"slug", "name", "description", "created_at", "updated_at"})


class ShowCharacters(Listed[StageCharacter]):
    pass


class ShowCharacter(StageCharacter):
    rebuilt: ClassVar[frozenset[str]] = frozenset(StageCharacter.model_fields) - {"id"}


class PortraitSet(Answer):
    portrait_url: str | None


class BackgroundSet(Answer):
    background_url: str | None


class ShowEpisode(Answer):
    id: UUID
    campaign_id: UUID
    episode_number: int
    title: str
    date: Moment
    summary: str
    status: Annotated[str, Field(description="planned, live or done")]
    created_at: Moment


class ShowEpisodeChanged(ShowEpisode):
    rebuilt: ClassVar[frozenset[str]] = frozenset(ShowEpisode.model_fields) - {"id"}


class ShowEpisodes(Listed[ShowEpisode]):
    pass


class ShowEvents(Listed[PublicEvent]):
    pass


class ShowEventPosted(Answer):
    """`seq` is null, and `data` empty, where the public sees nothing of it: what was changed is not public."""

    rebuilt: ClassVar[frozenset[str]] = frozenset(PublicEvent.model_fields) - {"id"}

    id: UUID
    campaign_id: UUID
    character_id: UUID | None
    event_type: EventKind
    data: JsonObject
    created_at: Moment
    seq: int | None


class ShowRoster(Answer):
    campaign_id: UUID
    character_ids: list[UUID]
    characters: list[StageCharacter]


class ShowLayout(Answer):
    campaign_id: UUID
    large: TierLayout
    medium: TierLayout
    compact: TierLayout


class ShowTierLayout(TierLayout):
    campaign_id: UUID
    tier: Tier
