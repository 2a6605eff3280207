"""The public face of a chronicle, for its storytellers: publish it, choose what is shown, who is on the roster."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle
from companion.operations import campaigns as operations
from companion.selectors.backstage import campaign_of
from contract.companion import Campaign, TokenGiven
from contract.translation import _
from main.navigation import Link, in_chronicle
from main.pages import PageRequest, show
from main.parts import new_key, part, posts, principal_of

HERE = "/chronicles/{chronicle}/campaign/"


@part
@require_GET
def overview(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    chronicle = chronicle_seen_by(principal_of(request), chronicle_id)
    return _page(request, chronicle)


def _page(request: PageRequest, chronicle: Chronicle, token: str = "") -> HttpResponse:
    principal = principal_of(request)
    campaign = campaign_of(principal, chronicle)
    on_air = Link(_("On air"), f"/chronicles/{chronicle.pk}/stage/")
    return show(
        request,
        "main/campaign.html",
        {
            "place": in_chronicle(principal, chronicle, "stage", _("Campaign"), on_air),
            "chronicle": chronicle,
            "campaign": campaign,
            "options": _options(campaign),
            "token": token,
            "key": new_key(),
        },
    )


def _options(campaign: Campaign) -> list[tuple[str, str, bool]]:
    return [
        ("is_listed", _("In the list of campaigns"), campaign.is_listed),
        ("shows_rolls", _("Rolls of characters on the roster"), campaign.shows_rolls),
        ("shows_players", _("Names of players"), campaign.shows_players),
        ("shows_conflicts", _("Who acts when in a conflict"), campaign.shows_conflicts),
    ]


def _with_token(request: PageRequest, answer: TokenGiven) -> HttpResponse:
    """The token stands on this one page, which nothing keeps."""
    response = _page(request, chronicle_seen_by(principal_of(request), answer.id), answer.token)
    response["Cache-Control"] = "no-store"
    return response


publish = posts(operations.PUBLISH, HERE)
unpublish = posts(operations.UNPUBLISH, HERE)
change = posts(operations.CHANGE, HERE)
change_roster = posts(operations.CHANGE_ROSTER, HERE, "#roster")
show_trackers = posts(operations.SHOW_TRACKERS, HERE, "#roster")
rotate = posts(operations.ROTATE_TOKEN, _with_token)
