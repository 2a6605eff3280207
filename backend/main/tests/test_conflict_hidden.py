"""A round with a hidden participant reads, byte for byte, like one without: REST, bot API, page, frames, message.

What may differ between any two conflicts (ids, times, keys of forms) gets the same name in both; `seq` counts all that
happens in a chronicle (docs/GATEWAY.md) and is left out.
"""

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from rest_framework.test import APIClient

from bot.feed_frames import next_frames, targets
from conflicts.models import Conflict
from conflicts.serializers import as_the_table_sees_it
from conflicts.tests.kit import begin, do, events, go, pass_time, rolls, seen
from main.tests.conflict_pages import HTMX, page
from testing.personas import TABLE_CHANNEL, World, bot_body
from timeline import frames, message_links
from timeline.services import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]

HIDDEN, PLAYERS = "Assassin", ("mira", "jonas")
# Of rows, of entries, and the marks that are made of them.
IDS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{16}\b"
    r"|(?<=\"mark\":\")[0-9a-f]{8}\b|(?<=name=\"mark\" value=\")[0-9a-f]{8}\b"
)
NOISE = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(\+00:00|Z)?|\d{1,2} \w+ \d{4}(, [\d:]+)?"), "<time>"),
    (re.compile(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"'), "<key>"),
    (re.compile(r'"seq": ?\d+|&quot;chronicle:[^&]*&quot;: ?\d+'), "<seq>"),
)


class Reader:
    """All that the players and the channel read of one conflict, in order."""

    def __init__(self, world: World, row: Conflict, browser: Browser, bot: APIClient) -> None:
        self.world, self.row, self.browser, self.bot = world, row, browser, bot
        self.read: list[str] = []
        self._names: dict[str, str] = {}
        self._events = 0

    def look(self) -> None:
        """What each door shows now, and the frames since the last look."""
        place = f"/api/chronicles/{self.world.chronicle.id}/conflicts/"
        for who in PLAYERS:
            client = self.browser(who)
            self._keep(client.get(f"/api/conflicts/{self.row.pk}/").content.decode())
            listed = orjson.loads(client.get(place).content)["results"]
            self._keep([found for found in listed if found["id"] == str(self.row.pk)])
            self._keep(client.get(page(str(self.row.pk)), headers=HTMX).content.decode())
            for table in (False, True):
                self._keep(self._over_bot(who, table))
        self._keep(as_the_table_sees_it(Conflict.objects.get(pk=self.row.pk)).model_dump(mode="json"))
        self._frames()

    def _over_bot(self, who: str, table: bool) -> Any:
        body = bot_body(who) | {"conflict": str(self.row.pk), "table": table}
        return self.bot.post("/bot/conflicts/get", body, format="json").json()

    def _frames(self) -> None:
        new, self._events = events(self.row)[self._events :], len(events(self.row))
        for who in PLAYERS:
            viewer = Viewer(str(getattr(self.world, who).id), member=True)
            for event in new:
                frame = frames.frame(event, viewer.level(event.subject["owner"]))
                if frame:
                    self._keep(frame)

    def _keep(self, what: Any) -> None:
        text = what if isinstance(what, str) else orjson.dumps(what).decode()
        assert HIDDEN not in text
        for pattern, name in NOISE:
            text = pattern.sub(name, text)
        self.read.append(IDS.sub(lambda found: self._name(found[0]), text))

    def _name(self, pk: str) -> str:
        return self._names.setdefault(pk, f"<id {len(self._names)}>")


def played(world: World, kind: str, reader: Callable[[Conflict], Reader], *, hidden: bool) -> list[str]:
    """A round of two players. A hidden participant, where there is one, does something between all they do."""
    row = begin(world, kind)
    found = reader(row)

    def unseen(verb: str, **body: Any) -> None:
        if hidden:
            do(world, row, "vesna", verb, **body)
        found.look()

    if hidden:
        rolls(world, row, "vesna", 6, HIDDEN, hidden=True)
    found.look()
    rolls(world, row, "mira", 9)
    if hidden:
        rolls(world, row, "vesna", 6, HIDDEN, rating=6)
    rolls(world, row, "jonas", 3)
    unseen("effect", text="Invisible", until="turns", turns=1, participant=HIDDEN)
    rolls(world, row, "jonas", 3, rating=4)
    go(world, row, "reveal")
    unseen("change", participant=HIDDEN, changes={"name": HIDDEN + " two"})
    if kind == "20th":
        go(world, row, "declare")
        do(world, row, "jonas", "declare", action="Waits")
        unseen("declare", action="Aims", participant=HIDDEN)
        do(world, row, "mira", "declare", action="Shoots")
    unseen("effect", text="Aiming", until="scene", participant=HIDDEN)
    do(world, row, "mira", "move", move="done")
    unseen("move", move="done", participant=HIDDEN)
    unseen("move", move="rewind")
    do(world, row, "jonas", "move", move="done")
    found.look()
    pass_time(world, "scene")
    go(world, row, "next_same")
    unseen("leave", participant=HIDDEN)
    go(world, row, "end")
    found.look()
    return found.read


@pytest.mark.parametrize("kind", ["20th", "cod"])
def test_play_02_a_hidden_participant_who_acts_leaves_no_trace(
    kind: str, world: World, browser: Browser, bot: APIClient
) -> None:
    def reader(row: Conflict) -> Reader:
        return Reader(world, row, browser, bot)

    with_hidden = played(world, kind, reader, hidden=True)
    without = played(world, kind, reader, hidden=False)
    for here, there in zip(with_hidden, without, strict=False):
        assert here.splitlines() == there.splitlines()
    assert len(with_hidden) == len(without)


def test_play_02_a_hidden_step_is_no_edit_of_the_message(world: World) -> None:
    """Discord shows that a message was edited, even where nothing in it changed."""
    row = begin(world)
    message_links.save("conflict", row.pk, world.chronicle.pk, TABLE_CHANNEL, "740000000000000001")
    target = targets([str(world.chronicle.pk)])[str(world.chronicle.pk)]
    rolls(world, row, "vesna", 6, HIDDEN, hidden=True)
    after, recorded = next_frames(target, str(world.chronicle.pk), events(row)[0].seq)
    assert recorded == []
    do(world, row, "vesna", "change", participant=HIDDEN, changes={"hidden": False})
    after, recorded = next_frames(target, str(world.chronicle.pk), after)
    assert [HIDDEN in frame for frame in recorded] == [True]
    do(world, row, "vesna", "change", participant=HIDDEN, changes={"hidden": True})
    _, recorded = next_frames(target, str(world.chronicle.pk), after)
    assert [HIDDEN in frame for frame in recorded] == [False], "the message shows that they are gone"


def test_play_02_a_corrected_roll_is_a_step_for_its_roller_alone(world: World) -> None:
    row = begin(world)
    rolls(world, row, "mira", 9)
    before = {who: seen(world, row, who)["version"] for who in ("mira", "jonas", "vesna")}
    rolls(world, row, "mira", 9, rating=7)
    after = {who: seen(world, row, who)["version"] for who in before}
    assert {who: after[who] - before[who] for who in before} == {"mira": 1, "jonas": 0, "vesna": 1}
    viewer = Viewer(str(world.mira.id), member=True)
    frame = frames.frame(events(row)[-1], viewer.level(events(row)[-1].subject["owner"]))
    assert frame is not None
    assert (frame["version"], frame["fields"]["step"]) == (after["mira"], after["mira"])
