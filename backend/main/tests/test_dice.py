"""Dice on pages: rolled once a form, with and without script, by those who may; odds and luck for everyone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from haven.models import Character
from rolls.models import Macro, Roll, RollRequest
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]
HTMX = {"HX-Request": "true"}


def post(client: Client, url: str, *, script: bool = True, **form: Any) -> Any:
    return client.post(url, form, headers=HTMX if script else {})


def dice(owl: Character, what: str = "") -> str:
    return f"/characters/{owl.id}/dice/{what}"


def test_the_tray_offers_what_the_sheet_has(owl: Character, browser: Browser) -> None:
    text = browser("mira").get(dice(owl)).content.decode()
    assert '<h1 dir="auto">Dice</h1>' in text
    assert 'value="strength"' in text
    assert 'name="o-hunger"' in text
    assert 'name="o-rage"' not in text
    for check in ("rouse", "frenzy", "remorse", "mend"):
        assert f'name="check" value="{check}"' in text
    assert "<h1>" not in browser("mira").get(dice(owl), headers=HTMX).content.decode()


def test_a_roll_is_told_with_every_die_and_made_once_a_form(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    form: dict[str, Any] = {
        "pool": "strength + brawl + 4",
        "o-difficulty": "2",
        "key": "one",
        "note": "Over <the> wall",
    }
    first = post(mira, dice(owl, "roll/"), **form).content.decode()
    made = Roll.objects.get()
    assert f'id="roll-{made.id}"' in first
    assert first.count('class="die ') >= len(made.rolled["dice"])
    assert "Over &lt;the&gt; wall" in first
    assert post(mira, dice(owl, "roll/"), **form).content.decode().count(f'id="roll-{made.id}"') == 1
    assert Roll.objects.count() == 1
    post(mira, dice(owl, "roll/"), **form | {"key": "two"})
    assert Roll.objects.count() == 2


def test_a_roll_shows_its_notices_as_sentences_those_of_old_rows_too(
    owl: Character, browser: Browser
) -> None:
    mira = browser("mira")
    post(mira, dice(owl, "roll/"), pool="5", key="one")
    roll = Roll.objects.get()
    roll.outcome["notices"] = ["Old words.", {"code": "reroll_limit", "data": {"most": 50}}]
    notices = ["Old words too.", {"code": "wolf_lost", "data": {}}]
    roll.consequences = [{"changes": {"hunger": [1, 2]}, "labels": {"hunger": "Hunger"}, "notices": notices}]
    roll.save()
    text = page_of(mira.get(f"/rolls/{roll.id}/"))
    assert (
        '<p class="muted">Old words.</p><p class="muted">No more than 50 dice are rolled again.</p>' in text
    )
    assert "Hunger 1 → 2 Old words too. Rage is at 0: the wolf is lost.</p>" in text


def test_what_a_roll_changed_is_in_the_readers_language(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    post(mira, dice(owl, "roll/"), pool="5", key="one")
    roll = Roll.objects.get()
    changes = {"status": ["active", "dead"], "sire": ["", "dead"]}
    roll.consequences = [{"changes": changes, "labels": {"sire": "Sire"}, "notices": []}]
    roll.save()
    text = page_of(mira.get(f"/rolls/{roll.id}/", headers={"Accept-Language": "de"}))
    assert "aktiv → tot" in text
    assert "Erzeuger nichts → dead" in text


def test_without_script_it_comes_back_to_the_tray(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    answer = post(mira, dice(owl, "roll/"), script=False, pool="5", key="one")
    assert answer.status_code == 302
    assert answer["Location"].startswith(dice(owl))
    assert "Reroll" in mira.get(dice(owl)).content.decode() or Roll.objects.get().passed


@pytest.mark.parametrize(
    "form", [{"pool": "charm + 2"}, {"pool": "5", "o-difficulty": "many"}, {"pool": "99"}]
)
def test_what_cannot_be_rolled_is_a_sentence(form: dict[str, Any], owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    answer = post(mira, dice(owl, "roll/"), key="one", **form)
    assert answer["HX-Retarget"] == "#refusal"
    assert 'role="alert"' in answer.content.decode()
    assert post(mira, dice(owl, "roll/"), script=False, key="two", **form).status_code == 400
    assert not Roll.objects.exists()


def test_odds_stand_above_the_button(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    text = mira.get(dice(owl, "odds/"), {"pool": "6", "o-difficulty": "3"}, headers=HTMX).content.decode()
    assert re.search(r"<strong>\d+\.?\d* ?%</strong> to win", text)
    assert "<svg" in text
    assert not Roll.objects.exists()


def test_checks_change_the_sheet_and_offer_what_follows(owl: Character, browser: Browser) -> None:
    text = post(browser("mira"), dice(owl, "check/"), check="rouse", key="one").content.decode()
    hunger = Character.objects.get(pk=owl.pk).sheet["hunger"]
    assert ("Hunger 2 → 3" in text) == (hunger == 3)


def test_dice_are_rolled_again_once(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    form: dict[str, Any] = {"pool": "8", "key": "one", "o-hunger": "0"}
    post(mira, dice(owl, "roll/"), **form)
    first = Roll.objects.get()
    text = post(mira, f"/rolls/{first.id}/reroll/", die=["0", "1"], key="r").content.decode()
    assert text.partition('<div id="result"')[0].count(", rolled again") == 2
    plain = post(mira, f"/rolls/{first.id}/reroll/", script=False, die=["0", "1"], key="r")
    assert plain["Location"].startswith("/rolls/")
    again = post(mira, f"/rolls/{first.id}/reroll/", die=["2"], key="s")
    assert "already rerolled" in again.content.decode()
    assert Roll.objects.count() == 2


def test_others_neither_roll_for_a_character_nor_see_hidden_rolls(owl: Character, browser: Browser) -> None:
    post(browser("mira"), dice(owl, "roll/"), pool="3", visibility="private", key="one")
    hidden = Roll.objects.get()
    for who in ("jonas", "vesna", "sam"):
        assert browser(who).get(f"/rolls/{hidden.id}/").status_code == 404
    assert browser("jonas").get(dice(owl)).status_code == 403
    assert browser("sam").get(dice(owl)).status_code == 404
    assert browser("").get(dice(owl)).status_code == 302


def test_a_hidden_roll_is_revealed_and_a_storyteller_strikes_it(
    owl: Character, world: World, browser: Browser
) -> None:
    log = f"/chronicles/{world.chronicle.id}/rolls/"
    post(browser("mira"), dice(owl, "roll/"), pool="3", visibility="storyteller", key="one")
    made = Roll.objects.get()
    assert str(made.id) not in browser("jonas").get(log).content.decode()
    assert str(made.id) in browser("vesna").get(log).content.decode()
    post(browser("mira"), f"/rolls/{made.id}/reveal/", key="v")
    assert str(made.id) in browser("jonas").get(log).content.decode()
    page_text = post(browser("vesna"), f"/rolls/{made.id}/strike/", reason="A test", key="k").content.decode()
    assert "A test" in page_text
    assert browser("sam").get(log).status_code == 404


def test_macros_are_kept_run_and_removed(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    kept = post(mira, f"/characters/{owl.id}/macros/", pool="strength + 3", macro="Claws", key="m")
    assert "Claws" in kept.content.decode()
    row = Macro.objects.get()
    ran = post(mira, f"/macros/{row.id}/run/", key="x").content.decode()
    assert f'id="roll-{Roll.objects.get().id}"' in ran
    post(mira, f"/macros/{row.id}/remove/", key="y")
    assert not Macro.objects.exists()


def test_a_storyteller_asks_and_a_player_answers(owl: Character, world: World, browser: Browser) -> None:
    url = f"/chronicles/{world.chronicle.id}/ask/"
    asked = post(
        browser("vesna"), url, player=[str(world.mira.id)], pool="4", text="Who hears it?", key="a"
    ).content.decode()
    row = RollRequest.objects.get()
    assert f'id="request-{row.id}"' in asked
    here = browser("mira").get(f"/chronicles/{world.chronicle.id}/rolls/").content.decode()
    assert f"/requests/{row.id}/answer/" in here
    answered = post(browser("mira"), f"/requests/{row.id}/answer/", key="b").content.decode()
    assert f"/rolls/{Roll.objects.get().id}/" in answered
    assert "storyteller" in post(browser("jonas"), url, player=[str(world.mira.id)], key="c").content.decode()
    nobody = post(browser("vesna"), url, pool="4", minutes="0", key="d").content.decode()
    assert [f'data-field="{name}"' in nobody for name in ("player", "players", "minutes")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("system", ["v5", "w5", "h5", "wod20", "cod"])
def test_odds_of_every_system_without_a_character(system: str, browser: Browser) -> None:
    text = browser("").get("/odds/", {"system": system, "pool": "6"}).content.decode()
    assert "<svg" in text
    assert "to win" in text


def test_odds_of_an_expression_and_of_nonsense(browser: Browser, db: Any) -> None:
    assert "<svg" in browser("").get("/odds/", {"system": "general", "pool": "2d6+1"}).content.decode()
    assert 'role="alert"' in browser("").get("/odds/", {"pool": "<b>"}).content.decode()
    assert browser("").get("/odds/").status_code == 200


def test_luck_is_told_with_its_course(owl: Character, world: World, browser: Browser) -> None:
    mira = browser("mira")
    assert "No rolls yet" in mira.get("/luck/").content.decode()
    for number in range(3):
        post(mira, dice(owl, "roll/"), pool="5", key=str(number))
    text = mira.get("/luck/", {"character": str(owl.id), "days": "7"}).content.decode()
    assert text.count("<svg") >= 2
    assert "polyline" in text
    assert f'value="{owl.id}" selected' in text
    everyone = {"chronicle": str(world.chronicle.id), "of": "everyone"}
    assert "Night Court" in browser("vesna").get("/luck/", everyone).content.decode()


def test_checks_that_need_a_number_ask_for_it(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    text = mira.get(dice(owl)).content.decode()
    assert 'id="slake-amount"' in text
    assert 'id="stains-added"' in text
    assert "blood_use" not in text  # of the 20th
    answer = post(mira, dice(owl, "check/"), check="stains", added="2", key="one")
    assert "2 stains now" in answer.content.decode()
    refused = post(mira, dice(owl, "check/"), check="stains", added="two", key="two")
    assert 'data-field="added"' in refused.content.decode()
    assert Roll.objects.count() == 1


def test_a_refusal_names_its_fields(owl: Character, browser: Browser) -> None:
    text = post(browser("mira"), dice(owl, "roll/"), pool="no such trait", key="one").content.decode()
    assert 'id="refusal"' in text
    assert 'data-field="pool"' in text


def test_a_macro_is_changed_in_the_form_it_came_from(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    form = {"pool": "strength + 4", "o-difficulty": "3", "o-surge": "yes", "macro": "Claws", "key": "one"}
    post(mira, dice(owl, "").replace("dice/", "macros/"), **form)
    kept = Macro.objects.get()
    text = page_of(mira.get(f"{dice(owl)}?macro={kept.id}"))
    assert 'value="strength + 4"' in text
    assert 'name="o-difficulty" type="number" inputmode="numeric" min="0" max="50" step="1" value="3"' in text
    assert "Edit macro “Claws”" in text
    changed = form | {"macro_id": str(kept.id), "macro": "Long claws", "pool": "6", "key": "two"}
    answer = post(mira, dice(owl, "").replace("dice/", "macros/"), **changed)
    assert "Save as macro" in answer.content.decode(), "the form is for new ones again"
    assert answer["HX-Retarget"] == ".tray"
    kept.refresh_from_db()
    assert (Macro.objects.count(), kept.name, kept.pool) == (1, "Long claws", "6")
    gone = post(mira, f"/macros/{kept.id}/remove/", macro_id=str(kept.id), key="three")
    assert "Save as macro" in gone.content.decode(), "nor does it change what is no more"


def test_a_shared_macro_is_copied_by_the_table(owl: Character, browser: Browser, world: World) -> None:
    from haven.tests.kit import make

    post(
        browser("mira"),
        dice(owl).replace("dice/", "macros/"),
        pool="5",
        macro="Howl",
        shared="yes",
        key="one",
    )
    theirs = make(world, "Crow", who="jonas")
    jonas, kept = browser("jonas"), Macro.objects.get()
    assert "Howl" in jonas.get(dice(theirs)).content.decode()
    answer = post(jonas, f"/characters/{theirs.id}/macros/{kept.id}/copy/", key="two")
    assert answer.status_code == 200
    assert Macro.objects.get(character=theirs).name == "Howl"


def test_the_odds_page_counts_every_number_of_successes(browser: Browser) -> None:
    text = page_of(browser("mira").get("/odds/", {"system": "v5", "pool": "2"}))
    assert "<caption>Successes</caption>" in text
    assert "<td>25.0%</td><td>100.0%</td>" in text  # none at all: a quarter; none or more: certain


def test_the_log_is_narrowed_down(owl: Character, browser: Browser, world: World) -> None:
    mira = browser("mira")
    post(mira, dice(owl, "roll/"), pool="5", note="A plain one", key="one")
    post(mira, dice(owl, "roll/"), pool="5", note="A hidden one", visibility="storyteller", key="two")
    post(mira, dice(owl, "check/"), check="rouse", key="three")
    log = f"/chronicles/{world.chronicle.id}/rolls/"

    def shown(**query: str) -> list[bool]:
        text = browser("vesna").get(log, query).content.decode()
        return [label in text for label in ("A plain one", "A hidden one", "<strong>Rouse check")]

    everything = shown()
    assert everything[:2] == [True, True]
    assert shown(player=str(world.mira.id))[:2] == [True, True]
    assert shown(player=str(world.jonas.id))[:2] == [False, False]
    assert shown(state="hidden")[:2] == [False, True]
    assert shown(kind="check")[:2] == [False, False]
    assert shown(kind="roll")[:2] == [True, True]
    assert shown(system="w5")[:2] == [False, False]
    assert shown(days="7")[:2] == [True, True]
    assert shown(state="struck", days="nonsense", player="nonsense", system="x")[:2] == [False, False]


def test_luck_of_others_at_the_table(owl: Character, browser: Browser, world: World) -> None:
    post(browser("mira"), dice(owl, "roll/"), pool="5", key="one")
    query = {"chronicle": str(world.chronicle.id), "of": str(world.mira.id)}
    text = page_of(browser("vesna").get("/luck/", query))
    assert '<h1 dir="auto">Luck of Mira</h1>' in text
    assert "No rolls yet" not in text
    assert '<h1 dir="auto">Luck of Sam</h1>' in page_of(browser("sam").get("/luck/", query))


def test_checks_take_their_options(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    text = mira.get(dice(owl)).content.decode()
    assert "Checks with options" in text
    for control in ("m-rouse-times", "m-slake-blood", "m-frenzy-difficulty", "m-resonance-temperament"):
        assert f'id="{control}"' in text
    form = {"check": "slake", "amount": "2", "blood": "animal", "humans": "", "key": "one"}
    assert "Hunger 2 → 1" in post(mira, dice(owl, "check/"), **form).content.decode()
    post(mira, dice(owl, "check/"), check="rouse", times="3", reroll="yes", key="two")
    assert Roll.objects.get(kind="rouse").options == {"times": 3, "reroll": True}


def test_the_order_of_the_fifth_edition_is_a_pool(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    assert 'id="initiative-pool"' in mira.get(dice(owl)).content.decode()
    for number, pool in enumerate(("7", "strength + 4")):
        answer = post(mira, dice(owl, "check/"), check="initiative", pool=pool, key=str(number))
        assert "Successes" in answer.content.decode()
    refused = post(mira, dice(owl, "check/"), check="initiative", pool="charm", key="x").content.decode()
    assert 'data-field="pool"' in refused
    assert Roll.objects.count() == 2


def test_earlier_rolls_keep_the_filters(
    owl: Character, browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("main.views.rolls.PAGE", 2)
    mira = browser("mira")
    for number in range(3):
        post(mira, dice(owl, "roll/"), pool="5", note=f"Number {number}", key=str(number))
        post(mira, dice(owl, "check/"), check="rouse", key=f"r{number}")
    log = f"/chronicles/{world.chronicle.id}/rolls/"
    first = page_of(mira.get(log, {"kind": "roll", "player": str(world.mira.id)}))
    assert "Number 2" in first
    assert "Number 0" not in first
    link = re.search(r'class="more"><a class="button" href="([^"]+)"', first)
    assert link
    then = page_of(mira.get(log + link[1].replace("&amp;", "&"), headers=HTMX))
    assert "Number 0" in then
    assert "<strong>Rouse check" not in then


def test_odds_tell_what_is_wrong_at_its_field(browser: Browser, db: Any) -> None:
    text = browser("").get("/odds/", {"pool": "6", "o-hunger": "many"}).content.decode()
    assert 'aria-describedby="o-hunger-problem"' in text
    assert 'id="o-hunger-problem"' in text
    assert 'aria-invalid="true"' not in browser("").get("/odds/", {"pool": "6"}).content.decode()


@pytest.mark.parametrize("page", ["/odds/", "/luck/"])
def test_pages_without_a_table_listen_to_those_of_their_reader(
    page: str, world: World, browser: Browser
) -> None:
    text = browser("jonas").get(page).content.decode()
    assert re.search(r"/assets/js/\w+/[\w,-]*page", text)
    assert f"chronicle:{world.chronicle.id}" in text
    assert f"chronicle:{world.chronicle.id}" not in browser("sam").get(page).content.decode()


def test_visitors_listen_to_nothing(browser: Browser, db: Any) -> None:
    assert "listen.js" not in browser("").get("/odds/").content.decode()


def test_web_16_luck_is_grouped_by_game_and_shows_nothing_that_was_never_rolled(
    owl: Character, browser: Browser
) -> None:
    mira = browser("mira")
    for number in range(3):
        post(mira, dice(owl, "roll/"), pool="5", key=str(number))
    text = mira.get("/luck/").content.decode()
    assert 'id="v5-title">Vampire</h2>' in text
    for game in ("Werewolf", "Hunter", "20th edition", "Chronicles of Darkness", "General dice"):
        assert f">{game}</h2>" not in text
    shares = re.findall(r'class="share">([\d.]+%)', text)
    assert shares
    assert "0.0%" not in shares
    meaning = re.search(r'<p class="muted">((?:That’s ordinary luck|Lucky|Unlucky)[^.]*\.)', text)
    assert meaning


def test_web_16_charts_of_odds_are_coloured_and_named(browser: Browser) -> None:
    text = browser("").get("/odds/", {"pool": "7", "o-difficulty": "3"}).content.decode()
    for tone in ("success", "failure", "critical"):
        assert f'<li class="bar {tone}">' in text
    assert '<span class="name">Critical win</span>' in text
    assert "to win" in text
