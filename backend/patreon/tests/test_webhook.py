"""Patreon's calls: what is signed counts once and in the order of the documents; everything else changes nothing."""

import json
import random
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from discordauth.models import CustomUser
from monitoring import metrics
from patreon import services
from patreon.limits import limits_of
from patreon.models import Pledge, PledgeChange, SupporterTier
from patreon.selectors import supporter
from patreon.views import MAX_BODY
from testing.patreon import CAMPAIGN, PATRON, SIGNED_WITH, headers, member, signed, usual_tiers
from testing.personas import World

CREATE, UPDATE, DELETE = (f"members:pledge:{verb}" for verb in ("create", "update", "delete"))
FLEDGLING, NEONATE, ELDER = {"11": "Fledgling"}, {"12": "Neonate"}, {"14": "Elder"}


@pytest.fixture(autouse=True)
def set_up(settings: Any, db: Any) -> None:
    settings.PATREON_WEBHOOK_SECRET = SIGNED_WITH
    usual_tiers()


def call(event: str, document: Any, client: Client | None = None, **given: str) -> Any:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    sent = headers(event, body) | {name.replace("_", "-"): value for name, value in given.items()}
    return (client or Client()).post("/patreon/webhook/", body, content_type="application/json", headers=sent)


def outcome(event: str, document: Any) -> str:
    answer = call(event, document)
    assert answer.status_code == 200, answer.content
    found: str = answer.json()["outcome"]
    return found


def everything() -> list[str]:
    return [
        repr(row)
        for model in apps.get_app_config("patreon").get_models(include_auto_created=True)
        for row in model._default_manager.order_by("pk").values_list()
    ]


def level_of(user: CustomUser) -> int:
    return supporter(user).level


@pytest.mark.req("S004-46", "S004-47")
def test_a_pledge_makes_a_supporter_and_its_end_none(world: World) -> None:
    mira = world.mira
    assert outcome(CREATE, member(FLEDGLING, discord=mira.discord_id)) == "applied"
    assert supporter(mira).model_dump(exclude={"limits", "can_link"}) == {
        "level": 1,
        "tier": "Fledgling",
        "linked": True,
    }
    charged = "2026-02-01T08:00:00.000+00:00"
    assert outcome(UPDATE, member(NEONATE, last_charge_date=charged)) == "applied"
    assert level_of(mira) == 2
    assert (
        outcome(DELETE, member(NEONATE, last_charge_date=charged, patron_status="former_patron")) == "applied"
    )
    assert level_of(mira) == 0
    assert limits_of(mira.pk) == {"characters": 50, "macros": 50}
    changes = list(
        PledgeChange.objects.order_by("created_at").values_list("event", "before", "after", "level_after")
    )
    assert changes == [
        (CREATE, "", "Fledgling", 1),
        (UPDATE, "Fledgling", "Neonate", 2),
        (DELETE, "Neonate", "", 0),
    ]


@pytest.mark.req("S004-46")
@pytest.mark.parametrize(
    "signature",
    ["", "0" * 32, "é", signed(b"{}"), signed(json.dumps(member(NEONATE)).encode(), "another-secret")],
)
def test_a_wrong_signature_changes_nothing(signature: str) -> None:
    call(CREATE, member(FLEDGLING))
    before = everything()
    answer = call(CREATE, member(NEONATE), X_Patreon_Signature=signature)
    assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")
    assert everything() == before


def test_the_signature_is_of_the_body_as_it_was_sent() -> None:
    """Not of what it would be after reading and writing it again."""
    body = json.dumps(member({"12": "Nächtling  ✓"}), ensure_ascii=False, indent=3).encode()
    assert outcome(CREATE, body) == "applied"
    answer = Client().post(
        "/patreon/webhook/", body + b" ", content_type="application/json", headers=headers(CREATE, body)
    )
    assert answer.status_code == 403


