"""The pages of conflicts: who sees and does what there, each form once, refusals where they belong."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chronicle.models import Chronicle
from chronicle.services import name_narrator, remove_member, set_features
from conflicts import verbs
from conflicts.models import Conflict
from conflicts.serializers import mark_of
from conflicts.services import entering
from conflicts.services.common import Call
from haven.models import Character
from rules.conflict.kinds import KINDS
from testing.personas import OTHER_GUILD, SYSTEM, TABLE_CHANNEL, World
from timeline.services import Cause

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]
HTMX = {"HX-Request": "true"}


def call(world: World, who: str) -> Call:
    cause = Cause(actor=getattr(world, who), door="web")
    return Call(world.principal(who), cause, world.chronicle)


def begun(world: World, kind: str = "20th", title: str = "Ambush") -> str:
    return str(verbs.start(call(world, "vesna"), {"kind": kind, "title": title})["conflict"]["id"])


def do(world: World, who: str, pk: str, verb: str, **body: Any) -> dict[str, Any]:
    return verbs.do(verb, call(world, who), pk, body)["conflict"]


def part_of(one: dict[str, Any], name: str) -> str:
    return str(next(who["id"] for who in one["participants"] if who["name"] == name))


def page(pk: str) -> str:
    return f"/conflicts/{pk}/"


def text(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def post(client: Client, pk: str, verb: str, **form: Any) -> Any:
    """As a form of the page sends it; `form` is what it is called."""
    return client.post(f"{page(pk)}{verb}/", {"key": f"{verb}{form}", "stood": page(pk), **form})


def by_htmx(client: Client, pk: str, verb: str, **form: Any) -> str:
    answer = client.post(f"{page(pk)}{verb}/", {"key": f"{verb}{form}", **form}, headers=HTMX)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def state(pk: str) -> Any:
    return Conflict.objects.get(pk=pk).state()


@pytest.mark.parametrize(
    ("who", "status"), [("vesna", 200), ("mira", 200), ("sam", 404), ("", 302), ("root", 200)]
)
def test_for_the_table(who: str, status: int, world: World, browser: Browser) -> None:
    pk = begun(world)
    for path in (page(pk), f"/chronicles/{world.chronicle.id}/conflicts/"):
        assert browser(who).get(path).status_code == status
        assert browser(who).get(path, headers=HTMX).status_code == status or who == "sam"
    assert post(browser(who), pk, "roll", name="Thug", rating="4").status_code in (302, status)
    assert bool(state(pk).participants) == (who not in ("sam", ""))


def test_one_begins_and_is_listed(world: World, browser: Browser) -> None:
    url, vesna = f"/chronicles/{world.chronicle.id}/conflicts/", browser("vesna")
    assert re.search(r'value="5th" selected', text(vesna, url)), "the server's edition comes first"
    form = {
        "kind": "cod",
        "title": "Docks <1>",
        "channel": TABLE_CHANNEL,
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
    told = unescape(refused.content.decode())
    assert refused.status_code == 409
    assert "“Docks <1>” runs in this channel" in told
    assert 'value="Another"' in told
    assert f'name="replace" value="{row.pk}"' in told
    form = {
        "kind": "20th",
        "title": "Another",
        "channel": TABLE_CHANNEL,
        "replace": str(row.pk),
        "key": "three",
    }
    assert vesna.post(url, form).status_code == 302
    assert list(Conflict.objects.order_by("pk").values_list("is_open", flat=True)) == [None, True]
    assert browser("mira").post(url, {"kind": "cod", "key": "four"}).status_code == 403


@pytest.mark.parametrize("form", [{"kind": "chess"}, {"title": "x" * 101}, {"channel": "1"}])
def test_a_refused_beginning_keeps_what_was_typed(
    form: dict[str, str], world: World, browser: Browser
) -> None:
    url = f"/chronicles/{world.chronicle.id}/conflicts/"
    answer = browser("vesna").post(
        url, {"kind": "cod", "title": "Ambush", "key": "k", "stood": url, "form": "start", **form}
    )
    assert answer.status_code == 400
    told = answer.content.decode()
    assert f'id="{next(iter(form))}-problem"' in told
    assert f'value="{form.get("title", "Ambush")}"' in told
    assert not Conflict.objects.exists()


def test_who_is_hidden_is_nowhere_in_a_players_page(owl: Character, world: World, browser: Browser) -> None:
    pk = begun(world, "cod")
    verbs.do("roll", call(world, "vesna"), pk, {"name": "The Sleeper", "rating": 90, "hidden": True})
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
    assert "It is the storyteller’s turn." in text(browser("mira"), page(pk))
    assert "hidden</span>" in text(browser("vesna"), page(pk))
    name_narrator(
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


def test_a_rating_comes_from_the_sheet_or_is_asked_for(
    owl: Character, world: World, browser: Browser
) -> None:
    pk, mira = begun(world), browser("mira")
    answer = post(mira, pk, "roll", who=str(owl.id), extra_actions="2", form="enter")
    told = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="enter-rating-problem"' in told
    assert re.search(r'id="enter-extra"[^>]*value="2"', told), "what was typed stays"
    assert "open data-open" in told
    refused = by_htmx(mira, pk, "roll", who=str(owl.id), form="enter")
    assert 'data-field="rating"' in refused
    assert 'id="conflict"' not in refused
    for form in ({"rating": "many"}, {"extra_actions": "9", "rating": "1"}, {"who": "", "rating": "1"}):
        assert post(mira, pk, "roll", **{"who": str(owl.id)} | form).status_code == 400
    assert not state(pk).participants


def test_in_turn_everybody_declares_and_acts(owl: Character, world: World, browser: Browser) -> None:
    pk, mira, vesna = begun(world), browser("mira"), browser("vesna")
    post(mira, pk, "roll", who=str(owl.id), rating="40")
    post(vesna, pk, "roll", name="Thug", rating="1")
    assert "What does" not in text(vesna, page(pk))
    for move in ("reveal", "declare"):
        post(vesna, pk, "move", move=move)
    one = do(world, "vesna", pk, "effect", text="Blinded", until="turns", turns=1)
    mine, thug = part_of(one, "Night Owl"), part_of(one, "Thug")
    assert "What does Thug do?" in text(vesna, page(pk)), "the slowest declares first"
    assert "What does" not in text(mira, page(pk)), "it is not her turn"
    early = post(mira, pk, "declare", participant=mine, action="Bite", form=f"declare-{mine}-0")
    assert (early.status_code, "not Night Owl’s turn yet" in unescape(early.content.decode())) == (409, True)
    post(vesna, pk, "declare", participant=thug, action="Shoot <her>")
    seen = text(mira, page(pk))
    assert "It is your turn." in seen
    assert "Shoot <her>" in seen
    empty = post(mira, pk, "declare", participant=mine, action="  ", form=f"declare-{mine}-0")
    assert f'id="action-{mine}-0-problem"' in empty.content.decode()
    post(mira, pk, "declare", participant=mine, action="Bite")
    seen = text(mira, page(pk))
    assert 'aria-current="step"' in seen
    assert re.search(r'aria-current="step">.*?Night Owl', seen, re.S)
    assert "Then Thug." in seen
    assert 'id="move-next_new"' not in seen
    post(mira, pk, "move", move="done", participant=mine, mark=mark_of(state(pk)))
    assert "It is Thug’s turn" in text(mira, page(pk))
    assert 'value="done"' not in text(mira, page(pk))
    assert post(mira, pk, "move", move="done", participant=thug).status_code == 403
    told = by_htmx(vesna, pk, "move", move="next_same")
    assert "“Blinded” has ended." in told
    assert "Everybody joins again" in told
    by_htmx(vesna, pk, "join", everybody="yes")
    assert all(who.joined for who in state(pk).participants.values())


def test_a_stale_press_gets_the_fresh_state(world: World, browser: Browser) -> None:
    pk, vesna = begun(world, "cod"), browser("vesna")
    for name, rating in (("Quick", "50"), ("Slow", "1")):
        post(vesna, pk, "roll", name=name, rating=rating)
    post(vesna, pk, "move", move="reveal")
    stale = {"move": "done", "mark": mark_of(state(pk)), "participant": ""}
    assert "It is your turn: Slow" in by_htmx(vesna, pk, "move", **stale)
    again = by_htmx(vesna, pk, "move", **stale, form="other")
    assert "has moved on since" in again
    assert 'id="conflict"' in again
    assert "It is your turn: Slow" in again
    plain = post(vesna, pk, "move", **stale, form="plain")
    assert plain.status_code == 409
    assert "has moved on since" in unescape(plain.content.decode())
    assert 'id="c-now"' in plain.content.decode()
    assert len(state(pk).actions) == 1


def test_each_press_is_done_once(world: World, browser: Browser) -> None:
    pk, vesna = begun(world, "cod"), browser("vesna")
    form = {"name": "Twin", "rating": "3", "key": "same"}
    for _ in range(2):
        assert vesna.post(f"{page(pk)}roll/", form).status_code == 302
    assert Conflict.objects.get().version == 2


def test_changing_leaving_hiding(owl: Character, world: World, browser: Browser) -> None:
    pk, mira, vesna = begun(world), browser("mira"), browser("vesna")
    post(mira, pk, "roll", who=str(owl.id), rating="4")
    post(vesna, pk, "roll", name="Thug", rating="1")
    one = verbs.do("change", call(world, "vesna"), pk, {"participant": "Thug", "changes": {}})["conflict"]
    mine, thug = part_of(one, "Night Owl"), part_of(one, "Thug")
    post(mira, pk, "change", participant=mine, name="Owl", extra_actions="2")
    who = state(pk).participants[mine]
    assert (who.name, who.extra_actions, who.hidden) == ("Owl", 2, False)
    assert f'id="name-{thug}-0"' not in text(mira, page(pk))
    assert f'id="hide-{mine}-0"' not in text(mira, page(pk))
    bad = post(mira, pk, "change", participant=mine, name="Owl", extra_actions="7", form=f"change-{mine}-0")
    assert f'id="extra-{mine}-0-problem"' in bad.content.decode()
    assert post(mira, pk, "change", participant=thug, name="Sheep").status_code == 403
    post(vesna, pk, "change", participant=thug, hidden="yes")
    assert "Thug" not in text(mira, page(pk))
    assert state(pk).participants[mine].extra_actions == 2
    post(mira, pk, "leave", participant=mine)
    assert list(state(pk).participants) == [thug]


def test_effects_last_and_end(owl: Character, world: World, browser: Browser) -> None:
    pk, mira, vesna = begun(world, "5th"), browser("mira"), browser("vesna")
    post(mira, pk, "join", who=str(owl.id))
    mine = next(iter(state(pk).participants))
    post(mira, pk, "effect", text="Blessed", until="turns", turns="2", participant=mine)
    post(vesna, pk, "effect", text="Fire", until="night", participant="")
    assert "2 more turns" in text(browser("jonas"), page(pk))
    refused = post(mira, pk, "effect", text="Mine", until="turns", turns="x", participant=mine, form="effect")
    assert 'id="effect-turns-problem"' in refused.content.decode()
    assert 'value="Mine"' in refused.content.decode()
    fire = next(key for key, one in state(pk).effects.items() if one.text == "Fire")
    assert f'id="lift-{fire}"' not in text(mira, page(pk))
    post(vesna, pk, "move", move="end")
    assert "It is over</h2>" in text(mira, page(pk))
    assert 'name="action"' not in text(vesna, page(pk))
    listed = f"/chronicles/{world.chronicle.id}/conflicts/"
    assert "Still lasts: Fire" in text(mira, listed)
    assert mira.post(f"{listed}time/", {"passed": "night", "key": "m"}).status_code == 403
    assert vesna.post(f"{listed}time/", {"passed": "night", "key": "n"})["Location"] == listed
    assert not state(pk).effects
    post(vesna, pk, "move", move="rewind")
    assert state(pk).effects, "a step back"
    assert "“Fire” has ended." in by_htmx(vesna, pk, "time", passed="night")


def test_the_fifth_edition_by_what_people_do(owl: Character, world: World, browser: Browser) -> None:
    pk, mira, vesna = begun(world, "5th"), browser("mira"), browser("vesna")
    post(mira, pk, "join", who=str(owl.id))
    post(vesna, pk, "join", name="Sniper")
    post(vesna, pk, "move", move="reveal")
    one = do(world, "vesna", pk, "change", participant="Sniper", changes={})
    mine, sniper = part_of(one, "Night Owl"), part_of(one, "Sniper")
    assert "<h3>Not said yet</h3>" in text(mira, page(pk))
    post(mira, pk, "declare", participant=mine, action="Run in", category="closing")
    post(vesna, pk, "declare", participant=sniper, action="Fire", category="ranged")
    seen = text(mira, page(pk))
    assert seen.index("<h3>Ranged</h3>") < seen.index("<h3>Close combat, begun now</h3>")
    post(vesna, pk, "move", move="act")
    assert "It is Sniper’s turn" in text(mira, page(pk))


def test_one_roll_for_all_of_it(owl: Character, world: World, browser: Browser) -> None:
    pk, mira = begun(world, "5th_once"), browser("mira")
    assert 'id="enter-pool"' in text(mira, page(pk))
    assert 'id="enter-rating"' not in text(mira, page(pk))
    post(mira, pk, "roll", who=str(owl.id), pool="strength + 2")
    assert next(iter(state(pk).rolls.values())).rating == 3


@pytest.mark.parametrize("closed", ["off", "archived"])
def test_where_nothing_can_be_done_it_is_said(
    closed: str, owl: Character, world: World, browser: Browser
) -> None:
    pk, olga = begun(world), world.principal("olga")
    post(browser("mira"), pk, "roll", who=str(owl.id), rating="3")
    if closed == "off":
        set_features(world.server, {"conflicts": False}, principal=olga, cause=SYSTEM)
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


def test_no_such_verb_and_no_such_conflict(world: World, browser: Browser) -> None:
    pk = begun(world)
    assert post(browser("vesna"), pk, "conjure").status_code == 404
    nowhere = "00000000-0000-7000-8000-000000000000"
    assert browser("vesna").get(page(nowhere)).status_code == 404
    assert post(browser("vesna"), nowhere, "move", move="end").status_code == 404
    assert browser("vesna").get(f"{page(pk)}move/").status_code == 405


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
        body = {"name": name, "rating": 3, "extra_actions": extra}
        entering.roll(call(world, "vesna"), pk, name, body, source=lambda sides: next(fell))
    post(vesna, pk, "move", move="reveal")
    seen = text(browser("mira"), page(pk))
    assert "At the same moment: Twin Two." in seen
    order = seen[seen.index('id="c-order"') :]
    labels = re.findall(r"<h3>(.*?)</h3>", order)
    assert labels == ["At the same moment", "Extra actions"]
    assert order.index("Twin Two") < order.index('<span class="name">Slow') < order.index("Extra actions")
    one = do(world, "vesna", pk, "move", move="done")
    assert "Then Slow." in text(browser("mira"), page(pk))
    for _ in range(2):
        one = do(world, "vesna", pk, "move", move="done")
    assert one["current"]["extra"]
    assert "an extra action." in text(browser("mira"), page(pk))


def test_the_end_asks_before_it_ends(world: World, browser: Browser) -> None:
    pk = begun(world)
    seen = text(browser("vesna"), page(pk))
    asks = seen[seen.index('id="asks-end"') :]
    assert asks.index("<summary") < asks.index('id="move-end"') < asks.index("</details>")
    assert "Yes, end it" in asks
