"""Hints of what is said in rooms that somebody does not look at: of those that they see, and of no other."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.tests.chat_kit import say
from chronicle.models import ServerChannel
from chronicle.principal import Principal
from chronicle.services import remove_member
from chronicle.services.change import changing
from gateway import unread
from gateway.credentials import Identity
from gateway.tests.conftest import Join
from gateway.tests.kit import Viewer
from gateway.tests.room_kit import conversation, room_name, tell, whisper
from gateway.watched_rooms import WatchRequest, watch_many
from rules.visibility import PRIVATE, SECRET
from testing.community import set_channel
from testing.personas import SYSTEM, TABLE_CHANNEL, TRACKER_CHANNEL, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _soon(settings: Any, quick: None) -> None:
    settings.GATEWAY |= {"unread_batch": 0.05, "recheck_interval": 3600}


def room_of(channel: str) -> str:
    return f"room:{ServerChannel.objects.get(discord_id=channel).pk}"


def listen(join: Join, world: World, *names: str) -> list[Viewer]:
    viewers = [join(name) for name in names]
    for viewer in viewers:
        viewer.subscribe(f"server:{world.server.pk}", rooms=True)
    return viewers


def hinted(viewer: Viewer) -> dict[str, int]:
    return {f"room:{room}": seq for room, seq in viewer.wait("chat_unread")["rooms"].items()}


def test_members_hear_of_rooms_that_they_see(join: Join, world: World) -> None:
    by = {"principal": Principal.system(), "cause": SYSTEM}
    set_channel(world.server, TRACKER_CHANNEL, {"is_private": True}, **by)
    olga, jonas = listen(join, world, "olga", "jonas")
    quiet = join("jonas")
    quiet.subscribe(f"server:{world.server.pk}")
    tell(world, room_of(TRACKER_CHANNEL), "olga", "for few")
    assert hinted(olga) == {room_of(TRACKER_CHANNEL): 1}
    jonas.quiet()
    say(world, "mira", "for all")
    say(world, "mira", "again")
    for viewer in (olga, jonas):
        assert hinted(viewer)[room_name()] in (1, 2)
    assert room_of(TRACKER_CHANNEL)[5:] not in str(jonas.frames)
    quiet.quiet()


def test_what_is_hidden_is_hinted_to_who_sees_it(join: Join, world: World) -> None:
    vesna, mira, jonas = listen(join, world, "vesna", "mira", "jonas")
    own = join("mira")
    own.subscribe(f"user:{world.mira.pk}")
    whisper(world, "vesna", "a plan", SECRET)
    whisper(world, "vesna", "a vision", PRIVATE, owner="mira")
    assert hinted(vesna)[room_name()] in (1, 2)
    assert hinted(own) == {room_name(): 2}
    for viewer in (mira, jonas):
        viewer.quiet()


@pytest.mark.parametrize("lost", [False, True])
def test_a_hint_goes_by_rights_as_new_as_the_message(
    join: Join, world: World, lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lost:
        monkeypatch.setattr(unread.UnreadHints, "rights_changed", lambda *_: None)
    (jonas,) = listen(join, world, "jonas")
    say(world, "mira", "seen")
    assert hinted(jonas) == {room_name(): 1}
    set_channel(world.server, TABLE_CHANNEL, {"is_private": True}, principal=Principal.system(), cause=SYSTEM)
    say(world, "olga", "unseen")
    jonas.quiet()
    with changing(world.server, SYSTEM):
        ServerChannel.objects.create(server=world.server, name="new", slug="new", kind=0)
    new = f"room:{ServerChannel.objects.get(name='new').pk}"
    tell(world, new, "olga", "hello")
    assert hinted(jonas) == {new: 1}
    remove_member(world.server, world.jonas.pk, cause=SYSTEM)
    tell(world, new, "olga", "goodbye")
    assert jonas.wait("rights")["lost"]
    jonas.quiet()


def test_people_of_a_conversation_hear_of_it_in_their_own_streams(join: Join, world: World) -> None:
    room = conversation(world, mira=0, jonas=0)
    pages = {who: join(who) for who in ("mira", "jonas", "vesna")}
    for who, page in pages.items():
        page.subscribe(f"user:{getattr(world, who).pk}")
    tell(world, room, "mira", "psst")
    assert hinted(pages["jonas"]) == {room: 1}
    for who in ("mira", "vesna"):
        pages[who].quiet()


def test_many_are_looked_at_with_as_many_queries_as_two(world: World) -> None:
    with changing(world.server, SYSTEM):
        ServerChannel.objects.bulk_create(
            ServerChannel(server=world.server, name=f"c{number}", slug=f"c{number}") for number in range(50)
        )

    def queries(*names: str) -> int:
        identities = [
            Identity(str(getattr(world, name).pk), session_key=str(at)) for at, name in enumerate(names)
        ]
        with CaptureQueriesContext(connection) as captured:
            found = watch_many([WatchRequest(identity, world.server.pk) for identity in identities])
        assert all(len(watched.seen) == 52 for watched in found)
        return len(captured)

    assert queries("mira", "vesna") == queries(*["mira", "vesna", "jonas"] * 30)
    mira, jonas, vesna = (
        watch_many([WatchRequest(Identity(str(getattr(world, name).pk)), world.server.pk)])[0]
        for name in ("mira", "jonas", "vesna")
    )
    assert mira == jonas
    assert (mira.told, len(vesna.told)) == (frozenset(), 52)