MALFORMED = {
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "a list": b"[]",
    "nothing": b"",
    "no data": b"{}",
    "deep": b"[" * 50_000,
    "of no person": json.dumps(member() | {"data": member()["data"] | {"relationships": {}}}).encode(),
    "of something else": json.dumps(member() | {"data": member()["data"] | {"type": "post"}}).encode(),
    "a wrong date": json.dumps(member(last_charge_date="yesterday")).encode(),
    "a date without a zone": json.dumps(member(last_charge_date="2026-01-01T00:00:00")).encode(),
    "a date of no calendar": json.dumps(member(last_charge_date="9999-12-31T23:59:59+00:00")).encode(),
    "a number as status": json.dumps(member(patron_status=7)).encode(),
    "a status with NUL": json.dumps(member(patron_status="active\x00patron")).encode(),
    "a long id": json.dumps(member(patron="7" * 65)).encode(),
    "an id with NUL": json.dumps(member(patron="7\x00")).encode(),
    "many tiers": json.dumps(member({str(number): "x" for number in range(101)})).encode(),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_call_changes_nothing(body: bytes) -> None:
    call(CREATE, member(FLEDGLING))
    before = everything()
    answer = call(UPDATE, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert everything() == before
    assert "private" not in answer.content.decode().lower()


@pytest.mark.parametrize("title", [7, 10**4000, {"a": "b"}, None, "\x00", " "])
def test_a_tier_whose_title_is_no_text_is_known_by_its_id(title: Any) -> None:
    assert outcome(CREATE, member({"77": title})) == "applied"
    assert SupporterTier.objects.get(patreon_id="77").name == "77"


def test_of_two_tiers_of_one_name_each_stays_itself(world: World) -> None:
    """Only one of them is ours of that name; the other is new, and makes nobody a supporter."""
    both = {"12": "Neonate", "92": "neonate"}
    for _again in range(2):
        outcome(UPDATE, member(both, discord=world.mira.discord_id, next_charge_date=None))
        tiers = SupporterTier.objects.filter(name__iexact="neonate").order_by("patreon_id")
        assert [(tier.patreon_id, tier.level) for tier in tiers] == [("12", 2), ("92", 0)]
    assert level_of(world.mira) == 2


def test_two_pledges_that_name_one_account_leave_it_to_the_first(world: World) -> None:
    for patron in ("1", "2"):
        assert outcome(CREATE, member(NEONATE, patron=patron, discord=world.mira.discord_id)) == "applied"
    assert Pledge.objects.get(user=world.mira).patron_id == "1"


def test_a_call_without_an_event_is_refused_and_a_strange_one_ignored() -> None:
    answer = call(CREATE, member(), X_Patreon_Event="")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert outcome("posts:publish", {"data": {"type": "post"}}) == "ignored"
    assert everything() == [repr(row) for row in SupporterTier.objects.order_by("pk").values_list()]


def test_a_large_call_is_refused_before_it_is_read() -> None:
    answer = call(CREATE, b" " * (MAX_BODY + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_calls_are_counted_by_what_became_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    monkeypatch.setattr(metrics.WEBHOOKS, "add", counted.append)
    call(CREATE, member(), X_Patreon_Signature="0")
    for document in (b"{", member(), member()):
        call(CREATE, document)
    call("posts:publish", b"{}")
    assert counted == ["bad_signature", "malformed", "applied", "repeated", "ignored"]


def test_without_a_secret_there_is_no_webhook(settings: Any) -> None:
    settings.PATREON_WEBHOOK_SECRET = ""
    body = json.dumps(member(FLEDGLING)).encode()
    answer = call(CREATE, body, X_Patreon_Signature=signed(body, ""))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_set_up")
    assert not Pledge.objects.exists()
    assert Client().get("/patreon/webhook/").status_code == 405


def test_a_repeated_call_changes_nothing() -> None:
    first = member(FLEDGLING)
    assert outcome(CREATE, first) == "applied"
    before = everything()
    assert outcome(CREATE, first) == "repeated"
    assert everything() == before
    assert outcome(DELETE, first) == "applied"
    before = everything()
    assert outcome(CREATE, first) == "repeated"
    assert outcome(UPDATE, first) == "outdated"
    assert everything() == before


def history() -> list[tuple[str, Any]]:
    """What became of one person's pledge in a year, in the order in which it happened."""

    def at(start: int, charge: str | None = None) -> dict[str, Any]:
        return {
            "pledge_relationship_start": f"2026-0{start}-15T10:00:00.000+00:00",
            "last_charge_date": charge and f"2026-{charge}T08:00:00.000+00:00",
        }

    return [
        ("members:create", member(**at(1))),
        (UPDATE, member(FLEDGLING, **at(1))),
        (UPDATE, member(FLEDGLING, **at(1, "02-01"))),
        (UPDATE, member(NEONATE, **at(1, "03-01"))),
        (DELETE, member(NEONATE, **at(1, "03-01"))),
        (CREATE, member(FLEDGLING, **at(5, "03-01"))),
        (UPDATE, member(FLEDGLING | ELDER, **at(5, "06-01"))),
        (UPDATE, member({}, **at(5, "07-01"), patron_status="declined_patron")),
        ("members:delete", member({}, **at(5, "07-01"))),
        (CREATE, member(ELDER, **at(8))),
    ]


def state() -> tuple[Any, ...]:
    (pledge,) = Pledge.objects.all()
    return (
        pledge.level,
        sorted(pledge.tiers.values_list("patreon_id", flat=True)),
        pledge.status,
        pledge.moment,
    )


@pytest.mark.parametrize("seed", range(25))
def test_in_any_order_and_however_often_they_come_the_end_is_the_same(seed: int) -> None:
    luck = random.Random(seed)
    happened = history()[: luck.randint(2, len(history()))]
    for event, document in happened:
        call(event, document)
    expected = state()
    Pledge.objects.all().delete()
    again = happened + luck.choices(happened, k=6)
    luck.shuffle(again)
    for event, document in again:
        call(event, document)
    assert state() == expected
    assert PledgeChange.objects.count() == PledgeChange.objects.values("digest").distinct().count()


def test_a_document_without_a_date_speaks_of_the_pledge_as_it_is_known() -> None:
    nothing = {"pledge_relationship_start": None}
    assert outcome(CREATE, member(FLEDGLING)) == "applied"
    assert outcome(DELETE, member(FLEDGLING, **nothing)) == "applied"
    assert outcome(UPDATE, member(FLEDGLING, **nothing)) == "outdated"


def test_an_unknown_tier_waits_for_its_level(caplog: pytest.LogCaptureFixture) -> None:
    assert outcome(CREATE, member({"77": "Free\x00 blood"})) == "applied"
    tier = SupporterTier.objects.get(patreon_id="77")
    assert (tier.name, tier.level) == ("Free blood", 0)
    assert "no level yet" in caplog.text
    pledge = Pledge.objects.get()
    assert pledge.level == 0
    SupporterTier.objects.update_or_create(patreon_id="77", defaults={"level": 3})
    assert pledge.level == 3


def test_a_tier_of_ours_gets_its_id_by_its_name() -> None:
    call(CREATE, member({"15": "METHUSELAH"}))
    assert SupporterTier.objects.get(patreon_id="15").level == 5
    assert SupporterTier.objects.count() == 5


def test_another_campaign_changes_nothing(settings: Any) -> None:
    settings.PATREON_CAMPAIGN_ID = "1"
    assert outcome(CREATE, member(FLEDGLING)) == "other_campaign"
    assert not Pledge.objects.exists()
    settings.PATREON_CAMPAIGN_ID = CAMPAIGN
    assert outcome(CREATE, member(FLEDGLING)) == "applied"


def test_nothing_of_a_person_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        call(CREATE, member(FLEDGLING, discord="740000000000000099"))
        call(CREATE, member(FLEDGLING), X_Patreon_Signature="wrong")
    for hidden in ("private", SIGNED_WITH, "740000000000000099"):
        assert hidden not in " ".join(everything()).lower()
        assert hidden not in caplog.text.lower()


def test_a_discord_account_that_patreon_knows_links_itself_once(world: World) -> None:
    mira, jonas = world.mira, world.jonas
    call(CREATE, member(FLEDGLING, patron="1"))
    assert level_of(mira) == 0
    call(UPDATE, member(FLEDGLING, patron="1", discord=mira.discord_id))
    assert level_of(mira) == 1
    # Who has one already keeps it; who unlinked it stays without.
    call(CREATE, member(ELDER, patron="2", discord=mira.discord_id))
    assert level_of(mira) == 1
    services.unlink(mira)
    later = "2026-06-01T00:00:00+00:00"
    call(UPDATE, member(FLEDGLING, patron="1", discord=mira.discord_id, last_charge_date=later))
    assert level_of(mira) == 0
    assert level_of(jonas) == 0
    assert Pledge.objects.get(patron_id="1").user is None


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_the_same_call_many_times_at_once_counts_once() -> None:
    from testing.together import together

    document = member({"901": "New"})
    answers = together(*[lambda: call(CREATE, document).json()["outcome"]] * 4)
    assert sorted(answers) == ["applied", "repeated", "repeated", "repeated"]
    assert PledgeChange.objects.filter(pledge__patron_id=PATRON).count() == 1
