"""Who may not see a room any more gets nothing of it any more, neither a message nor that somebody types."""

from typing import Any

import pytest
from django.db import transaction

import timeline.services
from chat.models import Participant, PrivateConversation
from chat.tests.chat_kit import say, table
from chronicle.models import ServerChannel
from chronicle.principal import Principal
from chronicle.services import add_member, create_server, delete_server, remove_member
from chronicle.services.change import changing
from chronicle.services.chronicles import make_default
from delivery.publish import publish
from gateway import access_review
from gateway.room_access import room_access
from gateway.tests.conftest import Join
from gateway.tests.kit import Viewer, wait_for
from gateway.tests.room_kit import conversation, room_name, tell, whisper
from rules.visibility import SECRET
from testing.community import set_channel, set_server
from testing.personas import SYSTEM, TABLE_CHANNEL, World
from timeline.services import rights_changed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["published", "message lost"])
def published(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Any) -> bool:
    """Whether the message about changed rights arrives. When not, nothing may be shown after it all the same."""
    settings.GATEWAY["recheck_interval"] = settings.GATEWAY["poll_interval"] = 3600
    if request.param == "message lost":
        monkeypatch.setattr(timeline.services, "publish", _lossy)
    return bool(request.param == "published")


def _lossy(group: str, message: Any) -> None:
    if message["type"] != "rights":
        publish(group, message)


def enter(join: Join, *names: str) -> list[Viewer]:
    viewers = [join(name) for name in names]
    for viewer in viewers:
        assert viewer.subscribe(room_name())["type"] == "chat_snapshot"
    return viewers


def assert_out(viewer: Viewer, *unseen: str) -> None:
    lost = viewer.wait("rights")
    assert (lost["stream"], lost["role"], lost["lost"]) == (room_name(), "none", True)
    viewer.quiet()
    assert not [text for text in unseen if text in str(viewer.frames)]
    for frame in ({"type": "typing"}, {"type": "post", "nonce": "n1", "text": "still here"}):
        viewer.send(stream=room_name(), **frame)
        assert viewer.wait("error")["code"] in ("not_found", "not_subscribed")


@pytest.mark.req("S003-38")
def test_who_is_removed_gets_nothing_later(join: Join, world: World, published: bool) -> None:
    jonas, mira = enter(join, "jonas", "mira")
    say(world, "mira", "with jonas")
    jonas.until_seq(room_name(), 1)
    remove_member(world.server, world.jonas.pk, cause=SYSTEM)
    say(world, "mira", "without jonas")
    assert_out(jonas, "without jonas")
    assert mira.until_seq(room_name(), 2) == [1, 2]
    assert table().messages.count() == 2


def test_the_end_comes_at_once_where_nobody_speaks(join: Join, world: World, settings: Any) -> None:
    settings.GATEWAY["recheck_interval"] = 3600
    (jonas,) = enter(join, "jonas")
    remove_member(world.server, world.jonas.pk, cause=SYSTEM)
    assert_out(jonas)


def _private(world: World) -> None:
    by = {"principal": Principal.system(), "cause": SYSTEM}
    set_channel(world.server, TABLE_CHANNEL, {"is_private": True}, **by)


def _hidden_on_discord(world: World) -> None:
    with changing(world.server, SYSTEM):
        table().__class__.objects.filter(pk=table().pk).update(
            seen_by={world.jonas.discord_id: False, "everyone": False}
        )


def _removed_channel(world: World) -> None:
    with changing(world.server, SYSTEM):
        table().delete()


@pytest.mark.parametrize("closed", [_private, _hidden_on_discord, _removed_channel])
def test_a_room_that_is_closed_to_them_is_left(
    join: Join, world: World, closed: Any, published: bool
) -> None:
    (jonas,) = enter(join, "jonas")
    closed(world)
    if closed is _removed_channel:
        if published:
            assert jonas.wait("rights")["lost"]
        return
    say(world, "olga", "for few")
    assert_out(jonas, "for few")


@pytest.mark.req("S003-38")
def test_a_server_that_is_closed_ends_its_rooms(join: Join, world: World, published: bool) -> None:
    web = create_server(world.olga, "Web Court", cause=SYSTEM)
    add_member(web, world.jonas, cause=SYSTEM)
    channel = ServerChannel.objects.create(server=web, name="hall", slug="hall", kind=0)
    jonas, room = join("jonas"), f"room:{channel.pk}"
    assert jonas.subscribe(room)["type"] == "chat_snapshot"
    delete_server(web, principal=world.principal("olga"), cause=SYSTEM)
    if published:
        assert jonas.wait("rights")["lost"]
    jonas.send(type="post", stream=room, nonce="n", text="hello?")
    assert jonas.wait("error")["code"] == "not_found"
    assert channel.messages.count() == 0


def test_a_storyteller_who_is_none_any_more_sees_what_players_see(
    join: Join, world: World, published: bool
) -> None:
    whisper(world, "vesna", "the plot", SECRET)
    (vesna,) = enter(join, "vesna")
    assert vesna.texts(room_name()) == ["the plot"]
    set_server(world.server, storyteller_roles=[], principal=Principal.system(), cause=SYSTEM)
    say(world, "mira", "hello")
    assert vesna.wait("rights")["role"] == "member"
    vesna.wait("chat_snapshot")
    assert wait_for(lambda: vesna.texts(room_name()) == ["hello"] or not vesna.receive())


def test_another_default_chronicle_has_other_storytellers(join: Join, world: World) -> None:
    """Nothing that raises the server's version: the announcement alone."""
    (vesna,) = enter(join, "vesna")
    other = world.chronicle.__class__.objects.create(server=world.server, name="Other", slug="other")
    make_default(other, principal=Principal.system(), cause=SYSTEM)
    say(world, "mira", "hello")
    assert vesna.until_seq(room_name(), 1) == [1]


def test_who_leaves_a_conversation_hears_nothing_more(join: Join, world: World, published: bool) -> None:
    room = conversation(world, mira=0, jonas=0)
    jonas = join("jonas")
    jonas.subscribe(room)
    tell(world, room, "mira", "with jonas")
    jonas.until_seq(room, 1)
    with transaction.atomic():
        made = PrivateConversation.objects.get()
        Participant.objects.filter(user=world.jonas).delete()
        made.version += 1
        made.save(update_fields=["version"])
        rights_changed(made.pk, made.version, [str(world.jonas.pk)])
    tell(world, room, "mira", "without jonas")
    assert jonas.wait("rights")["lost"]
    jonas.quiet()
    assert "without jonas" not in str(jonas.frames)


def test_changes_that_were_heard_of_are_looked_at_once(
    join: Join, world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """A change of one member's rights has one looked at; a later message nobody."""
    settings.GATEWAY["recheck_interval"] = 3600
    jonas, mira = enter(join, "jonas", "mira")
    asked: list[int] = []
    monkeypatch.setattr(
        access_review, "room_access", lambda requests: asked.append(len(requests)) or room_access(requests)
    )
    say(world, "mira", "one")
    mira.until_seq(room_name(), 1)
    assert asked == [2]
    remove_member(world.server, world.jonas.pk, cause=SYSTEM)
    assert jonas.wait("rights")["lost"]
    assert asked == [2, 1]
    say(world, "mira", "two")
    mira.until_seq(room_name(), 2)
    assert asked == [2, 1]
