"""Bridged channels, between rodbot's real client and the real backend."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from contract import bridges, endpoints
from rodbot.core.backend import Backend, BackendError
from tests.seam.conftest import CHANNEL, GUILD, Mirror, Who

PLACE: dict[str, Any] = {"guild_id": str(GUILD), "channel": CHANNEL}


async def test_a_bridge_is_switched_and_told_of(
    sync: Mirror, backend: Backend, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    here = bridges.BridgeInput(channel=CHANNEL)
    with pytest.raises(BackendError) as refused:
        await nadia().call(endpoints.GET_BRIDGE, here)
    assert refused.value.status == 403
    state = await olga().call(endpoints.GET_BRIDGE, here)
    assert (state.on, state.possible) == (False, False)
    assert "DISCORD_MESSAGE_CONTENT" in state.reason
    with pytest.raises(BackendError) as impossible:
        await olga().call(endpoints.SET_BRIDGE, bridges.SetBridge(channel=CHANNEL, on=True))
    assert impossible.value.refusal.detail == state.reason
    assert not (await olga().call(endpoints.SET_BRIDGE, bridges.SetBridge(channel=CHANNEL, on=False))).on
    author = bridges.HeardAuthor(id="1", name="Stranger")
    heard = bridges.Heard(id="5", author=author, text="Hello", at=datetime.now(UTC))
    answer = await backend.report(
        endpoints.BRIDGE_RECEIVE, bridges.Receive(**PLACE, messages=[heard], own=["6"])
    )
    assert answer.unknown == []
    assert (
        await backend.report(endpoints.BRIDGE_FORGET, bridges.Forget(**PLACE, messages=["5"]))
    ).deleted == 0
    posted = bridges.Posted(room=uuid4(), message=uuid4(), changed=1, pieces=["7"])
    assert not (await backend.report(endpoints.BRIDGE_POSTED, posted)).noted
    trouble = bridges.Trouble(**PLACE, problem="no_webhooks")
    assert (await backend.report(endpoints.BRIDGE_TROUBLE, trouble)).noted
