"""Patreon's documents (JSON:API), read for the little that matters here. Everything else in them is dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints, ValidationError

from contract.translation import _
from patreon.models import MAX_ID, UNKNOWN
from rules.errors import Invalid

# The last part of an event's name. At the same moment of a pledge, a later one counts more than an earlier one.
CREATED, UPDATED, DELETED = range(3)
RANKS = {"create": CREATED, "update": UPDATED, "delete": DELETED}
EVENTS = {f"members:{part}{verb}": rank for part in ("", "pledge:") for verb, rank in RANKS.items()}


def _in_our_days(value: datetime) -> datetime:
    if not 1970 <= value.year <= 9000:
        raise ValueError("a date of our days was expected")
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]+$", max_length=MAX_ID)]
Time = Annotated[AwareDatetime, AfterValidator(_in_our_days)] | None
Attributes = dict[str, Any]


class _Named(BaseModel):
    id: Id


class _ToOne(BaseModel):
    data: _Named | None = None


class _ToMany(BaseModel):
    data: Annotated[list[_Named], Field(max_length=100)] = []


class _Times(BaseModel):
    patron_status: Annotated[str, StringConstraints(max_length=30, pattern=r"^[\x20-\x7e]*$")] | None = None
    pledge_relationship_start: Time = None
    last_charge_date: Time = None
    next_charge_date: Time = None


class _Relations(BaseModel):
    user: _ToOne = _ToOne()
    campaign: _ToOne = _ToOne()
    currently_entitled_tiers: _ToMany = _ToMany()


class _Member(BaseModel):
    type: str
    attributes: _Times
    relationships: _Relations


class _Included(BaseModel):
    type: str
    id: Id
    attributes: Attributes = {}
    relationships: Attributes = {}


class _Webhook(BaseModel):
    data: _Member
    included: Annotated[list[_Included], Field(max_length=500)] = []


class _Identity(BaseModel):
    data: _Named
    included: Annotated[list[_Included], Field(max_length=2000)] = []


@dataclass(frozen=True)
class Membership:
    """`tiers`: Patreon's id → title, which may be empty. `discord_id`: of the account that Patreon knows as theirs."""

    campaign_id: str = ""
    status: str = ""
    tiers: Mapping[str, str] = field(default_factory=dict)
    # The newest date in the document; `UNKNOWN` where it has none.
    moment: datetime = UNKNOWN
    next_charge_at: datetime | None = None
    discord_id: str = ""


def of_webhook(body: bytes) -> tuple[str, Membership]:
    """Return Patreon's id of the person and what they are entitled to. Raises Invalid (`malformed`)."""
    try:
        document = _Webhook.model_validate_json(body)
    except ValidationError as error:
        raise _malformed(error) from None
    user = document.data.relationships.user.data
    if document.data.type != "member" or user is None:
        raise Invalid(_("This isn’t a document of a member with their user."), code="malformed")
    return user.id, _membership(document.data, document.included, _discord_id(user.id, document.included))


def of_identity(document: object, campaign_id: str) -> tuple[str, Membership]:
    """The same of the answer to a person's own token. Raises Invalid (`malformed`).

    With the scope `identity` Patreon names the membership of our own campaign alone; `campaign_id` makes sure of it.
    """
    try:
        identity = _Identity.model_validate(document)
        members = [
            _Member.model_validate(row.model_dump()) for row in identity.included if row.type == "member"
        ]
    except ValidationError as error:
        raise _malformed(error) from None
    found = (_membership(member, identity.included) for member in members)
    ours = (membership for membership in found if campaign_id in ("", membership.campaign_id))
    return identity.data.id, next(ours, Membership())


def _membership(member: _Member, included: list[_Included], discord_id: str = "") -> Membership:
    attributes = member.attributes
    titles = {row.id: row.attributes.get("title") for row in included if row.type == "tier"}
    dates = filter(None, (attributes.pledge_relationship_start, attributes.last_charge_date))
    campaign = member.relationships.campaign.data
    return Membership(
        campaign_id=campaign.id if campaign else "",
        status=attributes.patron_status or "",
        tiers={
            tier.id: title if isinstance(title := titles.get(tier.id), str) else ""
            for tier in member.relationships.currently_entitled_tiers.data
        },
        moment=max(dates, default=UNKNOWN),
        next_charge_at=attributes.next_charge_date,
        discord_id=discord_id,
    )


def _discord_id(user_id: str, included: list[_Included]) -> str:
    """Patreon had its person sign in to Discord before it says that an account there is theirs."""
    user = next((row for row in included if (row.type, row.id) == ("user", user_id)), None)
    connections = user.attributes.get("social_connections") if user else None
    discord = connections.get("discord") if isinstance(connections, dict) else None
    found = discord.get("user_id") if isinstance(discord, dict) else None
    return found if isinstance(found, str) and found.isdecimal() and len(found) <= 20 else ""


def _malformed(error: ValidationError) -> Invalid:
    """Name the places that are wrong, and nothing that stands there: it is about a person."""
    places = dict.fromkeys(".".join(map(str, problem["loc"])) or "body" for problem in error.errors())
    return Invalid(
        _("This document can’t be read: {places}.", places=", ".join([*places][:5])[:300]), code="malformed"
    )
