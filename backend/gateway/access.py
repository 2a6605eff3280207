"""What sockets read: rights, snapshots, sheets, missed events. Blocking; run through `gateway.database`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chronicle.principal import Principal
from chronicle.rights import StreamRef, can, character_level, level, stream_ref
from discordauth.models import CustomUser
from gateway.credentials import Identity
from gateway.database import Database
from gateway.frames.outgoing import encode, snapshot_parts
from gateway.frames.wire import Out
from gateway.hub import SHOWN
from gateway.streams import Message
from haven import selectors
from haven import snapshot as haven
from haven.serializers.character import brief
from haven.utility import derived
from rules.errors import NotFound
from rules.visibility import Level
from timeline import frames
from timeline import services as timeline
from timeline.models import Event
from timeline.services import Viewer


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


def stream(identity: Identity, name: str) -> Access:
    """Raises NotFound for what does not exist and for what must stay unknown."""
    ref = stream_ref(name)
    asking = principal(identity)
    can(asking, "stream.subscribe", ref).require()
    owner = ref.id if ref.kind == "user" else None
    return Access(ref, level(asking, owner, ref.server_id), identity.user_id)


def character(identity: Identity, character_id: str) -> Access:
    """The stream of a character that this identity may see; it need not be allowed the stream. Raises NotFound."""
    found = selectors.get(principal(identity), character_id)
    kind, stream_id = found.stream
    server_id = found.chronicle.server_id if found.chronicle else None
    seen = character_level(principal(identity), found)
    return Access(StreamRef(kind, stream_id, server_id), seen, identity.user_id)


def sheet(identity: Identity, character_id: str, stream_id: str) -> tuple[int, dict[str, Any]]:
    """`(seq, full character)`. The seq is read first: later events come again, and carry a version to tell by."""
    seq = timeline.heads([stream_id])[stream_id]
    return seq, haven.sheet(character_id, principal(identity))


def snapshot(access: Access, limit: int, ref: str | int | None) -> tuple[int, list[Out]]:
    """`(seq, parts)`, encoded here so that the loop has nothing to do but write them."""
    seq, characters = haven.snapshot(access.ref, access.viewer)
    return seq, list(snapshot_parts(access.ref.name, seq, characters, limit, ref))


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
    return Event.objects.filter(stream_id=stream_id, seq__gt=since, type=SHOWN).exists()


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


def may_still(identity: Identity, name: str) -> Access | None:
    try:
        return stream(identity, name)
    except NotFound:
        return None


def may_still_open(identity: Identity, character_id: str) -> Access | None:
    try:
        return character(identity, character_id)
    except NotFound:
        return None


class Timeline:
    """The hub's archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def heads(self, stream_ids: list[str]) -> dict[str, int]:
        return await self._database.run(timeline.heads, stream_ids)

    async def fill(self, stream_id: str, after: int, limit: int) -> list[Message]:
        return await self._database.run(_messages, stream_id, after, limit)


def _messages(stream_id: str, after: int, limit: int) -> list[Message]:
    return [frames.message(event) for event in timeline.events_since(stream_id, after, limit)]
