"""Who is here: several tabs count once, a page that is left is not an absence, silence is one."""

import asyncio
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from delivery.options import Options
from delivery.outbox import CLOSE_SECONDS
from discordauth.models import CustomUser
from gateway.presence import MemoryPresence, RedisPresence
from gateway.tests.kit import Table, wait_for
from testing.half_open import Line

pytestmark = pytest.mark.django_db(transaction=True)


def is_online(user) -> bool:
    return CustomUser.objects.get(pk=user.pk).is_online


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
async def presence(request, settings):
    if request.param == "memory":
        made = MemoryPresence()
    else:
        request.getfixturevalue("with_redis")
        made = RedisPresence(settings.REDIS_URL)
    yield made
    await made.stop()


STREAM = "chronicle:one"


def test_safe_07_two_intervals_are_enough_for_socket_and_presence():
    """Silence, the look that finds it, saying so to nobody, and the sweep that announces it."""
    options = Options()
    way_out = 2 * CLOSE_SECONDS + options.presence_sweep + options.presence_batch
    assert options.silence + options.sweep_interval + way_out < 2 * options.heartbeat_interval
    assert options.silence > 1.5 * options.heartbeat_interval, "one late heartbeat is forgiven"


def test_safe_07_who_falls_silent_is_offline_with_the_socket(join, table: Table, world, settings):
    settings.GATEWAY |= {"heartbeat_interval": 1, "presence_grace": 3600}
    mira, vesna = join("mira"), join("vesna")
    for viewer in (mira, vesna):
        viewer.subscribe(table.stream)
    while mira.connection.close_code is None:
        vesna.send(type="heartbeat")
        vesna.wait("heartbeat")
        with suppress(TimeoutError, ConnectionClosed):
            mira.receive(0.3)
    assert mira.connection.close_code == 4009
    here = [f for f in vesna.frames if f["type"] == "presence" and f.get("user") == str(world.mira.id)]
    if not here or here[-1]["status"] != "offline":
        assert vesna.wait("presence", user=str(world.mira.id))["status"] == "offline"
    wait_for(lambda: not is_online(world.mira))


def test_safe_07_whose_line_is_cut_is_offline_too(start_worker, join, table: Table, world, settings):
    """Nobody answers the close frame there, and the connection never ends by itself."""
    settings.GATEWAY |= {"heartbeat_interval": 1, "presence_grace": 3600}
    worker = start_worker()
    with Line(worker.port) as line:
        mira, vesna = join("mira", worker=line), join("vesna", worker=worker)
        for viewer in (mira, vesna):
            viewer.subscribe(table.stream)
        line.cut()
        wait_for(lambda: sees_offline(vesna, world.mira))
        wait_for(lambda: not is_online(world.mira))


def sees_offline(viewer, user) -> bool:
    viewer.send(type="heartbeat")
    with suppress(TimeoutError):
        viewer.wait("presence", 0.3, user=str(user.id), status="offline")
        return True
    return False


async def test_several_tabs_count_once(presence):
    assert await presence.touch("mira", "tab-1", "online", [STREAM], 60) == ("mira", "online", [STREAM], True)
    assert await presence.touch("mira", "tab-2", "online", [STREAM], 60) is None
    assert await presence.touch("mira", "tab-1", "online", [STREAM], 0.05) is None
    await asyncio.sleep(0.1)
    assert await presence.sweep() == []
    assert await presence.of_stream(STREAM) == {"mira": "online"}


@pytest.mark.req("S003-43")
async def test_open_sockets_are_counted_by_person(presence):
    assert await presence.sockets() == {}
    await presence.touch("mira", "tab-1", "online", [STREAM], 60)
    await presence.touch("mira", "tab-2", "away", [], 60)
    await presence.touch("jonas", "tab", "online", [], 0.05)
    assert await presence.sockets() == {"mira": 2, "jonas": 1}
    await asyncio.sleep(0.1)
    assert await presence.sockets() == {"mira": 2}


@pytest.mark.req("S003-71")
async def test_the_liveliest_tab_decides(presence):
    await presence.touch("mira", "tab-1", "online", [STREAM], 60)
    await presence.touch("mira", "tab-2", "away", [], 60)
    assert await presence.of_stream(STREAM) == {"mira": "online"}
    assert await presence.touch("mira", "tab-1", "away", [], 60) == ("mira", "away", [STREAM], True)
    assert await presence.of_stream(STREAM) == {"mira": "away"}


@pytest.mark.req("S003-71")
async def test_who_gives_no_sign_of_life_is_offline_once(presence):
    await presence.touch("mira", "tab-1", "online", [STREAM], 0.05)
    await presence.touch("jonas", "tab-1", "online", [STREAM], 60)
    await asyncio.sleep(0.1)
    assert await presence.sweep() == [("mira", "offline", [STREAM], True)]
    assert await presence.sweep() == []
    assert await presence.of_stream(STREAM) == {"jonas": "online"}
    assert await presence.statuses(["mira", "jonas"]) == {"mira": "offline", "jonas": "online"}


async def test_coming_to_another_stream_is_news_there_alone(presence):
    await presence.touch("mira", "tab-1", "online", [STREAM], 60)
    news = await presence.touch("mira", "tab-1", "online", [STREAM, "chronicle:two"], 60)
    assert news == ("mira", "online", ["chronicle:two"], False)


async def test_back_before_it_was_noticed(presence):
    await presence.touch("mira", "tab-1", "online", [STREAM], 0.05)
    await asyncio.sleep(0.1)
    assert await presence.touch("mira", "tab-2", "online", [], 60) is None
    assert await presence.sweep() == []


@pytest.mark.req("S004-37", "S003-71")
def test_those_who_share_a_stream_see_each_other(join, table: Table, world):
    vesna = join("vesna")
    vesna.subscribe(table.stream)
    first = join("mira")
    shown = first.subscribe(table.stream)["presence"]
    assert shown == {str(world.vesna.id): "online", str(world.mira.id): "online"}
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "online"
    wait_for(lambda: is_online(world.mira))
    second = join("mira")
    second.subscribe(table.stream)
    for tab in (first, second):
        tab.send(type="presence", status="away")
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "away"
    first.send(type="presence", status="online")
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "online"
    first.connection.close()
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "away"
    assert is_online(world.mira)
    second.connection.close()
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "offline"
    wait_for(lambda: not is_online(world.mira))


def test_a_page_that_is_left_for_another_is_no_absence(join, table: Table, world, settings):
    settings.GATEWAY["presence_grace"] = 1
    vesna = join("vesna")
    vesna.subscribe(table.stream)
    for _ in range(3):
        page = join("mira")
        page.subscribe(table.stream)
        page.connection.close()
    join("mira")
    assert vesna.wait("presence", user=str(world.mira.id))["status"] == "online"
    vesna.quiet(1.3, ignoring=())


def test_strangers_see_nothing_of_it(join, table: Table, world):
    sam = join("sam")
    sam.subscribe(f"chronicle:{world.other_chronicle.id}")
    mira = join("mira")
    mira.subscribe(table.stream)
    mira.send(type="presence", status="away")
    mira.wait("presence", user=str(world.mira.id), status="away")
    sam.quiet()
    assert str(world.mira.id) not in str(sam.frames)


def test_after_a_crash_the_summary_is_put_right(join, world):
    CustomUser.objects.filter(pk=world.mira.pk).update(is_online=True)
    join("jonas")
    wait_for(lambda: not is_online(world.mira) and is_online(world.jonas))
