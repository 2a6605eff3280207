"""What sockets read: rights, snapshots, sheets, missed events. Blocking; run through `gateway.database`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chronicle.prefetch import prefetch_permissions
from chronicle.principal import Principal
from chronicle.rights import StreamRef, can, character_level, level, stream_ref
from contract.events import EventType
from delivery.source import EventMessage
from delivery.wire import Out, encode
from discordauth.models import CustomUser
from gateway.credentials import Identity
from gateway.database import Database
from haven import selectors
from haven import snapshot as haven
from haven.models import Character
from haven.serializers.character import brief
from haven.utility import derived
from rules.errors import NotFound
from rules.visibility import Level
from timeline import frames
from timeline import services as timeline
from timeline.models import Event, Stream
from timeline.services import Viewer

NO_SUCH_STREAM = "There is no such stream."


@dataclass(frozen=True, slots=True)
class Access:
    """A stream, and what this identity is to it."""

    ref: StreamRef
    level: Level
    user_id: str | None

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


def principal(identity: Identity) -> Principal:
    if identity.user_id is None:
        return Principal.anonymous()
    # What rights ask of a user stands in the identity already: no query.
    return Principal(CustomUser(id=UUID(identity.user_id), is_superuser=identity.is_admin))


def stream_name(name: str) -> str:
    """The one way to write the name of a stream. Raises NotFound for what cannot be one; reads nothing."""
    kind, _, text = name.partition(":")
    if kind not in Stream.Kind.values:
        raise NotFound(NO_SUCH_STREAM)
    try:
        return f"{kind}:{UUID(text)}"
    except ValueError:
        raise NotFound(NO_SUCH_STREAM) from None


def of_many(name: str, identities: Sequence[Identity]) -> list[Access | None]:
    """What each of them is to a stream; None for what does not exist and for what must stay unknown.

    For many as many queries as for two: the stream, their roles, and the roles of the server.
    """
    try:
        ref = stream_ref(name)
    except NotFound:
        return [None] * len(identities)
    asking = [principal(one) for one in identities]
    prefetch_permissions(asking, {ref.server_id} if ref.server_id else ())
    return [_access(one, ref) for one in asking]


def _access(asking: Principal, ref: StreamRef) -> Access | None:
    if not can(asking, "stream.subscribe", ref):
        return None
    owner = ref.id if ref.kind == "user" else None
    return Access(
        ref, level(asking, owner, ref.server_id, ref.chronicle_id), str(asking.id) if asking.id else None
    )


def character(identity: Identity, character_id: str) -> Access:
    """The stream of a character that this identity may see; it need not be allowed the stream. Raises NotFound."""
    asking = principal(identity)
    found = _to(asking, selectors.get(asking, character_id))
    if found is None:
        raise NotFound(selectors.NO_SUCH)
    return found


def sheet(identity: Identity, character_id: str, stream_id: str) -> tuple[int, dict[str, Any]]:
    """`(seq, full character)`. The seq is read first: later events come again, and carry a version to tell by."""
    seq = timeline.heads([stream_id])[stream_id]
    return seq, haven.sheet(character_id, principal(identity))


def missed(access: Access, since: int, limit: int) -> tuple[int, list[str]] | None:
    """`(seq, frames)` of the events after `since`; None when they are not enough to go on from.

    That is so when they are more than `limit`, when `since` never was, and when it changed meanwhile who may see a
    trait: no event carries the values that came into sight.
    """
    rows = timeline.since(access.ref.id, since, access.viewer, limit=limit + 1)
    if len(rows) > limit or _shown_since(access.ref.id, since):
        return None
    if rows:
        return rows[-1][0], [text for _, text in rows if text is not None]
    head = timeline.heads([access.ref.id])[str(access.ref.id)]
    return (head, []) if since == head else None


def _shown_since(stream_id: UUID, since: int) -> bool:
    return Event.objects.filter(
        stream_id=stream_id, seq__gt=since, type=EventType.CHARACTER_SHOWN.value
    ).exists()


def cards(character_id: str, stream_name: str, seq: int) -> tuple[str, list[Out]]:
    """`(owner, frames)`: the brief character as each level sees it; no frames when it is gone."""
    found = selectors.alive().filter(id=character_id).first()
    if found is None:
        return "", []
    shown = derived(found)
    bodies = [
        {"type": "character", "stream": stream_name, "seq": seq, "character": brief(shown, one)}
        for one in Level
    ]
    return str(found.owner_id), [encode(body) for body in bodies]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody is to a stream now, and to the sheets that are open there; None: nothing."""

    stream: Access | None
    sheets: dict[str, Access | None]


def judge(name: str, viewers: Sequence[tuple[Identity, Sequence[str]]]) -> list[Verdict]:
    """For viewers of a stream, each with the characters that are open there: the rights of all of them together."""
    entries = of_many(name, [identity for identity, _ in viewers])
    wanted = {one for _, opened in viewers for one in opened}
    found = {str(one.id): derived(one) for one in selectors.alive().filter(id__in=wanted)} if wanted else {}
    asking = [principal(identity) for identity, opened in viewers if opened]
    servers = {one.chronicle.server_id for one in found.values() if one.chronicle}
    prefetch_permissions(asking, servers)
    known = {one.id: one for one in asking}
    return [
        Verdict(entry, {pk: _to(known.get(_uuid(identity)), found.get(pk)) for pk in opened})
        for entry, (identity, opened) in zip(entries, viewers, strict=True)
    ]


def _uuid(identity: Identity) -> UUID | None:
    return UUID(identity.user_id) if identity.user_id else None


def _to(asking: Principal | None, found: Character | None) -> Access | None:
    if asking is None or found is None or not can(asking, "character.view", found):
        return None
    server_id = found.chronicle.server_id if found.chronicle else None
    seen = character_level(asking, found)
    return Access(StreamRef(*found.stream, server_id), seen, str(asking.id) if asking.id else None)


def may_still_open(identity: Identity, character_id: str) -> Access | None:
    try:
        return character(identity, character_id)
    except NotFound:
        return None


class Timeline:
    """The hub's source."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, stream_ids: Sequence[str]) -> dict[str, int]:
        return await self._database.run(timeline.heads, stream_ids)

    async def fill(self, stream_id: str, after: int, limit: int) -> list[EventMessage]:
        return await self._database.run(_messages, stream_id, after, limit)


def _messages(stream_id: str, after: int, limit: int) -> list[EventMessage]:
    return [frames.message(event) for event in timeline.events_since(stream_id, after, limit)]
