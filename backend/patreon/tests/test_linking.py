"""Linking an account over real HTTP to a Patreon of our own, unlinking it, and what supporters may have."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from contract.macros import SaveMacro
from haven.services import Reference
from haven.tests.kit import make, refused
from patreon import limits, services
from patreon.limits import limits_of
from patreon.models import Pledge, PledgeChange, SupporterTier
from patreon.oauth import SCOPE
from patreon.selectors import supporter
from patreon.tasks import end_lapsed
from rolls.services import macros
from rolls.tests.kit import asker
from rules.errors import Limit
from testing.patreon import CODE, PATRON, SECRET, TOKEN, FakePatreon, member, patreon_server, usual_tiers
from testing.personas import World

Browser = Callable[[str], Client]
NEONATE, ELDER = {"12": "Neonate"}, {"14": "Elder"}


@pytest.fixture
def patreon(settings: Any, db: Any) -> Iterator[FakePatreon]:
    usual_tiers()
    with patreon_server() as fake:
        for name, value in fake.settings().items():
            setattr(settings, name, value)
        fake.documents = [member(NEONATE)]
        yield fake


def consent(client: Client) -> str:
    """Press the link, and allow it at Patreon; return where the browser is sent then."""
    address = client.get("/account/patreon/")["Location"]
    answer = httpx.get(address, follow_redirects=False, timeout=10)
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def follow(client: Client, address: str) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    page: str = client.get("/account/").content.decode()
    return page


def test_an_account_is_linked_and_unlinked(world: World, browser: Browser, patreon: FakePatreon) -> None:
    mira = browser("mira")
    assert "Link Patreon" in mira.get("/account/").content.decode()
    page = follow(mira, consent(mira))
    assert "Your Patreon account is linked" in page
    assert "Neonate</strong> (level 2)" in page
    assert "100 characters" in page
    asked = dict(patreon.requests)["/api/oauth2/token"]
    assert (asked["code"], asked["grant_type"]) == (CODE, "authorization_code")
    assert "memberships" in dict(patreon.requests)["/api/oauth2/v2/identity"]["include"]
    assert mira.post("/account/patreon/unlink/").status_code == 302
    assert "Link Patreon" in mira.get("/account/").content.decode()
    assert supporter(world.mira).level == 0
    changes = PledgeChange.objects.order_by("created_at").values_list("event", "level_after")
    assert list(changes) == [("linked", 2), ("unlinked", 2)]


def test_the_consent_asks_for_no_more_than_the_identity(browser: Browser, patreon: FakePatreon) -> None:
    address = browser("mira").get("/account/patreon/")["Location"]
    query = parse_qs(urlsplit(address).query)
    assert (query["scope"], query["response_type"]) == ([SCOPE], ["code"])
    assert query["redirect_uri"][0].endswith("/account/patreon/callback/")


def test_no_token_is_kept_or_logged(
    world: World, browser: Browser, patreon: FakePatreon, caplog: pytest.LogCaptureFixture
) -> None:
    mira = browser("mira")
    with caplog.at_level("DEBUG", logger="main"), caplog.at_level("DEBUG", logger="patreon"):
        follow(mira, consent(mira))
        patreon.broken["/api/oauth2/v2/identity"] = 500
        follow(mira, consent(mira))
    kept = repr([list(model.objects.values_list()) for model in (Pledge, PledgeChange, SupporterTier)])
    assert not any(hidden in kept + caplog.text for hidden in (TOKEN, SECRET, CODE, "Private"))


def test_a_state_works_once_in_its_own_browser(world: World, browser: Browser, patreon: FakePatreon) -> None:
    mira, jonas = browser("mira"), browser("jonas")
    address = consent(mira)
    assert "expired or was already used" in follow(jonas, address)
    assert "is linked" in follow(mira, address)
    assert "expired or was already used" in follow(mira, address)
    assert "expired or was already used" in follow(mira, "/account/patreon/callback/?code=x")
    assert Pledge.objects.get().user == world.mira


def test_who_denies_or_meets_a_broken_patreon_stays_as_they_are(
    browser: Browser, patreon: FakePatreon
) -> None:
    mira = browser("mira")
    state = parse_qs(urlsplit(consent(mira)).query)["state"][0]
    assert "You didn’t allow" in follow(mira, f"/account/patreon/callback/?error=access_denied&state={state}")
    for path, status in (("token", 400), ("token", 503), ("v2/identity", 500)):
        patreon.broken = {f"/api/oauth2/{path}": status}
        assert f"({status})" in follow(mira, consent(mira))
    patreon.broken, patreon.patron = {}, "x" * 65
    assert "didn’t answer as expected" in follow(mira, consent(mira))
    assert not Pledge.objects.exists()


def test_one_patreon_account_belongs_to_one_person(
    world: World, browser: Browser, patreon: FakePatreon
) -> None:
    mira, jonas = browser("mira"), browser("jonas")
    follow(mira, consent(mira))
    assert "belongs to somebody else’s account" in follow(jonas, consent(jonas))
    patreon.patron = "2"
    assert "linked to another Patreon account" in follow(mira, consent(mira))
    follow(jonas, consent(jonas))
    patreon.patron = PATRON
    mira.post("/account/patreon/unlink/")
    jonas.post("/account/patreon/unlink/")
    follow(jonas, consent(jonas))
    assert Pledge.objects.get(patron_id=PATRON).user == world.jonas


def test_the_membership_of_our_own_campaign_counts(
    world: World, browser: Browser, patreon: FakePatreon, settings: Any
) -> None:
    settings.PATREON_CAMPAIGN_ID = "1"
    patreon.documents = [member(ELDER, campaign="2"), member(NEONATE, campaign="1")]
    mira = browser("mira")
    follow(mira, consent(mira))
    assert supporter(world.mira).tier == "Neonate"
    patreon.documents = []
    follow(mira, consent(mira))
    assert supporter(world.mira).model_dump(include={"level", "linked"}) == {"level": 0, "linked": True}


def test_where_patreon_is_not_set_up_the_page_says_nothing_of_it(world: World, browser: Browser) -> None:
    mira = browser("mira")
    assert "Patreon" not in mira.get("/account/").content.decode()
    assert "Patreon isn’t set up here" in follow(mira, "/account/patreon/")


def support(world: World, tiers: dict[str, str], **attributes: Any) -> None:
    import json

    from patreon.documents import of_webhook

    found = of_webhook(json.dumps(member(tiers, discord=world.mira.discord_id, **attributes)).encode())
    services.receive(*found, "members:pledge:create", 0, str(tiers))


@pytest.mark.req("S004-47")
def test_the_bot_and_the_api_read_the_level(world: World, bot: Any, browser: Browser) -> None:
    usual_tiers()
    support(world, ELDER)
    limit = {"characters": 200, "macros": 150}
    expected = {"level": 4, "tier": "Elder", "linked": True, "can_link": False, "limits": limit}
    body = {"actor": {"id": world.mira.discord_id, "username": "mira"}}
    assert bot.post("/bot/supporter", body, format="json").json() == expected
    assert browser("mira").get("/api/users/me/supporter/").json() == expected
    assert browser("jonas").get("/api/users/me/supporter/").json()["level"] == 0
    unlinked = browser("mira").delete("/api/users/me/supporter/").json()
    assert (unlinked["level"], unlinked["linked"]) == (0, False)


def test_a_supporter_may_have_more_and_keeps_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    usual_tiers()
    for name in limits.USUAL:
        monkeypatch.setitem(limits.USUAL, name, 1)
    SupporterTier.objects.filter(name="Elder").update(characters=2, macros=2)
    owl, given = make(world, "Owl"), SaveMacro(name="One", pool=3, system="v5")
    macros.create(asker(world, "mira"), Reference(str(owl.id)), given)
    with refused(Limit):
        make(world, "Fox")
    support(world, ELDER)
    make(world, "Fox")
    macros.create(asker(world, "mira"), Reference(str(owl.id)), given.model_copy(update={"name": "Two"}))
    with refused(Limit) as refusal:
        make(world, "Crow")
    assert "up to 2 characters" in str(refusal.value)
    make(world, "Crow", who="jonas")
    services.unlink(world.mira)
    with refused(Limit):
        make(world, "Crow")
    assert world.mira.characters.filter(deleted_at=None).count() == 2
    assert owl.macros.count() == 2


def test_a_tier_never_gives_less_than_everybody_has(world: World) -> None:
    usual_tiers()
    SupporterTier.objects.filter(name="Elder").update(characters=3, macros=0)
    support(world, ELDER)
    assert limits_of(world.mira.pk) == limits.USUAL


def test_a_pledge_that_nobody_renews_ends(world: World) -> None:
    usual_tiers()
    now = timezone.now()
    support(world, ELDER, next_charge_date=(now - services.GRACE + timedelta(hours=1)).isoformat())
    end_lapsed.call()
    assert supporter(world.mira).level == 4
    Pledge.objects.update(next_charge_at=now - services.GRACE - timedelta(hours=1))
    end_lapsed.call()
    end_lapsed.call()
    assert supporter(world.mira).level == 0
    change = PledgeChange.objects.get(event="lapsed")
    assert (change.before, change.level_after) == ("Elder", 0)
