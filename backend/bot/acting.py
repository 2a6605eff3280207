"""Who acts: the person that a request names, with exactly their own rights."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework.request import Request

from bot.facts import Facts, facts_of, mapping, snowflake
from chronicle.models import Chronicle, Server, ServerMember
from chronicle.principal import Principal
from chronicle.services import ensure_member, ensure_user
from discordauth.models import CustomUser
from rules.errors import Invalid, NotAllowed, NotFound, Unprocessable
from timeline.database_outage import retry_lost_transactions
from timeline.services import Cause

DOOR = "discord"
NOBODY = UUID(int=0)
# What the Discord process does of its own accord: keeping the mirror of guilds.
SYNC = Cause(actor=None, door=DOOR)


@dataclass
class Acting:
    """`user` is None only for a reader whom we have never met; `server` and `member` in direct messages."""

    principal: Principal
    user: CustomUser | None
    server: Server | None = None
    member: ServerMember | None = None
    channel_id: str = ""
    cause: Cause = SYNC

    @cached_property
    def chronicle(self) -> Chronicle | None:
        """What is played in this channel, else the server's default chronicle; asked for on first use."""
        if self.server is None:
            return None
        meant = Q(is_default=True) | Q(channels__discord_id=self.channel_id, archived_at=None)
        found = list(Chronicle.objects.filter(meant, server=self.server).distinct()[:2])
        chosen = min(found, key=lambda one: bool(one.is_default) and len(found) > 1)
        chosen.server = self.server
        return chosen

    @property
    def scope(self) -> str:
        """Of idempotency keys: those of two people never meet."""
        return f"bot:{self.principal.id}"


def player(discord_id: Any) -> UUID:
    """Resolve a Discord id to a user id. Unknown ids become the nil UUID, so a caller cannot probe for accounts."""
    known = CustomUser.objects.filter(discord_id=snowflake(discord_id, "player"))
    return known.values_list("id", flat=True).first() or NOBODY


def act(request: Request) -> Acting:
    """The person behind a body; whoever and whatever is new about them is written down first."""
    acting = acting_of(facts_of(request.data))
    # Who names a player acts for them; whether they may, the rights of what they do decide.
    acting.cause = replace(acting.cause, as_player=bool(mapping(request.data, "body").get("player")))
    return acting


def acting_of(facts: Facts) -> Acting:
    if facts.guild is None:
        user = retry_lost_transactions(lambda: ensure_user(facts.member.profile))
        if not user.is_active:
            raise NotAllowed("This account is closed.")
        return Acting(Principal.for_user(user), user, channel_id=facts.channel_id, cause=_cause(user, facts))
    guild = facts.guild
    entry = retry_lost_transactions(lambda: ensure_member(guild, facts.member, cause=SYNC))
    return Acting(
        entry.principal,
        entry.user,
        entry.server,
        entry.member,
        facts.channel_id,
        _cause(entry.user, facts),
    )


def _cause(user: CustomUser, facts: Facts) -> Cause:
    said = facts.interaction
    return Cause(actor=user, door=DOOR, command=said.command, interaction_id=said.id)


def look(request: Request) -> Acting:
    """The person behind a query (`actor`, `guild`, `channel_id`: Discord's ids), for reading. Writes nothing; three
    queries.
    """
    actor = snowflake(request.query_params.get("actor"), "actor")
    guild = request.query_params.get("guild") or None
    channel = request.query_params.get("channel_id") or None
    user = CustomUser.objects.filter(discord_id=actor, is_active=True).first()
    acting = Acting(Principal.for_user(user), user)
    acting.channel_id = snowflake(channel, "channel_id") if channel else ""
    if guild is not None and user is not None:
        rows = ServerMember.objects.select_related("server")
        member = rows.filter(server__discord_id=snowflake(guild, "guild"), user=user).first()
        acting.member, acting.server = member, member.server if member else None
    return acting


def act_in(request: Request, guild_id: str) -> tuple[Acting, Server]:
    """As `act`, for an address that names the guild: it must be the one that the command was given in."""
    acting = act(request)
    if acting.server is None:
        raise Invalid.field("guild", "This works in a server only.")
    if acting.server.discord_id != guild_id:
        raise NotFound("There is no such server.")
    return acting, acting.server


def chronicle_of(acting: Acting) -> Chronicle:
    """What is played where something was said. Raises Unprocessable (`server_only`)."""
    if acting.chronicle is None:
        raise Unprocessable("This works in a server only.", "server_only")
    return acting.chronicle
