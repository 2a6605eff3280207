"""Campaigns, between rodbot's real client and the real backend: published, shown, taken off air, claimed."""

from typing import Any

import pytest

from contract import characters, companion, endpoints
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, Mirror, Who


async def test_a_chronicle_goes_on_air_and_off_again(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    with pytest.raises(BackendError) as refused:
        await nadia().call(endpoints.PUBLISH_CAMPAIGN, companion.PublishCampaign())
    assert refused.value.status == 403
    new = characters.CreateCharacter(splat="vampire5th", name="Seam Owl")
    owl = (await nadia().call(endpoints.CREATE_CHARACTER, new)).character
    published = await olga().call(endpoints.PUBLISH_CAMPAIGN, companion.PublishCampaign())
    assert published.campaign.is_public
    on = companion.ShowTrackers(character=str(owl.id), on=True)
    shown = (await olga().call(endpoints.SHOW_TRACKERS, on)).campaign.characters
    assert [entry.public for entry in shown if entry.id == owl.id] == [True]
    listed = companion.ChangeRoster(character="Seam Owl", on=True)
    entries = (await olga().call(endpoints.CHANGE_ROSTER, listed)).campaign.characters
    assert (entries[0].id, entries[0].on_roster) == (owl.id, True)
    behind = companion.ChangeCampaign(delay=5, shows_rolls=False)
    changed = (await olga().call(endpoints.CHANGE_CAMPAIGN, behind)).campaign
    assert (changed.delay, changed.shows_rolls) == (5, False)
    given = await olga().call(endpoints.ROTATE_TOKEN, companion.RotateToken())
    assert given.token.startswith("admin_")
    with pytest.raises(BackendError) as known:
        await nadia().call(endpoints.CLAIM_CAMPAIGN, companion.ClaimCampaign(token=given.token))
    assert known.value.code == "campaign_claimed"
    assert (await olga().call(endpoints.GET_CAMPAIGN, companion.GetCampaign())).has_token
    ended = await olga().call(endpoints.UNPUBLISH_CAMPAIGN, companion.UnpublishCampaign())
    assert not ended.campaign.is_public
