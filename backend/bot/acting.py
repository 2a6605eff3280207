"""Who acts: the person that a request names, with exactly their own rights."""

from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from chronicle.call import Call
from chronicle.models import ServerMember
from chronicle.principal import Principal
from chronicle.services import ensure_member, ensure_user
from contract import acting as contract
from contract.base import Snowflake
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Invalid, NotAllowed
from timeline.database_outage import retry_lost_transactions
from timeline.services import Cause

DOOR = "discord"
NOBODY = UUID(int=0)
SNOWFLAKE = TypeAdapter(Snowflake)
# What the Discord process does of its own accord: keeping the mirror of guilds.
SYNC = Cause(actor=None, door=DOOR)


def player(discord_id: str) -> UUID:
    """Resolve a Discord id to a user id. Unknown ids become the nil UUID, so a caller cannot probe for accounts.

    Raises Invalid for what is no Discord id.
    """
    try:
        known = CustomUser.objects.filter(discord_id=SNOWFLAKE.validate_python(discord_id))
    except ValidationError:
        raise Invalid.field("player", _("That isn’t a Discord id.")) from None
    return known.values_list("id", flat=True).first() or NOBODY


def call_for(acting: contract.Acting) -> Call:
    """Return the call of the acting person; stores first what is new about them, their server and their roles."""
    if acting.guild is None:
        user = retry_lost_transactions(lambda: ensure_user(acting.actor))
        if not user.is_active:
            raise NotAllowed(_("This account is closed."))
        return Call(Principal.for_user(user), _cause(user, acting), channel_id=acting.channel_id or "")
    guild = acting.guild
    entry = retry_lost_transactions(lambda: ensure_member(guild, acting.member(), cause=SYNC))
    cause = _cause(entry.user, acting)
    channel = acting.channel_id or ""
    parent = next((thread.parent_id for thread in acting.threads if thread.id == channel), "")
    return Call(
        entry.principal, cause, entry.server, entry.member, channel, parent, threads=tuple(acting.threads)
    )


def _cause(user: CustomUser, acting: contract.Acting) -> Cause:
    by = acting.interaction or contract.Interaction()
    return Cause(actor=user, door=DOOR, command=by.command or "", interaction_id=by.id or "")


def reading_call(acting: contract.Reading) -> Call:
    """The call of who reads. Writes nothing; two queries."""
    user = CustomUser.objects.filter(discord_id=acting.actor, is_active=True).first()
    member = None
    if acting.guild is not None and user is not None:
        rows = ServerMember.objects.select_related("server")
        member = rows.filter(server__discord_id=acting.guild, user=user).first()
    server = member.server if member else None
    return Call(
        Principal.for_user(user), SYNC, server, member, acting.channel_id or "", acting.parent_id or ""
    )
