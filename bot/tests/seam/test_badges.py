"""Badges and help, between rodbot's real client and the real backend."""

from typing import Any

import pytest

from contract import badges, endpoints
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, PLAYER, Mirror, Who


async def test_help_is_reported_listed_and_decided(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    await nadia().call(endpoints.GET_BADGES, badges.GetBadges())
    for text in ("Read the rules to us", "Again"):
        given = badges.ReportHelp(user=PLAYER, text=text)
        act = await olga().call(endpoints.REPORT_HELP, given)
        assert (act.state, act.text) == ("waiting", text)
    listed = (await olga().call(endpoints.LIST_HONOURS, badges.ListHonours())).results
    assert [honour.text for honour in listed] == ["Read the rules to us", "Again"]
    named = badges.NamedHonour(honour=listed[0].id)
    assert await olga().call(endpoints.GET_HONOUR, named) == listed[0]
    with pytest.raises(BackendError) as error:
        await olga().call(endpoints.CONFIRM_HONOUR, named)
    assert error.value.code == "own_report"
    refused = badges.RefuseHonour(honour=listed[0].id, reason="By mistake")
    assert (await olga().call(endpoints.REFUSE_HONOUR, refused)).state == "refused"
