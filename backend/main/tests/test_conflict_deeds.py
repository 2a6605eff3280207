"""What is pressed on the page of a conflict: each form once, refusals where they belong."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from conflicts.models import Conflict
from conflicts.serializers import mark_of
from haven.models import Character
from main.tests.conflict_pages import begun, by_htmx, do, page, part_of, post, state, text
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def test_a_rating_comes_from_the_sheet_or_is_asked_for(
    owl: Character, world: World, browser: Browser
) -> None:
    pk, mira = begun(world), browser("mira")
    answer = post(mira, pk, "roll", who=str(owl.id), extra_actions="2", form="enter")
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="enter-rating-problem"' in shown
    assert re.search(r'id="enter-extra"[^>]*value="2"', shown), "what was typed stays"
    assert "open data-open" in shown
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
    conflict = do(world, "vesna", pk, "effect", text="Blinded", until="turns", turns=1)
    mine, thug = part_of(conflict, "Night Owl"), part_of(conflict, "Thug")
    assert "What does Thug do?" in text(vesna, page(pk)), "the slowest declares first"
    assert "What does" not in text(mira, page(pk)), "it is not her turn"
    early = post(mira, pk, "declare", participant=mine, action="Bite", form=f"declare-{mine}-0")
    assert (early.status_code, "not Night Owl’s turn yet" in unescape(early.content.decode())) == (409, True)
    post(vesna, pk, "declare", participant=thug, action="Shoot <her>")
    seen = text(mira, page(pk))
    assert "It’s your turn." in seen
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
    found = by_htmx(vesna, pk, "move", move="next_same")
    assert "“Blinded” has ended." in found
    assert "Everyone rejoins" in found
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
    assert "has already moved on" in again
    assert 'id="conflict"' in again
    assert "It is your turn: Slow" in again
    plain = post(vesna, pk, "move", **stale, form="plain")
    assert plain.status_code == 409
    assert "has already moved on" in unescape(plain.content.decode())
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
    one = do(world, "vesna", pk, "change", participant="Thug", changes={})
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
    fire = next(key for key, effect in state(pk).effects.items() if effect.text == "Fire")
    assert f'id="lift-{fire}"' not in text(mira, page(pk))
    post(vesna, pk, "move", move="end")
    assert "It is over</h2>" in text(mira, page(pk))
    assert 'name="action"' not in text(vesna, page(pk))
    listed = f"/chronicles/{world.chronicle.id}/conflicts/"
    assert 'Still active: <bdi translate="no">Fire</bdi>' in text(mira, listed)
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
    conflict = do(world, "vesna", pk, "change", participant="Sniper", changes={})
    mine, sniper = part_of(conflict, "Night Owl"), part_of(conflict, "Sniper")
    assert "<h3>Not declared yet</h3>" in text(mira, page(pk))
    post(mira, pk, "declare", participant=mine, action="Run in", category="closing")
    post(vesna, pk, "declare", participant=sniper, action="Fire", category="ranged")
    seen = text(mira, page(pk))
    assert seen.index("<h3>Ranged</h3>") < seen.index("<h3>Close combat, starting now</h3>")
    post(vesna, pk, "move", move="act")
    assert "It is Sniper’s turn" in text(mira, page(pk))


def test_one_roll_for_all_of_it(owl: Character, world: World, browser: Browser) -> None:
    pk, mira = begun(world, "5th_once"), browser("mira")
    assert 'id="enter-pool"' in text(mira, page(pk))
    assert 'id="enter-rating"' not in text(mira, page(pk))
    post(mira, pk, "roll", who=str(owl.id), pool="strength + 2")
    assert next(iter(state(pk).rolls.values())).rating == 3


def test_no_such_verb_and_no_such_conflict(world: World, browser: Browser) -> None:
    pk = begun(world)
    assert post(browser("vesna"), pk, "conjure").status_code == 404
    nowhere = "00000000-0000-7000-8000-000000000000"
    assert browser("vesna").get(page(nowhere)).status_code == 404
    assert post(browser("vesna"), nowhere, "move", move="end").status_code == 404
    assert browser("vesna").get(f"{page(pk)}move/").status_code == 405


def test_the_end_asks_before_it_ends(world: World, browser: Browser) -> None:
    pk = begun(world)
    seen = text(browser("vesna"), page(pk))
    asks = seen[seen.index('id="asks-end"') :]
    assert asks.index("<summary") < asks.index('id="move-end"') < asks.index("</details>")
    assert "Yes, end it" in asks
