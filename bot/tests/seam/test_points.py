"""Points, boards and profiles, between rodbot's real client and the real backend."""

from typing import Any

import pytest

from contract import endpoints, people, points, servers
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, Mirror, Who


async def test_what_one_earned_is_asked_for_and_shown(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    found = await nadia().call(endpoints.GET_PROGRESS, points.GetProgress(card=True))
    assert (found.points, found.level.level, found.streak.current, bool(found.card)) == (0, 1, 0, True)
    assert (await nadia().call(endpoints.LIST_POINTS, points.ListPoints())).results == []
    wanted = points.SetPlayerProfile.model_validate({"on_boards": False, "is_public": True})
    changed = await nadia().call(endpoints.SET_PLAYER_PROFILE, wanted)
    assert (changed.on_boards, changed.is_public, changed.shows_level) == (False, True, False)
    zone = people.SetPreferences.model_validate({"timezone": "berlin"})
    assert (await nadia().call(endpoints.SET_PREFERENCES, zone)).timezone == "Europe/Berlin"


async def test_boards_of_a_server_are_off_until_they_are_switched_on(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    everybodys = await nadia().call(endpoints.SHOW_BOARD, points.ShowBoard())
    assert (everybodys.board, everybodys.mine) == ("all", None)
    with pytest.raises(BackendError) as error:
        await nadia().call(endpoints.SHOW_BOARD, points.ShowBoard(board="server"))
    assert error.value.code == "feature_off"
    switched = servers.ChangeServer.model_validate({"features": {"boards": True}})
    await olga().call(endpoints.CHANGE_SERVER, switched)
    assert (await nadia().call(endpoints.SHOW_BOARD, points.ShowBoard(weekly=True))).board == "server"
    listed = await nadia().call(endpoints.LIST_BOARDS, points.ListBoards())
    assert [row.board for row in listed.results][:3] == ["all", "server", "chronicle"]
