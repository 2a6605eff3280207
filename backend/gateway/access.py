"""What somebody may see of a stream and of a character, for many sockets at once. Blocking."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chronicle.prefetch import prefetch_permissions
from chronicle.principal import Principal
from chronicle.rights import StreamRef, can, character_level, level, stream_ref
from contract.translation import N_
from discordauth.models import CustomUser
from gateway.credentials import Identity
from haven import selectors
from haven.models import Character
from haven.utility import derived
from rules.errors import NotFound
from rules.visibility import Level
from timeline.models import Stream
from timeline.services import Viewer

NO_SUCH_STREAM = N_("There’s no such stream.")
NO_SUCH_ROOM = N_("There’s no such channel.")
ROOM = "room:"


@dataclass(frozen=True, slots=True)
class Access:
    """A stream, and what somebody may see in it; of a conversation what was said after `begins`.

    `scope` is what the rights in a room follow from: its server, or the conversation.
    """

    ref: StreamRef
    level: Level
    user_id: str | None
    begins: int = 0
    scope: str | None = None

    @property
    def is_storyteller(self) -> bool:
        return self.level >= Level.SECRET

    @property
    def is_member(self) -> bool:
        return self.level >= Level.TABLE

    @property
    def role(self) -> str:
        return "storyteller" if self.is_storyteller else "member"

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.user_id, storyteller=self.is_storyteller, member=self.is_member)


@dataclass(frozen=True, slots=True)
class CurrentAccess:
    """What somebody may see now of a stream, and of the sheets that are open there; None: nothing."""

    stream: Access | None
    sheets: dict[str, Access | None]


def principal(identity: Identity) -> Principal:
    if identity.user_id is None:
        return Principal.anonymous()
    # What rights ask of a user stands in the identity already: no query.
    known = {"is_superuser": identity.is_admin, "discord_id": identity.discord_id}
    return Principal(CustomUser(id=UUID(identity.user_id), **known))


def actor(identity: Identity) -> Principal:
    """With the whole account, for who does something. Blocking."""
    if identity.user_id is None:
        return Principal.anonymous()
    return Principal.for_user(CustomUser.objects.filter(pk=identity.user_id, is_active=True).first())


def is_room(name: str) -> bool:
    return name.startswith(ROOM)


def no_such(name: str) -> NotFound:
    """The same words for what is not there and for what must stay unknown."""
    return NotFound(NO_SUCH_ROOM if is_room(name) else NO_SUCH_STREAM)


def normalised(name: str) -> str:
    """The one way to write the name of a stream. Raises NotFound for what cannot be one; reads nothing."""
    kind, _colon, text = name.partition(":")
    if kind not in Stream.Kind.values:
        raise NotFound(NO_SUCH_STREAM)
    try:
        return f"{kind}:{UUID(text)}"
    except ValueError:
        raise NotFound(NO_SUCH_STREAM) from None


def stream_access(name: str, identities: Sequence[Identity]) -> list[Access | None]:
    """What each of them may see of a stream; None for what does not exist or must stay unknown.

    For many as many queries as for two: the stream, their roles, and the roles of the server.
    """
    try:
        ref = stream_ref(name)
    except NotFound:
        return [None] * len(identities)
    principals = [principal(identity) for identity in identities]
    prefetch_permissions(principals, {ref.server_id} if ref.server_id else ())
    return [_stream_access(somebody, ref) for somebody in principals]


def _stream_access(somebody: Principal, ref: StreamRef) -> Access | None:
    if not can(somebody, "stream.subscribe", ref):
        return None
    owner = ref.id if ref.kind == "user" else None
    seen = level(somebody, owner, ref.server_id, ref.chronicle_id)
    return Access(ref, seen, str(somebody.id) if somebody.id else None)


def character_access(identity: Identity, character_id: str) -> Access:
    """The stream of a character that they may see; they need not be allowed the stream. Raises NotFound."""
    somebody = principal(identity)
    access = _character_access(somebody, selectors.get(somebody, character_id))
    if access is None:
        raise NotFound(selectors.NO_SUCH)
    return access


def sheet_access(identity: Identity, character_id: str) -> Access | None:
    """As `character_access`; None instead of NotFound."""
    try:
        return character_access(identity, character_id)
    except NotFound:
        return None


def current_access(name: str, viewers: Sequence[tuple[Identity, Sequence[str]]]) -> list[CurrentAccess]:
    """Of viewers of a stream, each with the characters that are open there. As many queries as for one."""
    of_stream = stream_access(name, [identity for identity, _ in viewers])
    wanted = {character_id for _, opened in viewers for character_id in opened}
    rows = selectors.alive().filter(id__in=wanted) if wanted else ()
    characters = {str(character.id): derived(character) for character in rows}
    principals = [principal(identity) for identity, opened in viewers if opened]
    servers = {character.chronicle.server_id for character in characters.values() if character.chronicle}
    prefetch_permissions(principals, servers)
    by_user = {str(somebody.id): somebody for somebody in principals if somebody.id}
    return [
        CurrentAccess(
            access,
            {pk: _character_access(by_user.get(identity.user_id or ""), characters.get(pk)) for pk in opened},
        )
        for access, (identity, opened) in zip(of_stream, viewers, strict=True)
    ]


def _character_access(somebody: Principal | None, character: Character | None) -> Access | None:
    if somebody is None or character is None or not can(somebody, "character.view", character):
        return None
    server_id = character.chronicle.server_id if character.chronicle else None
    seen = character_level(somebody, character)
    return Access(StreamRef(*character.stream, server_id), seen, str(somebody.id) if somebody.id else None)
