"""The pages of conflicts: what each persona reads there, and how one begins."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chronicle.models import Chronicle
from chronicle.services import remove_member, set_chronicle_role
from conflicts.models import Conflict
from conflicts.services import entering
from contract.conflicts import RollInitiative
from haven.models import Character
from main.tests.conflict_pages import HTMX, begun, by_htmx, call, do, page, part_of, post, state, text
from rules.conflict.kinds import KINDS
from testing.community import set_server
from testing.pages import page_of
from testing.personas import OTHER_GUILD, SYSTEM, TABLE_CHANNEL, World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


@pytest.mark.parametrize(
    ("who", "status"), [("vesna", 200), ("mira", 200), ("sam", 404), ("", 302), ("root", 200)]
)
def test_for_the_table(who: str, status: int, world: World, browser: Browser) -> None:
    pk = begun(world)
    for path in (page(pk), f"/chronicles/{world.chronicle.id}/conflicts/"):
        assert browser(who).get(path).status_code == status
        part = browser(who).get(path, headers=HTMX).status_code
        assert part == (status if who else 401) or who == "sam"
    assert post(browser(who), pk, "roll", name="Thug", rating="4").status_code in (302, status)
    assert bool(state(pk).participants) == (who not in ("sam", ""))


def test_each_reading_of_a_page_has_keys_of_its_own(world: World, browser: Browser) -> None:
    """A key that stands on two pages makes the second press the answer of the first."""
    pk, vesna = begun(world), browser("vesna")
    for name in ("Thug", "Second"):
        post(vesna, pk, "roll", name=name, rating="4")
    first, second = (
        set(re.findall(r'name="key" value="([^"]+)"', vesna.get(page(pk)).content.decode())) for _ in range(2)
    )
    assert len(first) > 5
    assert not first & second


def test_one_begins_and_is_listed(world: World, browser: Browser) -> None:
    url, vesna = f"/chronicles/{world.chronicle.id}/conflicts/", browser("vesna")
    assert re.search(r'value="5th" selected', text(vesna, url)), "the server's edition comes first"
    form = {
        "kind": "cod",
        "title": "Docks <1>",
        "channel_id": TABLE_CHANNEL,
        "key": "one",
        "stood": url,
        "form": "start",
    }
    began = vesna.post(url, form)
    row = Conflict.objects.get()
    assert (row.kind, row.title, row.channel_id) == ("cod", "Docks <1>", TABLE_CHANNEL)
    assert (
        began["Location"] == page(str(row.pk)) == vesna.post(url, form)["Location"]
    ), "sent twice, done once"
    assert "Docks &lt;1&gt;" in browser("mira").get(url).content.decode()
    assert "#table" in text(browser("mira"), url)
    assert "Begin one" not in text(browser("mira"), url)
    refused = vesna.post(url, form | {"kind": "20th", "title": "Another", "key": "two"})
    shown = unescape(page_of(refused))
    assert refused.status_code == 409
    assert "“Docks <1>” is running in this channel" in shown
    assert 'value="Another"' in shown
    assert f'name="replace" value="{row.pk}"' in shown
    form = {
        "kind": "20th",
        "title": "Another",
        "channel_id": TABLE_CHANNEL,
        "replace": str(row.pk),
        "key": "three",
    }
    assert vesna.post(url, form).status_code == 302
    assert list(Conflict.objects.order_by("pk").values_list("is_open", flat=True)) == [None, True]
    assert browser("mira").post(url, {"kind": "cod", "key": "four"}).status_code == 403


@pytest.mark.parametrize("form", [{"kind": "chess"}, {"title": "x" * 101}, {"channel_id": "1"}])
def test_a_refused_beginning_keeps_what_was_typed(
    form: dict[str, str], world: World, browser: Browser
) -> None:
    url = f"/chronicles/{world.chronicle.id}/conflicts/"
    answer = browser("vesna").post(
        url, {"kind": "cod", "title": "Ambush", "key": "k", "stood": url, "form": "start", **form}
    )
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert f'id="{next(iter(form))}-problem"' in shown
    assert f'value="{form.get("title", "Ambush")}"' in shown
    assert not Conflict.objects.exists()


def test_who_is_hidden_is_nowhere_in_a_players_page(owl: Character, world: World, browser: Browser) -> None:
    pk = begun(world, "cod")
    do(world, "vesna", pk, "roll", name="The Sleeper", rating=90, hidden=True)
    one = do(world, "vesna", pk, "roll", name="Thug", rating=1)
    sleeper = part_of(one, "The Sleeper")
    do(world, "vesna", pk, "effect", text="Poisoned", until="scene", participant=sleeper)
    do(world, "vesna", pk, "move", move="reveal")
    listed = f"/chronicles/{world.chronicle.id}/conflicts/"
    for path in (page(pk), listed):
        for found in (text(browser("mira"), path), browser("mira").get(path, headers=HTMX).content.decode()):
            assert "Sleeper" not in found
            assert sleeper not in found
            assert "Poisoned" not in found
        assert "Sleeper" in text(browser("vesna"), path)
    assert "storyteller’s turn" not in text(browser("mira"), page(pk))
    assert "hidden</span>" in text(browser("vesna"), page(pk))
    set_chronicle_role(
        world.chronicle, world.jonas.pk, "OBSERVER", principal=world.principal("olga"), cause=SYSTEM
    )
    seen = text(browser("jonas"), page(pk))
    assert "Sleeper" in seen
    assert 'name="move"' not in seen, "who looks on has nothing to press"
    assert post(browser("jonas"), pk, "move", move="end").status_code == 403


def test_rolls_are_their_own_until_they_are_revealed(owl: Character, world: World, browser: Browser) -> None:
    pk = begun(world)
    mira = browser("mira")
    assert str(owl.id) in text(mira, page(pk)), "one's own are there to be chosen"
    assert post(mira, pk, "roll", who=str(owl.id), rating="5", modifier="−1").status_code == 302
    value = next(iter(state(pk).rolls.values())).text(KINDS["20th"])
    assert f"Rolled {value}" in text(mira, page(pk))
    assert value in text(browser("vesna"), page(pk))
    assert value not in text(browser("jonas"), page(pk))
    assert "Has rolled" in text(browser("jonas"), page(pk))
    post(browser("vesna"), pk, "move", move="reveal")
    assert value in text(browser("jonas"), page(pk))


@pytest.mark.parametrize("closed", ["off", "archived"])
def test_where_nothing_can_be_done_it_is_said(
    closed: str, owl: Character, world: World, browser: Browser
) -> None:
    pk, olga = begun(world), world.principal("olga")
    post(browser("mira"), pk, "roll", who=str(owl.id), rating="3")
    if closed == "off":
        set_server(world.server, features={"conflicts": False}, principal=olga, cause=SYSTEM)
    else:
        Chronicle.objects.filter(pk=world.chronicle.pk).update(archived_at=timezone.now())
    sentence = "“Conflicts” is switched off" if closed == "off" else "is archived"
    for path in (page(pk), f"/chronicles/{world.chronicle.id}/conflicts/"):
        for who in ("vesna", "mira"):
            seen = text(browser(who), path)
            assert sentence in seen
            assert not re.search(r"<form[^>]*(/conflicts/)", seen), "nothing to press"
    assert post(browser("vesna"), pk, "move", move="reveal").status_code == 403
    assert sentence in by_htmx(browser("mira"), pk, "roll", who=str(owl.id), rating="4")


def test_thirty_cost_no_more_than_two(world: World, browser: Browser) -> None:
    pk, vesna = begun(world, "cod"), browser("vesna")

    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert vesna.get(path).status_code == 200
        return len(caught)

    listed = f"/chronicles/{world.chronicle.id}/conflicts/"
    for number in range(2):
        do(world, "vesna", pk, "roll", name=f"Thug {number}", rating=number)
    few = queries(page(pk)), queries(listed)
    for number in range(2, 30):
        do(world, "vesna", pk, "roll", name=f"Thug {number}", rating=number)
    for number in range(5):
        begun(world, title=f"Brawl {number}")
    assert (queries(page(pk)), queries(listed)) == few


def test_neighbours_lead_there(owl: Character, world: World, browser: Browser) -> None:
    there = f'href="/chronicles/{world.chronicle.id}/conflicts/"'
    for path in ("", "rolls/", "desk/"):
        assert there in text(browser("vesna"), f"/chronicles/{world.chronicle.id}/{path}")
    assert there in text(browser("mira"), f"/servers/{world.server.id}/")


def test_the_page_hears_of_its_chronicle(world: World, browser: Browser) -> None:
    pk = begun(world)
    for path in (page(pk), f"/chronicles/{world.chronicle.id}/conflicts/"):
        assert f'"chronicle:{world.chronicle.id}": ' in text(browser("mira"), path)
    assert OTHER_GUILD not in text(browser("mira"), page(pk))


def test_each_drawing_gives_its_forms_keys_of_their_own(world: World, browser: Browser) -> None:
    """A move that was made before is no repetition."""
    pk, vesna = begun(world), browser("vesna")
    post(vesna, pk, "roll", name="Thug", rating="4")
    first, second = (
        re.findall(r'name="key" value="([^"]+)"', vesna.get(page(pk)).content.decode()) for _ in range(2)
    )
    assert len(first) == len(second) > 2
    assert not set(first) & set(second)


def test_who_left_the_server_is_marked(owl: Character, world: World, browser: Browser) -> None:
    pk = begun(world)
    post(browser("mira"), pk, "roll", who=str(owl.id), rating="3")
    assert "left the server" not in text(browser("jonas"), page(pk))
    remove_member(world.server, world.mira.pk, cause=SYSTEM)
    assert "left the server" in text(browser("jonas"), page(pk))


def test_equals_stand_together_and_extra_actions_apart(world: World, browser: Browser) -> None:
    pk, vesna = begun(world, "cod"), browser("vesna")
    fell = iter((7, 7, 2))
    for name, extra in (("Twin One", 0), ("Twin Two", 1), ("Slow", 0)):
        given = RollInitiative(conflict=pk, name=name, rating=3, extra_actions=extra)
        entering.roll(call(world, "vesna"), given, source=lambda sides: next(fell))
    post(vesna, pk, "move", move="reveal")
    seen = text(browser("mira"), page(pk))
    assert "At the same time: Twin Two." in seen
    order = seen[seen.index('id="c-order"') :]
    labels = re.findall(r"<h3>(.*?)</h3>", order)
    assert labels == ["At the same time", "Extra actions"]
    assert (
        order.index("Twin Two")
        < order.index('<span class="name" dir="auto" translate="no">Slow')
        < order.index("Extra actions")
    )
    conflict = do(world, "vesna", pk, "move", move="done")
    assert "Then Slow." in text(browser("mira"), page(pk))
    for _ in range(2):
        conflict = do(world, "vesna", pk, "move", move="done")
    assert conflict["current"]["extra"]
    assert "an extra action." in text(browser("mira"), page(pk))
