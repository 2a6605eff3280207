"""Public campaigns on the web, for anybody: what is on stage, episodes, recordings; and nothing that is not public."""

import re
from typing import Any

import pytest
from django.test import Client

from companion.models import Campaign
from companion.services.publishing import unpublish_campaign
from companion.tests.kit import on_stage, publish, show
from haven.tests.kit import cause, change, sets
from rolls.tests.kit import roll
from testing.pages import page_of
from testing.personas import World
from testing.sessions import live, planned, played

pytestmark = pytest.mark.django_db(transaction=True)


def get(path: str, status: int = 200) -> str:
    answer: Any = Client().get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return page_of(answer)


def address(campaign: Campaign, rest: str = "") -> str:
    return f"/c/{campaign.chronicle.slug}/{rest}"


@pytest.mark.req("S002-69")
def test_anybody_sees_what_is_public_of_a_campaign(world: World) -> None:
    campaign = publish(world)
    character = on_stage(world, traits=["hunger"])
    change(world, character, *sets(hunger=3))
    roll(world, character, dice=[10, 10, 8, 1, 2])
    text = get(address(campaign))
    assert "Night Owl" in text
    assert 'data-value="3 of 5"' in text
    assert "Critical win" in text


def test_a_page_that_is_not_public_reads_like_one_that_never_was(world: World) -> None:
    campaign = publish(world)
    unpublish_campaign(world.chronicle, principal=world.principal("vesna"), cause=cause(world, "vesna"))
    for rest in ("", "episodes/1/", "episodes/1/scene/", "episodes/1/chapters.txt"):
        gone, never = get(address(campaign, rest), 404), get(f"/c/no-such-campaign/{rest}", 404)
        assert "There’s no such campaign." in gone
        plain = [
            re.sub(r'nonce="[^"]*"|/c/[^"]*|%2Fc%2F[^"]*|<!--.*?-->', "", text) for text in (gone, never)
        ]
        assert plain[0] == plain[1]


def test_what_is_not_public_is_nowhere_on_the_page(world: World) -> None:
    campaign = publish(world)
    character = on_stage(world, traits=["hunger"])
    change(world, character, *sets(hunger=4, ambition="A spy", strength=3))
    text = get(address(campaign))
    assert "A spy" not in text
    assert "g-strength" not in text
    show(world, character, "hunger", level="table")
    assert "g-hunger" not in get(address(campaign))
    show(world, character, "name", level="table")
    assert "Night Owl" not in get(address(campaign))


def test_a_link_to_a_campaign_says_what_it_is(world: World) -> None:
    campaign = publish(world)
    campaign.chronicle.description = "Night falls.\n<b>Who</b> rules?"
    campaign.chronicle.save()
    text = get(address(campaign))
    assert f'<meta property="og:title" content="{campaign.chronicle.name}">' in text
    assert 'content="Night falls. &lt;b&gt;Who&lt;/b&gt; rules?"' in text
    assert 'rel="canonical"' in text
    assert "noindex" not in text


def test_a_campaign_that_does_not_want_to_be_found_is_in_no_list(world: World) -> None:
    campaign = publish(world)
    assert address(campaign) in get("/c/")
    Campaign.objects.update(is_listed=False)
    assert address(campaign) not in get("/c/")
    assert '<meta name="robots" content="noindex">' in get(address(campaign))


def test_episodes_come_with_their_dates_and_published_recaps(world: World) -> None:
    campaign = publish(world)
    played(world, "2026-10-02T19:30+02:00")
    planned(world, "2036-10-02T19:30+02:00", title="Ashes", summary="The end is near.")
    text = get(address(campaign))
    assert 'datetime="2036-10-02T17:30:00+00:00"' in text
    assert "Ashes" in text
    assert address(campaign, "episodes/1/") in text
    ahead = get(address(campaign, "episodes/2/"))
    assert "It begins on" in ahead
    assert get(address(campaign, "episodes/3/"), 404)


def test_an_episode_has_a_slider_over_its_recording(world: World) -> None:
    campaign = publish(world)
    episode = live(world)
    on_stage(world)
    text = get(address(campaign, f"episodes/{episode.number}/"))
    assert 'id="stage"' in text
    whole = Client().get(address(campaign, f"episodes/{episode.number}/scene/?at=0"))
    assert whole.json()["type"] == "scene"
    assert whole["Cache-Control"] == "no-store"


@pytest.mark.parametrize("at", ["soon", "-5", "9999999", "2026-13-40", "1" * 60])
def test_a_place_that_makes_no_sense_is_refused_in_words(world: World, at: str) -> None:
    campaign = publish(world)
    number = live(world).number
    for path in (address(campaign), address(campaign, f"episodes/{number}/scene/")):
        text = get(f"{path}?at={at}", 400)
        assert "Write the place in the recording like" in text


def test_only_get_and_nothing_changes(world: World, client: Any) -> None:
    campaign = publish(world)
    for path in ("/c/", address(campaign), address(campaign, "episodes/1/")):
        assert Client().post(path).status_code == 405
