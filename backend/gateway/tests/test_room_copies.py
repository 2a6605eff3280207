"""Whatever happens in a room and to its connections: a page ends with what a fresh one shows, and none saw too much."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from chat import log
from chat.models import ChatMessage
from chat.rooms import Room, find_room
from chat.services import posting
from chat.services.change import changing
from chat.tests.chat_kit import call
from chronicle.models import ServerChannel
from delivery.publish import publish
from gateway.tests.conftest import Join
from gateway.tests.kit import Viewer, Worker
from rules.visibility import PRIVATE, SECRET, TABLE, Level
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)

WHO = ("jonas", "mira", "vesna")
LEVELS = st.sampled_from([TABLE, TABLE, PRIVATE, SECRET])
PLACE = st.integers(0, 9)
STEPS = st.lists(
    st.tuples(st.just("post"), st.sampled_from(WHO), LEVELS, st.none() | PLACE)
    | st.tuples(st.just("edit"), PLACE)
    | st.tuples(st.just("delete"), PLACE)
    | st.tuples(st.just("show"), PLACE, LEVELS)
    | st.tuples(st.just("lose"))
    | st.tuples(st.just("leave"), st.sampled_from(WHO))
    | st.tuples(st.just("return"), st.sampled_from(WHO)),
    min_size=5,
    max_size=25,
)
# What was quoted is edited, hidden, revealed, deleted.
QUOTES: list[tuple[Any, ...]] = [
    *(("post", "mira", TABLE, None), ("post", "jonas", TABLE, 0), ("edit", 0), ("show", 0, SECRET)),
    *(("leave", "jonas"), ("show", 0, TABLE), ("edit", 1), ("delete", 0)),
]
# Somebody is away while what they saw is hidden; the message that says so is lost to the others.
HIDDEN: list[tuple[Any, ...]] = [
    *(("post", "mira", TABLE, None), ("post", "vesna", PRIVATE, 0), ("leave", "mira"), ("lose",)),
    *(("show", 0, SECRET), ("edit", 0), ("show", 1, TABLE), ("lose",), ("edit", 1), ("return", "mira")),
]
NUMBERS = count()


@dataclass
class Page:
    """Somebody's page: what it shows survives its sockets."""

    who: str
    join: Join
    room: str
    viewer: Viewer | None = None
    since: int | None = None
    shown: dict[str, Any] = field(default_factory=dict)
    received: str = ""

    def leave(self) -> None:
        if self.viewer is not None:
            self.viewer.connection.close()
            known = [
                frame["seq"]
                for frame in self.viewer.frames
                if frame.get("stream") == self.room and "seq" in frame
            ]
            self.since = known[-1]
            self.shown = self.viewer.rooms[self.room]
            self.received += str(self.viewer.frames)
            self.viewer = None

    def come(self) -> None:
        if self.viewer is None:
            self.viewer = self.join(self.who)
            self.viewer.rooms[self.room] = self.shown
            more = {} if self.since is None else {"since": self.since}
            self.viewer.subscribe(self.room, **more)

    def until(self, seq: int) -> None:
        assert self.viewer is not None
        known = [
            frame["seq"]
            for frame in self.viewer.frames
            if frame.get("stream") == self.room and "seq" in frame
        ]
        if known[-1] < seq:
            self.viewer.until_seq(self.room, seq)


class Play:
    """A room, what is done in it, and who may have seen which words."""

    def __init__(self, world: World, channel: ServerChannel) -> None:
        self.world = world
        found = find_room(channel.pk)
        assert found is not None
        self.room: Room = found
        self.ids: list[UUID] = []
        self.seen: dict[str, set[str]] = {}

    def post(self, who: str, level: Level, answered: int | None) -> None:
        reply = self._row(answered) if answered is not None else None
        # Nobody answers what they do not see.
        reply_to = reply.pk if reply and reply.deleted_at is None and who in self._readers(reply) else None
        draft = posting.Draft(text=self.word(), visibility=level, reply_to=reply_to)
        done = posting.post(
            self.room, draft, principal=self.world.principal(who), cause=call(self.world, who).cause
        )
        self.ids.append(done.pk)
        self._note(done)

    def edit(self, place: int) -> None:
        self._change(place, content=self.word())

    def show(self, place: int, level: Level) -> None:
        self._change(place, visibility=int(level))

    def delete(self, place: int) -> None:
        row = self._row(place)
        self._change(place, deleted_at=row.created_at if row else None)

    @staticmethod
    def word() -> str:
        return f"word{next(NUMBERS):06}"

    def _change(self, place: int, **values: Any) -> None:
        row = self._row(place)
        if row is None or row.deleted_at is not None:
            return
        with changing(self.room, row.pk, self.world.principal("vesna")) as message:
            for name, value in values.items():
                setattr(message, name, value)
        self._note(message)

    def _row(self, place: int) -> ChatMessage | None:
        return ChatMessage.objects.get(pk=self.ids[place % len(self.ids)]) if self.ids else None

    def _readers(self, message: ChatMessage) -> set[str]:
        levels = {"jonas": TABLE, "mira": TABLE, "vesna": SECRET}
        owner = {who for who in WHO if getattr(self.world, who).pk == message.owner}
        seen = {who for who, level in levels.items() if level >= message.visibility}
        return seen | (owner if message.visibility == PRIVATE else set())

    def _note(self, message: ChatMessage) -> None:
        if message.deleted_at is None:
            self.seen.setdefault(message.content, set()).update(self._readers(message))


@pytest.mark.req("S003-58")
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller example takes minutes to find
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
@example(steps=QUOTES)
@example(steps=HIDDEN)
def test_a_page_ends_with_what_a_fresh_one_shows(
    worker: Worker, join: Join, world: World, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[Any, ...]]
) -> None:
    number = next(NUMBERS)
    channel = ServerChannel.objects.create(server=world.server, name=f"c{number}", slug=f"c{number}")
    play, room = Play(world, channel), f"room:{channel.pk}"
    pages = {who: Page(who, join, room) for who in WHO}
    losing = [False]

    def lossy(group: str, message: Any) -> None:
        if message["type"] == "stream.event" and losing[0]:
            losing[0] = False
        else:
            publish(group, message)

    monkeypatch.setattr(log, "publish", lossy)
    for page in pages.values():
        page.come()
    for kind, *values in steps:
        match kind:
            case "lose":
                losing[0] = True
            case "leave":
                pages[values[0]].leave()
            case "return":
                pages[values[0]].come()
            case _:
                getattr(play, kind)(*values)
    losing[0] = False
    for page in pages.values():
        page.come()
    play.post("vesna", TABLE, None)
    last = log.head(channel.pk)
    for who, page in pages.items():
        page.until(last)
        fresh = Page(who, join, room)
        fresh.come()
        assert fresh.viewer is not None
        page.leave()
        fresh.leave()
        assert page.shown == fresh.shown
        told = page.received + fresh.received
        assert not [word for word, readers in play.seen.items() if word in told and who not in readers]
