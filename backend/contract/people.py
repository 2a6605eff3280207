"""Accounts: one's own profile and preferences, and the direct messages that the bot brings."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, ChosenLanguage, Flag, Input, JsonObject, Moment
from contract.zones import TIME_ZONE, ZoneName

MAX_BIO, MAX_STATUS, MAX_ADDRESS = 2000, 140, 300
ZONE = "Such as Europe/Berlin; empty: UTC"


class GetProfile(Input):
    pass


class UpdateProfile(Input):
    """Only the given fields change. Settings are merged key by key; null removes one."""

    bio: Annotated[str, Field(max_length=MAX_BIO)] = ""
    status_message: Annotated[str, Field(max_length=MAX_STATUS)] = ""
    avatar_url: Annotated[str, Field(max_length=MAX_ADDRESS, description="https only, or empty")] = ""
    user_settings: JsonObject = {}
    timezone: Annotated[ZoneName, Field(title=TIME_ZONE, description=ZONE)] = ""


class Profile(Answer):
    """`picture_url`: one's own picture, else Discord's, else empty."""

    id: UUID
    name: str
    username: str
    discord_id: str | None
    discord_username: str
    picture_url: str
    avatar_url: str
    bio: str
    status_message: str
    user_settings: JsonObject
    timezone: str
    is_staff: bool
    date_joined: Moment
    delete_at: Annotated[Moment | None, Field(description="When the account goes; null: it stays")] = None


class SetPreferences(Input):
    """What is not named stays as it is."""

    direct_messages: Flag | None = None
    text_mode: Flag | None = None
    language: ChosenLanguage | None = None
    timezone: Annotated[ZoneName | None, Field(title=TIME_ZONE, description=ZONE)] = None


class Preferences(Answer):
    direct_messages: bool
    text_mode: bool
    language: str = ""
    timezone: str = ""


class GetSupporter(Input):
    pass


class UnlinkPatreon(Input):
    pass


class SupporterLimits(Answer):
    """How many one may have: characters to play, macros of one character."""

    characters: int
    macros: int


class Supporter(Answer):
    """`level` 0 is no supporter. `tier` is its name on Patreon; `can_link`: accounts can be linked on this site."""

    level: int
    tier: str
    linked: bool
    can_link: bool
    limits: SupporterLimits


class AskDownload(Input):
    """Everything that is one's own, as a ZIP."""


class GetDownload(Input):
    pass


class Download(Answer):
    """`state`: `none`, `making` or `ready`. `url` is for the person's own browser, and of no use to anybody else."""

    state: Literal["none", "making", "ready"]
    asked_at: Moment | None = None
    ready_at: Moment | None = None
    expires_at: Moment | None = None
    size: Annotated[int, Field(description="Bytes")] = 0
    url: str = ""


class DeleteAccount(Input):
    name: Annotated[str, Field(max_length=100, description="One's own name, typed by hand")]


class KeepAccount(Input):
    pass


class Account(Answer):
    """`delete_at`: when it goes, as its owner asked for; null: it stays."""

    delete_at: Moment | None
    url: str


class ClaimNotification(Input):
    notification: Annotated[UUID, Field(description="The notification to deliver")]


class NotificationClaimed(Answer):
    taken: Annotated[bool, Field(description="True for exactly one request: deliver it")]


class TokenPair(Answer):
    """JSON web tokens: `access` for an hour or so, `refresh` to get the next pair."""

    access: str
    refresh: str
