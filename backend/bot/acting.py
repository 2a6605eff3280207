"""Who acts: the person that a request names, with exactly their own rights."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework.request import Request

from bot.facts import mapping, snowflake
from chronicle.call import Call
from chronicle.door import parse
from chronicle.models import Chronicle, Server, ServerMember
from chronicle.principal import Principal
from chronicle.services import ensure_member, ensure_user
from contract import acting as contract
from discordauth.models import CustomUser
from rules.errors import NotAllowed, Unprocessable
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


def call_for(said: contract.Acting) -> Call:
    """The call of who acts; whoever and whatever is new about them is written down first."""
    if said.guild is None:
        user = retry_lost_transactions(lambda: ensure_user(said.actor))
        if not user.is_active:
            raise NotAllowed("This account is closed.")
        return Call(Principal.for_user(user), _cause(user, said), channel_id=said.channel_id or "")
    guild = said.guild
    entry = retry_lost_transactions(lambda: ensure_member(guild, said.member(), cause=SYNC))
    cause = _cause(entry.user, said)
    channel = said.channel_id or ""
    parent = next((thread.parent_id for thread in said.threads if thread.id == channel), "")
    return Call(
        entry.principal, cause, entry.server, entry.member, channel, parent, threads=tuple(said.threads)
    )


def _cause(user: CustomUser, said: contract.Acting) -> Cause:
    by = said.interaction or contract.Interaction()
    return Cause(actor=user, door=DOOR, command=by.command or "", interaction_id=by.id or "")


def reading_call(said: contract.Reading) -> Call:
    """The call of who reads. Writes nothing; two queries."""
    user = CustomUser.objects.filter(discord_id=said.actor, is_active=True).first()
    member = None
    if said.guild is not None and user is not None:
        rows = ServerMember.objects.select_related("server")
        member = rows.filter(server__discord_id=said.guild, user=user).first()
    server = member.server if member else None
    return Call(Principal.for_user(user), SYNC, server, member, said.channel_id or "", said.parent_id or "")


def act(request: Request) -> Acting:
    """The person behind a body."""
    acting = _acting(call_for(parse(contract.Acting, mapping(request.data, "body"))))
    # Who names a player acts for them; whether they may, the rights of what they do decide.
    acting.cause = replace(acting.cause, as_player=bool(mapping(request.data, "body").get("player")))
    return acting


def look(request: Request) -> Acting:
    """The person behind a query."""
    return _acting(reading_call(parse(contract.Reading, request.query_params.dict(), text=True)))


def _acting(call: Call) -> Acting:
    who = call.principal
    return Acting(who, who.user, call.server, call.member, call.bound_channel, call.cause)


def chronicle_of(acting: Acting) -> Chronicle:
    """What is played where something was said. Raises Unprocessable (`server_only`)."""
    if acting.chronicle is None:
        raise Unprocessable("This works in a server only.", "server_only")
    return acting.chronicle
