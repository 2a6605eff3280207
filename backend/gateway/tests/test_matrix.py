"""Every frame of the gateway by every persona: what each may ask for, and what each never gets."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from chat import log
from chat.models import Bridge
from chat.rooms import Room, find_room
from chat.services import notifying, posting
from chronicle import services
from chronicle.call import Call
from chronicle.models import ServerChannel
from chronicle.services import episodes, recaps
from chronicle.services.episode_channel import set_episode_channel
from conflicts.services import entering
from contract.client_frames import CLIENT_FRAMES, by_type
from contract.conflicts import JoinConflict
from contract.episodes import PlanEpisode, WriteRecap
from contract.frames import FromServer
from contract.roll_requests import AskForRoll
from desk.services import awards, notes, submissions
from gateway.constants import CLOSE_NOT_AUTHENTICATED
from gateway.tests.conftest import Join
from gateway.tests.kit import Viewer
from haven.services import Reference, change, create, delete, restore, show
from progress.tests.kit import give, switch_boards
from rod.tests.matrix.people import (
    CANARIES,
    INSIDE,
    PERSONAS,
    SEES,
    STORYTELLER_PERSONAS,
    VISITORS,
    Scene,
    by,
)
from rod.tests.matrix.people import scene as found_scene
from rolls.services import RollInput, requests
from rolls.services import roll as make_roll
from rules.traits import Operation
from rules.visibility import PRIVATE, SECRET
from testing.community import set_server
from testing.personas import SYSTEM, TABLE_CHANNEL, TRACKER_CHANNEL, copied, guild_facts
from timeline import message_links

pytestmark = pytest.mark.django_db(transaction=True)

BOT = "bot"
SOCKETS = (*(name for name in PERSONAS if name not in VISITORS), BOT)
# What of a change is sent to each of these, and to nobody else. The Discord process posts what players see themselves.
LIVE: dict[str, frozenset[str]] = {
    "live-at-the-table": INSIDE | {BOT},
    "live-on-the-sheet": SEES | {"player", BOT},
    "live-for-storytellers": SEES,
    # That there is one is sent; it is read where it can still be checked who reads.
    "live-in-the-notes": frozenset(),
    "live-roll-of-all": INSIDE | {BOT},
    "live-roll-hidden": SEES | {"player"},
    "live-roll-own": frozenset({"player"}),
    "live-submission": SEES | {"player"},
    # The Discord process brings it to the player, as a notification.
    "live-comment": SEES | {"player", BOT},
    "live-award": SEES | {"player", BOT},
    "live-request": INSIDE,
    "live-alone": frozenset({"player"}),
    # Who sees it there decides each time they ask: an event would have to know all roles.
    "live-channel": frozenset(),
    "live-closed-trait": SEES,
    "live-episode": INSIDE | {BOT},
    "live-recap": INSIDE,
    "live-draft": SEES,
    "live-in-a-brawl": INSIDE,
    "live-in-ambush": SEES,
    # In a bridged channel: what everybody there sees goes to Discord, and nothing else.
    "live-said": INSIDE | {BOT},
    "live-said-apart": CANARIES["canary-of-the-channel"],
    "live-whispered": STORYTELLER_PERSONAS | {"player"},
    "live-plotted": STORYTELLER_PERSONAS,
}
# What the scene holds already that the Discord process posts: what players see themselves.
POSTED = frozenset({"canary-of-the-table", "canary-of-the-sheet", "canary-of-the-deleted"})
# Told of circumstances that hold nothing of anybody: a lost place in a stream, a refusal, a right that changed.
CIRCUMSTANCES = {"resync", "error", "rights", "hello", "heartbeat", "synced", "presence"}


@pytest.fixture
def scene(transactional_db: None, settings: Any) -> Scene:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return copied(found_scene)


@pytest.fixture
def world(scene: Scene) -> SimpleNamespace:
    """In place of the usual people: those of the matrix, by their names."""
    return SimpleNamespace(**scene.people)


@pytest.fixture
def everybody(scene: Scene, join: Join) -> dict[str, Viewer]:
    """A socket for each who gets in at all."""
    key = {"Authorization": f"Api-Key {django_settings.API_KEYS[0]}"}
    people = {name: join(name) for name in SOCKETS if name != BOT}
    return people | {BOT: join(headers=key, origin=None)}


@dataclass(frozen=True)
class Request:
    """A frame from a client, by whom it is obeyed, and with which code it is refused to the others."""

    frame: Callable[[Scene], dict[str, Any]]
    may: frozenset[str]
    refusal: str = "not_found"


def streams(kind: str) -> Callable[[Scene], dict[str, Any]]:
    def frame(scene: Scene) -> dict[str, Any]:
        ids = {
            "chronicle": scene.chronicle.pk,
            "server": scene.server.pk,
            "user": scene.people["player"].pk,
        }
        return {"stream": f"{kind}:{ids[kind]}"}

    return frame


def room(channel: str, **more: Any) -> Callable[[Scene], dict[str, Any]]:
    def frame(scene: Scene) -> dict[str, Any]:
        found = ServerChannel.objects.get(server=scene.server, discord_id=channel)
        return {"stream": f"room:{found.pk}"} | more

    return frame


def sheet(name: str = "owl") -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"id": str(getattr(scene, name).pk)}


ALL = frozenset(SOCKETS)
# In this order: what was not opened cannot be closed.
REQUESTS: list[tuple[str, Request]] = [
    ("heartbeat", Request(lambda scene: {}, ALL)),
    ("presence", Request(lambda scene: {"status": "away"}, ALL)),
    ("unsubscribe", Request(streams("chronicle"), frozenset(), "not_subscribed")),
    ("subscribe", Request(streams("chronicle"), INSIDE)),
    ("subscribe", Request(lambda scene: streams("chronicle")(scene) | {"since": 1}, INSIDE)),
    ("subscribe", Request(streams("server"), INSIDE)),
    ("subscribe", Request(streams("user"), frozenset({"player"}))),
    ("unsubscribe", Request(streams("chronicle"), INSIDE, "not_subscribed")),
    ("close", Request(sheet(), frozenset(), "not_open")),
    ("open", Request(sheet(), INSIDE)),
    ("open", Request(sheet("owl_of_former"), INSIDE | {"former"})),
    ("open", Request(sheet("gone"), frozenset())),
    ("close", Request(sheet(), INSIDE, "not_open")),
    ("typing", Request(room(TABLE_CHANNEL), frozenset(), "not_subscribed")),
    ("subscribe", Request(room(TABLE_CHANNEL), INSIDE)),
    ("subscribe", Request(room(TRACKER_CHANNEL), CANARIES["canary-of-the-channel"])),
    ("typing", Request(room(TABLE_CHANNEL), INSIDE, "not_subscribed")),
    ("typing", Request(room(TRACKER_CHANNEL), CANARIES["canary-of-the-channel"], "not_subscribed")),
    ("post", Request(room(TABLE_CHANNEL, nonce="1", text="Hello"), INSIDE)),
    ("post", Request(room(TRACKER_CHANNEL, nonce="2", text="Hello"), CANARIES["canary-of-the-channel"])),
    ("unsubscribe", Request(room(TRACKER_CHANNEL), CANARIES["canary-of-the-channel"], "not_subscribed")),
    ("posted", Request(lambda scene: {"positions": {}}, frozenset(), "not_allowed")),
    ("feed", Request(lambda scene: {}, frozenset({BOT}), "not_allowed")),
    ("posted", Request(lambda scene: {"positions": {}}, frozenset({BOT}), "not_allowed")),
]


def test_who_is_nobody_gets_no_socket(scene: Scene, join: Join) -> None:
    for name in ("closed", None):
        assert join(name, hello=False).close_code() == CLOSE_NOT_AUTHENTICATED


def test_every_frame_of_a_client_is_asked() -> None:
    assert {kind for kind, _ in REQUESTS} == set(CLIENT_FRAMES)


@pytest.mark.req("S004-29", "S004-40")
def test_every_frame_of_a_client_by_every_persona(scene: Scene, everybody: dict[str, Viewer]) -> None:
    wrong = []
    for name, viewer in everybody.items():
        for number, (kind, request) in enumerate(REQUESTS):
            code = answer(viewer, number, type=kind, **request.frame(scene))
            expected = "" if name in request.may else request.refusal
            if code != expected:
                wrong.append(
                    f"{number}. {kind} by {name}: {code or 'obeyed'} instead of {expected or 'obeyed'}"
                )
    assert not wrong, "\n".join(wrong)


def answer(viewer: Viewer, number: int, **frame: Any) -> str:
    """The code of the refusal; empty when there was none up to the answer of a heartbeat that is sent after it."""
    viewer.send(ref=f"ask-{number}", **frame)
    viewer.send(type="heartbeat", ref=f"after-{number}")
    viewer.wait("heartbeat", ref=f"after-{number}")
    refused = [
        frame for frame in viewer.frames if frame["type"] == "error" and frame.get("ref") == f"ask-{number}"
    ]
    return str(refused[0]["code"]) if refused else ""


@pytest.mark.req("S004-40")
def test_no_frame_tells_anybody_what_they_may_not_know(
    scene: Scene, everybody: dict[str, Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of everything happens. Each hears of what they may know, and nobody of anything else."""
    listen_to_all(scene)
    for name, viewer in everybody.items():
        for kind in ("chronicle", "server", "user"):
            answer(viewer, 0, type="subscribe", rooms=True, **streams(kind)(scene))
        for channel in (TABLE_CHANNEL, TRACKER_CHANNEL):
            answer(viewer, 0, type="subscribe", **room(channel)(scene))
        answer(viewer, 1, type="open", **sheet()(scene))
        if name == BOT:
            answer(viewer, 2, type="feed")
    answer(everybody["player"], 2, type="typing", **room(TABLE_CHANNEL)(scene))
    answer(everybody["player"], 2, type="post", **room(TABLE_CHANNEL, nonce="1", text="live-said")(scene))
    seq = Happenings(scene).all()
    for name, viewer in everybody.items():
        if name in INSIDE | {BOT}:
            viewer.until_seq(f"chronicle:{scene.chronicle.pk}", seq)
        if name == "player" and "chat_unread" not in {frame["type"] for frame in viewer.frames}:
            viewer.wait("chat_unread")
        if name == BOT and "message" not in {frame["type"] for frame in viewer.frames}:
            viewer.wait("message")
        listen(viewer, [word for word, may in LIVE.items() if name in may])
        answer(viewer, 3, type="heartbeat")
    monkeypatch.setattr("bot.feed_frames.DIGEST_AFTER", timedelta(0))
    tell_by_the_day(scene)
    everybody[BOT].wait("digest")
    received = {name: json.dumps(viewer.frames) for name, viewer in everybody.items()}
    known = LIVE | {word: may | {BOT} if word in POSTED else may for word, may in CANARIES.items()}
    leaks = [
        f"{name}: {word}"
        for name in received
        for word in known
        if word in received[name] and name not in known[word]
    ]
    assert not leaks, leaks
    moved = {name for name, viewer in everybody.items() if "points_added" in received[name]}
    assert moved - {BOT} == INSIDE - {BOT}
    kinds = {frame["type"] for viewer in everybody.values() for frame in viewer.frames}
    assert kinds | CIRCUMSTANCES == set(by_type(FromServer)), "each kind that holds something was seen"


