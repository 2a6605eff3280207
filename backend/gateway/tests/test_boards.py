"""Open boards hear whose points moved them: of people whom they show, and only while they are looked at."""

import pytest

from contract.points import SetPlayerProfile
from gateway.tests.conftest import Join
from gateway.tests.kit import Viewer
from progress.services.player_profiles import set_profile
from progress.tests.kit import give, switch_boards
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jonas(join: Join, world: World) -> Viewer:
    switch_boards(world.chronicle.server)
    viewer = join("jonas")
    viewer.subscribe(f"chronicle:{world.chronicle.pk}")
    return viewer


def test_the_row_of_whoever_gets_points_comes_before_the_news(world: World, jonas: Viewer) -> None:
    entry = give(world.mira, 7, "a", chronicle=world.chronicle)
    assert entry is not None
    frame = jonas.wait("points_added")
    assert (frame["user"], frame["amount"]) == (str(world.mira.pk), 7)
    assert frame["places"] == [str(world.server.pk), str(world.chronicle.pk)]
    assert frame["week"] == entry.week.isoformat()
    jonas.wait("notice")
    types = [seen["type"] for seen in jonas.frames]
    assert types.index("points_added") < types.index("notice")


@pytest.mark.parametrize("hidden", [True, False])
def test_of_whom_no_board_shows_nothing_comes(world: World, jonas: Viewer, hidden: bool) -> None:
    if hidden:
        set_profile(world.mira, SetPlayerProfile(on_boards=False))
    else:
        switch_boards(world.chronicle.server, False)
    give(world.mira, 7, "a", chronicle=world.chronicle)
    jonas.quiet()
    assert "points_added" not in {frame["type"] for frame in jonas.frames}


def test_who_comes_later_hears_nothing_of_it(world: World, jonas: Viewer, join: Join) -> None:
    give(world.mira, 7, "a", chronicle=world.chronicle)
    jonas.wait("points_added")
    late = join("jonas")
    late.subscribe(f"chronicle:{world.chronicle.pk}", since=0)
    assert "points_added" not in {frame["type"] for frame in late.frames}
    assert str(world.mira.pk) not in str([frame for frame in late.frames if frame["type"] == "notice"])


def test_a_stranger_gets_no_stream_to_hear_it_in(world: World, jonas: Viewer, join: Join) -> None:
    stranger = join("sam")
    stranger.send(type="subscribe", stream=f"chronicle:{world.chronicle.pk}")
    assert stranger.wait("error")["code"] == "not_found"
    give(world.mira, 7, "a", chronicle=world.chronicle)
    jonas.wait("points_added")
    assert "points_added" not in {frame["type"] for frame in stranger.frames}
