"""Whom a message mentions: by name, by a role, as one of their characters, by an answer, or everybody at once.

Nobody is mentioned who does not see the message: they would learn of it.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from uuid import UUID

from chat.markdown.render import mentions
from chat.models import Block, ChatMessage, Mention
from chat.rooms import Room, chronicle_of, level_of
from chronicle.models import Server, ServerMember, ServerRole
from chronicle.prefetch import prefetch_permissions
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from haven.models import Character
from rules.errors import Invalid
from rules.visibility import PRIVATE, Level

MOST = 50
# A role that more people hold is mentioned by those alone who moderate the channel.
MOST_HOLDERS = 50
EVERYONE, HERE = "@everyone", "@here"


@dataclass
class Mentioned:
    """`named`: what each mention in the text is called; `users`: who hears of it; `everyone`: all of the room do."""

    named: dict[str, str] = field(default_factory=dict)
    users: set[UUID] = field(default_factory=set)
    everyone: bool = False


def resolve(room: Room, message: ChatMessage, principal: Principal) -> Mentioned:
    """Find out whom a message mentions. Raises Invalid where it is too many."""
    tokens = mentions(message.content)
    if len(tokens) > MOST:
        raise Invalid.field("text", _("A message can mention up to {most} people and roles.", most=MOST))
    found = Mentioned()
    if room.channel:
        _Channel(room, message, principal, found).resolve(tokens)
    else:
        _in_conversation(room, tokens, found)
    answered = message.reply_to
    if answered and answered.user_id:
        found.users |= _who_see(room, message, {answered.user_id}).keys()
    found.users -= _deaf(found.users, principal.id)
    return found


def keep(message: ChatMessage, found: Mentioned) -> set[UUID]:
    """Write down whom a saved message mentions now; return who was not mentioned before."""
    before = set(Mention.objects.filter(message=message).values_list("user_id", flat=True))
    wanted: set[UUID | None] = {*found.users, *([None] if found.everyone else [])}
    gone = before - wanted
    if gone:
        Mention.objects.filter(message=message, user__in=gone - {None}).delete()
    if None in gone:
        Mention.objects.filter(message=message, user=None).delete()
    rows = [
        Mention(message=message, user_id=user, room=message.room, seq=message.seq) for user in wanted - before
    ]
    Mention.objects.bulk_create(rows)
    return {user for user in wanted - before if user}


def _deaf(users: Set[UUID], author: UUID | None) -> set[UUID]:
    """The author themselves, and who has blocked them."""
    if not users:
        return set()
    blocking = Block.objects.filter(user__in=users, blocked=author).values_list("user_id", flat=True)
    return {*blocking, *([author] if author else [])}


def _in_conversation(room: Room, tokens: Iterable[str], found: Mentioned) -> None:
    people = {token: UUID(token[2:-1]) for token in tokens if token.startswith("<@") and token[2] not in "&*"}
    assert room.conversation is not None
    parts = room.conversation.participants.filter(user__in=people.values()).select_related("user")
    names = {part.user_id: part.user.display_name for part in parts}
    found.named |= {token: names[pk] for token, pk in people.items() if pk in names}
    found.users |= names.keys()


def _who_see(room: Room, message: ChatMessage, user_ids: set[UUID]) -> dict[UUID, str]:
    """Those of these people who see the message, with their names there; a few queries for many."""
    if room.conversation:
        return dict.fromkeys(user_ids & room.conversation.people, "")
    assert room.channel is not None
    rows = ServerMember.objects.filter(server=room.server_id, user__in=user_ids).select_related("user")
    members = {Principal.for_user(row.user): row for row in rows}
    prefetch_permissions(list(members), {room.channel.server_id})
    chronicle = chronicle_of(room)

    def sees(somebody: Principal) -> bool:
        if not can(somebody, "channel.view", room.channel):
            return False
        own = message.visibility == PRIVATE and somebody.id == message.owner
        return own or level_of(somebody, chronicle) >= Level(message.visibility)

    return {row.user_id: row.display_name for somebody, row in members.items() if sees(somebody)}


class _Channel:
    """The mentions in a channel or thread, where roles and characters have names as well."""

    def __init__(self, room: Room, message: ChatMessage, principal: Principal, found: Mentioned) -> None:
        assert room.channel is not None
        self.room, self.channel, self.message, self.found = room, room.channel, message, found
        self.moderates = bool(can(principal, "channel.moderate", room.channel))
        self.manages = bool(can(principal, "channel.manage", room.channel))

    def resolve(self, tokens: Iterable[str]) -> None:
        people: dict[UUID, str] = {}
        roles: dict[UUID, str] = {}
        characters: dict[UUID, str] = {}
        kinds = {"&": roles, "*": characters}
        for token in tokens:
            if token.startswith("<@"):
                kind = kinds.get(token[2], people)
                kind[UUID(token[2:-1] if kind is people else token[3:-1])] = token
            elif self.manages:
                self.found.named[token] = token[1:]
                self.found.everyone |= token == EVERYONE
        holders = self._roles(roles)
        players = self._characters(characters)
        wanted = {*people, *holders, *players}
        seen = _who_see(self.room, self.message, wanted) if wanted else {}
        self.found.named |= {token: seen[pk] for pk, token in people.items() if pk in seen}
        self.found.users |= seen.keys()

    def _roles(self, named: dict[UUID, str]) -> set[UUID]:
        """Who holds these roles; those that everybody has are nobody's."""
        if not named:
            return set()
        rows = ServerRole.objects.filter(server=self.room.server_id, pk__in=named)
        rows = rows.exclude(system=ServerRole.System.MEMBER)
        guild = Server.objects.values_list("discord_id", flat=True).get(pk=self.channel.server_id)
        holders: set[UUID] = set()
        for role in rows.exclude(discord_id=guild) if guild else rows:
            held = ServerMember.objects.filter(roles=role).values_list("user_id", flat=True)
            users = set(held[: MOST_HOLDERS + 1] if not self.moderates else held)
            if len(users) <= MOST_HOLDERS or self.moderates:
                self.found.named[named[role.pk]] = role.name
                holders |= users
        return holders

    def _characters(self, named: dict[UUID, str]) -> set[UUID]:
        """Whose these characters are that play in the server."""
        if not named:
            return set()
        rows = Character.objects.filter(
            pk__in=named, chronicle__server=self.room.server_id, deleted_at=None
        ).values_list("pk", "name", "owner_id")
        self.found.named |= {named[pk]: name for pk, name, _owner in rows}
        return {owner for _pk, _name, owner in rows if owner}