def listen(viewer: Viewer, words: list[str]) -> None:
    """Until each of these was received: streams do not wait for one another. TimeoutError when one never comes."""
    for word in words:
        while word not in json.dumps(viewer.frames):
            viewer.receive()


def listen_to_all(scene: Scene) -> None:
    owner = {"principal": scene.principal("owner"), "cause": by(scene.people["owner"])}
    set_server(scene.server, tracker_channel=TABLE_CHANNEL, **owner)
    set_server(scene.server, tracker={"rolls": "all"}, **owner)
    set_episode_channel(scene.chronicle, TABLE_CHANNEL, **owner)
    message_links.save("roll_request", scene.request.pk, scene.chronicle.pk, TABLE_CHANNEL, "1")
    Bridge.objects.create(channel=ServerChannel.objects.get(discord_id=TABLE_CHANNEL))


def tell_by_the_day(scene: Scene) -> None:
    owner = {"principal": scene.principal("owner"), "cause": by(scene.people["owner"])}
    set_server(scene.server, tracker={"digest": True}, **owner)
    Happenings(scene).set("player", Reference(str(scene.owl.pk)), "name", "Owl by Day")


class Happenings:
    """All that can happen in a chronicle, each with its own word of `LIVE`."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.owl = Reference(str(scene.owl.pk))

    def all(self) -> int:
        """The number of the last event, which every member sees."""
        for happens in (
            self.traits,
            self.rolls,
            self.desk,
            self.asked,
            self.conflict,
            self.evenings,
            self.points,
            self.lives,
            self.alone,
            self.channel,
            self.talk,
        ):
            happens()
        return self.set("player", self.owl, "name", "Last Owl")

    def set(self, who: str, meant: Reference, path: str, value: Any) -> int:
        done = change(*self.acting(who, meant, [Operation(path, "set", value)]))
        assert done.event is not None
        return int(done.event.seq)

    def acting(self, who: str, *what: Any) -> tuple[Any, ...]:
        return self.scene.principal(who), *what, by(self.scene.people[who])

    def traits(self) -> None:
        self.set("player", self.owl, "apparent_age", "live-at-the-table")
        self.set("player", self.owl, "sire", "live-on-the-sheet")
        self.set("leader", self.owl, "haven_name", "live-for-storytellers")
        self.set("player", self.owl, "haven_location", "live-on-the-sheet")
        show(*self.acting("leader", self.owl, "haven_location", "secret"))
        self.set("leader", self.owl, "haven_location", "live-closed-trait")

    def rolls(self) -> None:
        for visibility, note in (("public", "of-all"), ("storyteller", "hidden"), ("private", "own")):
            asked = RollInput(
                system="v5",
                pool=3,
                options={"hunger": 0},
                reference=self.owl,
                chronicle=self.scene.chronicle,
                visibility=visibility,
                note=f"live-roll-{note}",
            )
            make_roll(*self.acting("player", asked))

    def desk(self) -> None:
        leader, cause = self.scene.principal("leader"), by(self.scene.people["leader"])
        notes.add(leader, self.scene.chronicle, "live-in-the-notes", "live-in-the-notes", cause)
        notes.change(leader, self.scene.note.pk, None, "live-in-the-notes", cause)
        submissions.comment(leader, self.scene.submission.pk, "live-comment", cause)
        submissions.withdraw(*self.acting("player", self.scene.submission.pk))
        wanted = [Operation("wits", "set", 3)]
        principal, meant, own = self.acting("player", self.owl)
        submissions.submit(principal, meant, wanted, "live-submission", own)
        awards.award(leader, self.scene.chronicle, [self.scene.owl.pk], 2, "live-award", cause)

    def evenings(self) -> None:
        """One is announced; of one that was played a recap is drafted and published."""
        leader = {"principal": self.scene.principal("leader"), "cause": by(self.scene.people["leader"])}
        later = PlanEpisode(title="live-episode", planned_for=timezone.now() + timedelta(days=9))
        episodes.plan(self.scene.chronicle, later, **leader)
        published = WriteRecap(recap="live-recap", published=True)
        for written in (WriteRecap(recap="live-draft"), published):
            recaps.write(self.scene.episode, written, **leader)

    def points(self) -> None:
        switch_boards(self.scene.chronicle.server)
        give(self.scene.people["player"], 7, "live", chronicle=self.scene.chronicle)

    def asked(self) -> None:
        player = str(self.scene.people["player"].pk)
        given = AskForRoll(
            chronicle=self.scene.chronicle.pk, players=[player], pool=3, system="v5", text="live-request"
        )
        requests.ask(Call(*self.acting("leader")), given)
        requests.close(*self.acting("leader", self.scene.request.pk))

    def conflict(self) -> None:
        for who, name, hidden in (("player", "live-in-a-brawl", False), ("leader", "live-in-ambush", True)):
            call = Call(*self.acting(who), self.scene.server)
            given = JoinConflict(conflict=self.scene.conflict.pk, name=name, hidden=hidden)
            entering.join(call, given)

    def lives(self) -> None:
        made = create(*self.acting("player", "vampire5th", "Short-lived", [], self.scene.chronicle)).character
        meant = Reference(str(made.pk))
        delete(*self.acting("player", meant))
        restore(*self.acting("player", replace(meant, deleted=True)))

    def alone(self) -> None:
        """Played nowhere: on the stream of its player."""
        sire = [Operation("sire", "set", "live-alone")]
        create(*self.acting("player", "vampire5th", "Loner", sire, None))

    def talk(self) -> None:
        places = {"player": TABLE_CHANNEL, "leader": TABLE_CHANNEL, "narrator": TRACKER_CHANNEL}
        found = {
            who: find_room(ServerChannel.objects.get(server=self.scene.server, discord_id=channel).pk)
            for who, channel in places.items()
        }
        said: list[tuple[str, posting.Draft]] = [
            ("narrator", posting.Draft(text="live-said-apart")),
            ("player", posting.Draft(text="live-whispered", visibility=PRIVATE)),
            ("leader", posting.Draft(text="live-plotted", visibility=SECRET)),
            ("player", posting.Draft(text="soon hidden")),
        ]
        for who, draft in said:
            principal, cause = self.acting(who)
            row = posting.post(cast(Room, found[who]), draft, principal=principal, cause=cause)
        with transaction.atomic():
            row.visibility = int(SECRET)
            row.changed = log.take_number(cast(Room, found["player"]))
            row.save(update_fields=["visibility", "changed"])
            log.publish_on_commit(cast(Room, found["player"]), row.pk, row.changed)
        notifying.tell(cast(Room, found["player"]), row, [self.scene.people["player"].pk])
        counts = {"room": str(row.room), "read": 1, "unread": 0, "mentions": 0}
        log.tell_on_commit(self.scene.people["player"].pk, {"type": "chat_read", **counts})

    def channel(self) -> None:
        facts = guild_facts()
        shown, hidden = facts.channels or ()
        hidden = hidden.model_copy(update={"name": "live-channel"})
        services.sync_server(facts.model_copy(update={"channels": [shown, hidden]}), cause=SYSTEM)
