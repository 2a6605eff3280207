"""What storytellers do with the public face of their chronicle."""

from collections.abc import Callable
from uuid import UUID

from chronicle.call import Call
from companion.models import Campaign
from companion.selectors.backstage import campaign_of
from companion.services import airing, making, publishing
from contract import companion as shapes
from contract import endpoints
from contract.endpoints import Endpoint
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def _changed(call: Call, campaign: Campaign) -> shapes.CampaignChanged:
    chronicle = campaign.chronicle
    return shapes.CampaignChanged(id=chronicle.pk, campaign=campaign_of(call.principal, chronicle))


def _replay(call: Call, kept: Kept) -> shapes.CampaignChanged:
    chronicle = call.chronicle_for(UUID(str(kept.body["id"])))
    return shapes.CampaignChanged(id=chronicle.pk, campaign=campaign_of(call.principal, chronicle))


def _get(call: Call, given: shapes.GetCampaign) -> shapes.Campaign:
    """How a chronicle stands in public: what is shown, and who is on the roster."""
    return campaign_of(call.principal, call.chronicle_named(given.chronicle))


def _publish(call: Call, given: shapes.PublishCampaign) -> shapes.CampaignChanged:
    """Make a chronicle public: everybody sees what is public of it from now on."""
    chronicle = call.chronicle_named(given.chronicle)
    return _changed(call, publishing.publish_campaign(chronicle, principal=call.principal, cause=call.cause))


def _unpublish(call: Call, given: shapes.UnpublishCampaign) -> shapes.CampaignChanged:
    """Take a chronicle off air: nobody outside sees anything of it any more."""
    chronicle = call.chronicle_named(given.chronicle)
    return _changed(
        call, publishing.unpublish_campaign(chronicle, principal=call.principal, cause=call.cause)
    )


def _change(call: Call, given: shapes.ChangeCampaign) -> shapes.CampaignChanged:
    """Set what the public sees beside public traits, and how much later."""
    chronicle = call.chronicle_named(given.chronicle)
    return _changed(
        call, publishing.change_campaign(chronicle, given, principal=call.principal, cause=call.cause)
    )


def _set_roster(call: Call, given: shapes.SetRoster) -> shapes.CampaignChanged:
    """Set who plays now, in order."""
    chronicle = call.chronicle_named(given.chronicle)
    by = call.principal, call.cause
    campaign = publishing.set_roster(chronicle, given.character_ids, principal=by[0], cause=by[1])
    return _changed(call, campaign)


def _change_roster(call: Call, given: shapes.ChangeRoster) -> shapes.CampaignChanged:
    """Put a character on the roster, or take it off."""
    chronicle = call.chronicle_named(given.chronicle)
    airing.change_roster(chronicle, given.character, given.on, principal=call.principal, cause=call.cause)
    return shapes.CampaignChanged(id=chronicle.pk, campaign=campaign_of(call.principal, chronicle))


def _show_trackers(call: Call, given: shapes.ShowTrackers) -> shapes.CampaignChanged:
    """Show a character and its trackers in public, or take it off air."""
    chronicle = call.chronicle_named(given.chronicle)
    airing.show_trackers(chronicle, given.character, given.on, principal=call.principal, cause=call.cause)
    return shapes.CampaignChanged(id=chronicle.pk, campaign=campaign_of(call.principal, chronicle))


def _rotate(call: Call, given: shapes.RotateToken) -> shapes.TokenGiven:
    """Get a token for programs; the one before stops working at once. It is shown this once."""
    return _token_given(call, call.chronicle_named(given.chronicle).pk)


def _token_given(call: Call, chronicle_id: UUID) -> shapes.TokenGiven:
    chronicle = call.chronicle_for(chronicle_id)
    token = making.new_token_for(chronicle, principal=call.principal)
    campaign = campaign_of(call.principal, chronicle)
    return shapes.TokenGiven(id=chronicle.pk, campaign=campaign, token=token)


def _replay_token(call: Call, kept: Kept) -> shapes.TokenGiven:
    """The first answer is lost, and its token with it: a retry gets one that works."""
    return _token_given(call, UUID(str(kept.body["id"])))


def _claim(call: Call, given: shapes.ClaimCampaign) -> shapes.CampaignChanged:
    """Take over a campaign that was made by the API, with its token: its server and its characters are yours then."""
    campaign = making.claim_campaign(given.token, call.user, cause=call.cause)
    call.principal.forget()
    return _changed(call, campaign)


def _on_campaign(
    name: str,
    endpoint: Endpoint[InputT, shapes.CampaignChanged],
    run: Callable[[Call, InputT], shapes.CampaignChanged],
    right: str = "campaign.run",
) -> Operation[Call, InputT, shapes.CampaignChanged]:
    return Operation(f"campaigns.{name}", endpoint, run, right, replay=_replay)


GET = Operation("campaigns.get", endpoints.GET_CAMPAIGN, _get, "campaign.run", reads=True)
PUBLISH = _on_campaign("publish", endpoints.PUBLISH_CAMPAIGN, _publish)
UNPUBLISH = _on_campaign("unpublish", endpoints.UNPUBLISH_CAMPAIGN, _unpublish)
CHANGE = _on_campaign("change", endpoints.CHANGE_CAMPAIGN, _change)
CHANGE_ROSTER = _on_campaign("change_roster", endpoints.CHANGE_ROSTER, _change_roster)
SHOW_TRACKERS = _on_campaign("show_trackers", endpoints.SHOW_TRACKERS, _show_trackers)
SET_ROSTER: Operation[Call, shapes.SetRoster, shapes.CampaignChanged] = Operation(
    "campaigns.set_roster",
    endpoints.Shape(shapes.SetRoster, shapes.CampaignChanged),
    _set_roster,
    "campaign.run",
    replay=_replay,
)
ROTATE_TOKEN = Operation(
    "campaigns.rotate_token", endpoints.ROTATE_TOKEN, _rotate, "campaign.run", replay=_replay_token
)
CLAIM = _on_campaign("claim", endpoints.CLAIM_CAMPAIGN, _claim, "")

HERE = "chronicles/<uuid:chronicle>/campaign/"
REST: Addresses = {
    HERE: {"GET": GET, "PATCH": CHANGE},
    f"{HERE}publish/": {"POST": PUBLISH},
    f"{HERE}unpublish/": {"POST": UNPUBLISH},
    f"{HERE}roster/": {"PUT": SET_ROSTER, "PATCH": CHANGE_ROSTER},
    f"{HERE}shown/": {"PUT": SHOW_TRACKERS},
    f"{HERE}token/": {"POST": ROTATE_TOKEN},
    "claim-campaign/": {"POST": CLAIM},
}
