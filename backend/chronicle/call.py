"""The call: who asks for an operation, where they said it, and for whom."""

from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from chronicle import rights
from chronicle.models import Chronicle, Server, ServerChannel, ServerMember
from chronicle.principal import Principal
from contract.acting import Thread
from contract.translation import N_, _
from discordauth.models import CustomUser
from rules.errors import Invalid, NotFound, Unprocessable
from rules.naming import which
from timeline.services import Cause

SERVER_ONLY = N_("This only works in a server.")


@dataclass(frozen=True)
class Call:
    """`server`, `member` and `channel_id` are where a command was given in Discord; empty on the web. `parent_id` is
    the channel of a thread, `threads` are those that the command names or is given in.

    `player_id` is the absent player for whom a storyteller acts.
    """

    principal: Principal
    cause: Cause
    server: Server | None = None
    member: ServerMember | None = None
    channel_id: str = ""
    parent_id: str = ""
    threads: tuple[Thread, ...] = ()
    player_id: UUID | None = None

    @property
    def user(self) -> CustomUser:
        """Raises Unprocessable (`server_only`) for a reader without an account."""
        if self.principal.user is None:
            raise Unprocessable(_("Sign in first."), "server_only")
        return self.principal.user

    @property
    def in_discord(self) -> bool:
        """Where a person, a channel or a default says what nobody names."""
        return self.cause.door == "discord"

    @cached_property
    def bound_channel(self) -> str:
        """The channel whose chronicle counts here: a thread belongs to its channel unless it is bound itself."""
        if not self.parent_id:
            return self.channel_id
        own = ServerChannel.objects.filter(discord_id=self.channel_id, chronicle__archived_at=None)
        return self.channel_id if own.exclude(chronicle=None).exists() else self.parent_id

    @cached_property
    def chronicle(self) -> Chronicle | None:
        """What is played in this channel, else the server's default chronicle; asked for on first use."""
        if self.server is None:
            return None
        here = Q(is_default=True) | Q(channels__discord_id=self.bound_channel, archived_at=None)
        candidates = list(Chronicle.objects.filter(here, server=self.server).distinct()[:2])
        bound = [chronicle for chronicle in candidates if not chronicle.is_default]
        chosen = (bound or candidates)[0]
        chosen.server = self.server
        return chosen

    def chronicle_for(self, chronicle_id: UUID | None) -> Chronicle:
        """The named chronicle, if this person may see it; else that of the channel.

        Raises NotFound, Unprocessable (`server_only`).
        """
        if chronicle_id is not None:
            return chronicle_seen_by(self.principal, chronicle_id)
        if self.chronicle is None:
            raise Unprocessable(_(SERVER_ONLY), "server_only")
        return self.chronicle

    def chronicle_if_any(self, chronicle_id: UUID | None) -> Chronicle | None:
        """As `chronicle_for`; None where none is named or played."""
        return self.chronicle if chronicle_id is None else chronicle_seen_by(self.principal, chronicle_id)

    def chronicle_named(self, text: str | None) -> Chronicle:
        """By id or name; that of the channel if nothing is named. Where a command was given, one of its server.

        Raises NotFound, Conflict (`ambiguous`), Unprocessable (`server_only`).
        """
        try:
            named = UUID(text) if text else None
        except ValueError:
            return self._chronicle_called(text or "")
        found = self.chronicle_for(named)
        if self.server is not None and found.server_id != self.server.id:
            raise NotFound(_("There’s no such chronicle here."))
        return found

    def _chronicle_called(self, name: str) -> Chronicle:
        """One of the server's that this person may see, by its name."""
        rows = list(Chronicle.objects.filter(server=self.server)) if self.server else []
        for row in rows:
            row.server = self.server or row.server
        seen = {row: (row.name,) for row in rows if rights.can(self.principal, "chronicle.view", row)}
        return which(name, seen, "chronicle")

    def server_for(self, server_id: UUID | None) -> Server:
        """The named server, else that of the command; if this person may see it.

        Raises NotFound, Unprocessable (`server_only`).
        """
        if server_id is None and self.server is None:
            raise Unprocessable(_(SERVER_ONLY), "server_only")
        server = self.server if server_id is None else Server.objects.filter(id=server_id).first()
        if server is None:
            raise NotFound(_("There’s no such server."))
        rights.can(self.principal, "server.view", server).require()
        return server

    def for_player(self, player_id: UUID) -> "Call":
        """The same call for an absent player; whether the actor may, the rights of the operation decide."""
        cause = replace(self.cause, as_player=True, player_id=player_id)
        return replace(self, cause=cause, player_id=player_id)


def person(text: str) -> CustomUser:
    """Somebody by our id or by Discord's. Raises NotFound: nobody learns who has an account here."""
    users = CustomUser.objects.all()
    try:
        found = users.filter(discord_id=text) if text.isdecimal() else users.filter(id=UUID(text))
    except ValueError:
        raise Invalid.field("user", _("That isn’t an id.")) from None
    if (user := found.first()) is None:
        raise NotFound(_("This person isn’t a member here."))
    return user


def chronicle_seen_by(principal: Principal, chronicle_id: UUID) -> Chronicle:
    """One that this person may see at all. Raises NotFound."""
    chronicle = Chronicle.objects.select_related("server").filter(id=chronicle_id).first()
    if chronicle is None:
        raise NotFound(_("There’s no such chronicle."))
    rights.can(principal, "chronicle.view", chronicle).require()
    return chronicle
