"""Commands about dice as a person types them, and the buttons under their answers."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from contract.characters import EntryName, EntryNames
from contract.refusals import Refusal
from contract.rolls import FollowUp, RollRights
from rodbot.client import RodBot
from sandbox.defaults import JONAS, MIRA
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import KEY, FakeBackend
from tests.rodbot.fake_rolls import outcome
from tests.rodbot.table import bot_at, until


def sent(fake: FakeBackend) -> dict[str, Any]:
    """What the last call said beside who acts."""
    common = ("actor", "guild", "channel_id", "threads", "interaction")
    return {key: value for key, value in fake.requests[-1].body.items() if key not in common}


def buttons(reply: Any) -> list[str]:
    rows = reply.message["components"]
    return [part.get("label") or part.get("placeholder") for row in rows for part in row["components"]]


async def playing(bot: RodBot, edition: str) -> None:
    for guild in bot.guilds:
        bot.set_editions(guild.id, [edition])
    await until(lambda: bot.registration.idle)


async def test_a_roll_is_one_call_and_seen_by_all(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("v roll", pool="7", hunger=2, difficulty=3, notes="Over the wall")
    assert fake.calls() == [("POST", "/bot/rolls")]
    assert sent(fake) == {
        "system": "v5",
        "pool": 7,
        "options": {"difficulty": 3, "hunger": 2},
        "note": "Over the wall",
    }
    assert not reply.ephemeral
    assert "✦10 ◆8" in reply.text
    assert "% success" not in reply.text
    assert "63 % success" in (await mira.click(reply, "Details")).content
    assert buttons(reply) == ["Reroll failures: 71 % (+8)", "Pick dice", "Details"]


async def test_who_listens_gets_words(mira: Person, fake: FakeBackend) -> None:
    fake.text_mode = True
    reply = await mira.slash("v roll", pool="7")
    assert not reply.embeds
    assert "Dice: 10 critical, 8 success" in reply.content


@pytest.mark.parametrize(
    ("given", "surge"),
    [
        ({"blood_surge": True}, True),
        ({"blood_potency": 3}, 3),
        ({"blood_surge": True, "blood_potency": 3}, 3),
        ({"blood_surge": False}, None),
        ({"blood_surge": False, "blood_potency": 3}, None),
        ({}, None),
    ],
)
async def test_no_surge_means_none(
    mira: Person, fake: FakeBackend, given: dict[str, Any], surge: object
) -> None:
    await mira.slash("v roll", pool="strength + brawl", **given)
    assert sent(fake)["options"].get("surge") == surge
    assert sent(fake)["pool"] == "strength + brawl"


async def test_hidden_rolls_are_for_the_roller_alone_until_revealed(mira: Person, fake: FakeBackend) -> None:
    fake.play.rights = RollRights(reveal=True)
    hidden = await mira.slash("v roll", pool="7", visibility="private")
    assert hidden.ephemeral
    shown = await mira.click(hidden, "Reveal")
    assert not shown.ephemeral
    assert "Reveal" not in buttons(shown)


async def test_what_is_refused_is_told_to_one_person(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("v roll", pool="7", character="Nobody")
    assert reply.ephemeral
    assert reply.content == "There’s no such character."


async def test_a_slow_refusal_leaves_nothing_in_the_channel(mira: Person, fake: FakeBackend) -> None:
    fake.refuse["/bot/rolls"] = (
        422,
        Refusal(code="hunger_full", detail="At Hunger 5 nothing can be roused."),
    )
    fake.hold = 1.4
    before = len(await mira.messages("table"))
    typed = asyncio.create_task(mira.slash("v roll", pool="7"))
    found = await mira.wait_for_message(lambda m: "nothing can be roused" in m["content"])
    typed.cancel()
    assert found["ephemeral"]
    assert len([m for m in await mira.messages("table") if not m["ephemeral"]]) == before


async def test_a_name_is_somebody_without_a_sheet(mira: Person, fake: FakeBackend) -> None:
    await mira.slash("v roll", pool="5", name="A guard")
    assert sent(fake)["character"] is False
    assert sent(fake)["name"] == "A guard"


# Every check of the 5th edition: command, options, what the bot API is asked for.
CHECKS = [
    ("v rouse", {"times": 2, "reroll": True}, "rouse", {"times": 2, "reroll": True}),
    (
        "v resonance",
        {"min_temperament": "Intense", "drunk": True},
        "resonance",
        {"minimum": "Intense", "drunk": True},
    ),
    ("v compulsion", {"clan": "Brujah"}, "compulsion", {"clan": "Brujah"}),
    ("v heal", {"what": "Health"}, "mend", {}),
    ("v heal", {"what": "Willpower"}, "recover_willpower", {}),
    ("v blush", {}, "blush", {}),
    ("v slake", {"amount": 3, "blood": "animal"}, "slake", {"amount": 3, "blood": "animal"}),
    ("v stains", {"added": -1}, "stains", {"added": -1}),
    ("w rage", {"checks": 2}, "rage", {"checks": 2}),
    ("w harano", {}, "harano", {}),
    ("w hauglosk", {"modifier": 1}, "hauglosk", {"modifier": 1}),
    ("w shift", {"form": "Glabro"}, "shift", {"form": "Glabro"}),
    ("h redemption", {}, "redemption", {}),
    (
        "wake",
        {"heal_aggravated": True, "blush_of_life": False},
        "wake",
        {"mend_aggravated": True, "blush": False},
    ),
    ("frenzy", {"difficulty": 3, "modifier": -2}, "frenzy", {"difficulty": 3, "modifier": -2}),
    ("remorse", {}, "remorse", {}),
]


async def test_every_check_asks_for_what_it_says(mira: Person, fake: FakeBackend) -> None:
    for command, given, check, options in CHECKS:
        fake.requests.clear()
        reply = await mira.slash(command, **given)
        assert not reply.ephemeral, command
        assert sent(fake) == {"check": check, "options": options}, command
        assert len(fake.calls()) == 1


# Every other roll: edition, command, options, what the bot API is asked for.
ROLLS = [
    ("w roll", {"pool": "5", "rage": 0, "rage_checks": 2}, "w5", {"rage": 0, "rage_checks": 2}),
    ("w rite", {"pool": "5", "trained_participants": 2}, "w5", {"trained": 2}),
    ("h roll", {"pool": "5", "desperation": 0}, "h5", {"desperation": 0}),
    ("v general", {"dice": "3d6+2", "modifier": 1}, "general", {"modifier": 1}),
    ("w general", {"dice": "3d6+2"}, "general", {}),
    ("h general", {"dice": "3d6+2"}, "general", {}),
    ("roll", {"pool": "3d6 + 2"}, "general", {}),
    ("roll", {"pool": "strength + brawl", "system": "w5", "rage": 2}, "w5", {"rage": 2}),
    ("roll", {"pool": "strength + d"}, None, {}),
    ("sheet roll", {"trait": "strength", "trait2": "brawl.grapples", "hunger": False}, None, {"hunger": 0}),
    (
        "sheet roll",
        {"trait": "resolve", "discipline": "Dominate", "blood_surge": True},
        None,
        {"discipline": "Dominate", "surge": True},
    ),
]
OLD_ROLLS = [
    (
        "dice roll",
        {"pool": "5", "difficulty": 7, "willpower": True},
        "wod20",
        {"difficulty": 7, "willpower": True},
    ),
    ("dice general", {"dice": "1d100"}, "general", {}),
]
COD_ROLLS = [
    ("dice roll", {"pool": "5", "again": 9, "rote": True}, "cod", {"again": 9, "rote": True}),
    ("dice general", {"dice": "1d100"}, "general", {}),
]


async def test_every_roll_of_the_5th_asks_for_what_it_says(mira: Person, fake: FakeBackend) -> None:
    await _rolls_ask(mira, fake, ROLLS)


async def test_every_roll_of_the_20th_asks_for_what_it_says(
    mira: Person, bot: RodBot, fake: FakeBackend
) -> None:
    await playing(bot, "20th")
    await _rolls_ask(mira, fake, OLD_ROLLS)
    await mira.slash("dice initiative", dexterity_wits=6, modifier=1)
    assert sent(fake) == {"check": "initiative", "options": {"rating": 6, "modifier": 1}}
    await mira.slash("dice degeneration")
    assert sent(fake)["check"] == "degeneration"
    spent = await mira.slash("blood use", amount=2, action="heal_lethal")
    assert spent.ephemeral
    wanted = {"amount": 2, "action": "heal_lethal"}
    assert sent(fake) == {"check": "blood_use", "options": wanted}
    await mira.slash("blood gain", amount=3)
    assert sent(fake)["check"] == "blood_gain"
    fake.add("Night Owl", MIRA)
    assert (await mira.slash("blood check", character="Night Owl")).embeds[0]["title"] == "Night Owl"
    assert {"v", "w", "h", "wake"}.isdisjoint(c["name"] for c in await mira.commands())


async def test_every_roll_of_chronicles_asks_for_what_it_says(
    mira: Person, bot: RodBot, fake: FakeBackend
) -> None:
    await playing(bot, "cod")
    await _rolls_ask(mira, fake, COD_ROLLS)


async def _rolls_ask(mira: Person, fake: FakeBackend, rolls: list[Any]) -> None:
    for command, given, system, options in rolls:
        fake.requests.clear()
        await mira.slash(command, **given)
        assert sent(fake).get("system") == system, command
        assert sent(fake)["options"] == options, command
        assert fake.calls() == [("POST", "/bot/rolls")]


async def test_sheet_rolls_add_traits_up(mira: Person, fake: FakeBackend) -> None:
    await mira.slash("sheet roll", trait="strength", trait2="brawl.grapples")
    assert sent(fake)["pool"] == "strength + brawl.grapples"


# Completion


async def test_pools_complete_their_last_word_from_the_sheet(mira: Person, fake: FakeBackend) -> None:
    offered = await mira.complete("roll", "pool", "strength + br", character="Night Owl")
    assert offered == [{"name": "strength + Brawl (2)", "value": "strength + brawl"}]
    assert fake.requests[-1].query["character"] == "Night Owl"
    await mira.complete("roll", "pool", "strength + br", character="Night Owl")
    assert len(fake.calls()) == 1


async def test_disciplines_complete_from_the_sheet(mira: Person, fake: FakeBackend) -> None:
    ratings = {"Dominate": 2, "Auspex": 0}
    entries = [EntryName(name=name, label=f"{name} ({rating})") for name, rating in ratings.items()]
    fake.refuse["/bot/characters/entries"] = (200, EntryNames(results=entries))
    offered = await mira.complete("v roll", "discipline", "dom", pool="5")
    assert offered == [{"name": "Dominate (2)", "value": "Dominate"}]


async def test_every_completion_of_every_edition_answers(
    mira: Person, bot: RodBot, fake: FakeBackend
) -> None:
    """A walk over all options that complete; what the backend says to it is a list, or nothing."""
    walked = 0
    for edition in bot.sets.editions:
        await playing(bot, edition)
        for path, option in completing(await mira.commands()):
            offered = await mira.complete(path, option, "s")
            assert isinstance(offered, list)
            assert len(offered) <= 25
            walked += 1
    assert walked > 50


def completing(commands: list[Any]) -> Iterator[tuple[str, str]]:
    """Command and option of everything that completes."""
    for command in commands:
        for path, options in leaves(command["name"], command.get("options") or []):
            yield from ((path, option["name"]) for option in options if option.get("autocomplete"))


def leaves(path: str, options: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    inner = [option for option in options if option["type"] in (1, 2)]
    if not inner:
        yield path, options
    for option in inner:
        yield from leaves(f"{path} {option['name']}", option.get("options") or [])


async def test_completions_of_a_broken_backend_are_none(mira: Person, fake: FakeBackend) -> None:
    fake.refuse["/bot/pool"] = (500, "<html>")
    assert await mira.complete("v roll", "pool", "zzz") == []


# Buttons


async def test_a_strategy_rolls_again_once_in_the_same_message(mira: Person, fake: FakeBackend) -> None:
    first = await mira.slash("v roll", pool="7")
    again = await mira.click(first, "Reroll failures: 71 % (+8)")
    assert again.message["id"] == first.message["id"]
    assert "◇3 → ◆9, ◇2 → ◆9" in again.text
    assert buttons(again) == ["Details"]
    assert fake.calls() == [("POST", "/bot/rolls"), ("POST", "/bot/rolls/reroll")]


async def test_a_late_second_press_explains_itself(mira: Person, fake: FakeBackend) -> None:
    first = await mira.slash("v roll", pool="7")
    fake.play.replaced |= set(fake.play.rolls)
    late = await mira.click(first, "Reroll failures: 71 % (+8)")
    assert late.ephemeral
    assert late.content == "These dice were rolled again already."


async def test_only_the_roller_decides(mira: Person, jonas: Person, fake: FakeBackend) -> None:
    first = await mira.slash("v roll", pool="7")
    for label in ("Reroll failures: 71 % (+8)", "Pick dice"):
        refused = await jonas.click(first.message, label)
        assert refused.ephemeral
        assert "someone else" in refused.content
    assert fake.calls() == [("POST", "/bot/rolls")]


async def test_play_42_dice_are_picked_from_a_private_menu_and_the_card_stays(
    mira: Person, fake: FakeBackend
) -> None:
    first = await mira.slash("v roll", pool="7")
    menu = await mira.click(first, "Pick dice")
    assert (menu.ephemeral, buttons(menu)) == (True, ["Choose dice to roll again"])
    asked = await mira.select(menu, ["3", "2"])
    assert (asked.ephemeral, buttons(asked)) == (True, ["Roll 3, 2 again: 71 % (+8)", "Other dice"])
    others = await mira.click(asked, "Other dice")
    assert buttons(others) == ["Choose dice to roll again"]
    asked = await mira.select(others, ["3", "2"])
    done = await mira.click(asked, "Roll 3, 2 again: 71 % (+8)")
    assert (done.ephemeral, done.content, buttons(done)) == (True, "Rolled again.", [])
    assert fake.requests[-1].body["dice"] == [2, 3]
    cards = [message for message in await mira.messages() if message["id"] == first.message["id"]]
    assert "◇3 → ◆9" in str(cards[0]["embeds"])


async def test_play_42_a_private_card_is_picked_from_in_its_place(mira: Person, fake: FakeBackend) -> None:
    first = await mira.slash("v roll", pool="7", visibility="private")
    asked = await mira.select(await mira.click(first, "Pick dice"), ["3", "2"])
    done = await mira.click(asked, "Roll 3, 2 again: 71 % (+8)")
    assert "◇3 → ◆9" in done.text


@pytest.mark.parametrize(
    ("choice", "label"),
    [
        ("overreach", "Overreach: win, Danger rises"),
        ("despair", "Despair: fail"),
        ("brutal_gain", "Brutal gain: 4 successes more"),
    ],
)
async def test_a_choice_is_made_once(mira: Person, fake: FakeBackend, choice: str, label: str) -> None:
    fake.play.next = {"outcome": outcome(choices=[choice], label="Choose", tone="choice")}
    first = await mira.slash("h roll", pool="7")
    chosen = await mira.click(first, label)
    assert fake.requests[-1].body["choice"] == choice
    assert label not in buttons(chosen)


async def test_a_follow_up_is_a_message_of_its_own_and_comes_once(mira: Person, fake: FakeBackend) -> None:
    fake.play.follow_ups = [FollowUp(check="frenzy", label="Hunger frenzy", options={"difficulty": 4})]
    first = await mira.slash("v rouse")
    frenzy = await mira.click(first, "Hunger frenzy")
    assert frenzy.message["id"] != first.message["id"]
    assert not frenzy.ephemeral
    roll = next(iter(fake.play.rolls))
    assert sent(fake) == {"check": "frenzy", "options": {"difficulty": 4}, "roll": str(roll)}
    late = await mira.click(first, "Hunger frenzy")
    assert late.ephemeral
    assert late.content == "This was done already."


async def test_details_are_for_anybody_alone_and_in_words(
    mira: Person, jonas: Person, fake: FakeBackend
) -> None:
    first = await mira.slash("v roll", pool="7")
    answer = await jonas.click(first.message, "Details")
    assert answer.ephemeral
    assert "Dice: 10 critical" in answer.content
    assert "Critical win: 8 %" in answer.content
    assert not answer.message["components"]


async def test_a_storyteller_strikes_a_roll_with_a_reason(
    mira: Person, vesna: Person, fake: FakeBackend
) -> None:
    first = await mira.slash("v roll", pool="7")
    rolled = next(iter(fake.play.rolls.values()))
    fake.play.keep(rolled, rights=RollRights(strike=True))
    details = await vesna.click(first.message, "Details")
    form = await vesna.click(details, "Exclude from statistics")
    done = await vesna.submit(form, {"reason": "a test roll"})
    assert done.content == "This roll no longer counts in the statistics."
    assert fake.requests[-1].body["reason"] == "a test roll"
    counted = await vesna.click(await vesna.click(first.message, "Details"), "Count in statistics")
    assert counted.content == "This roll counts in the statistics again."
    assert fake.requests[-1].body["undo"] is True


async def test_buttons_work_after_a_restart(box: Sandbox, fake: FakeBackend) -> None:
    async with Person(box.base_url, user="mira", guild="Night Court", channel="table") as mira:
        async with bot_at(box, fake.url, KEY):
            first = await mira.slash("h roll", pool="7")
        async with bot_at(box, fake.url, KEY):
            again = await mira.click(first, "Reroll failures: 71 % (+8)")
    assert again.message["id"] == first.message["id"]
    assert "Rolled again" in again.text


# Odds, luck


async def test_odds_come_with_a_chart(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("odds", pool="strength + brawl", difficulty=3)
    assert reply.ephemeral
    assert "## 63 % success" in reply.text
    assert "With failures rolled again: 80 % success" in reply.text
    assert [a["filename"] for a in reply.message["attachments"]] == ["odds.png"]
    assert "odds.png" in reply.embeds[0]["image"]["url"]
    assert sent(fake)["chart"] is True


async def test_odds_in_words_have_no_picture(mira: Person, fake: FakeBackend) -> None:
    fake.text_mode = True
    reply = await mira.slash("odds", pool="7")
    assert not reply.embeds
    assert not reply.message["attachments"]
    assert "63 % success\n" in reply.content


async def test_luck_of_oneself_a_player_and_everyone(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("luck", days=30)
    assert "24.0 successes more than expected" in reply.text
    assert "Bestial failure" not in reply.text, "the chart shows it"
    assert sent(fake) == {"chart": True, "days": 30}
    fake.text_mode = True
    assert "Bestial failure: 7, 5.2 expected" in (await mira.slash("luck")).content
    fake.text_mode = False
    await mira.slash("luck", player=JONAS)
    assert sent(fake) == {"chart": True, "player": JONAS}
    refused = await mira.slash("luck", player=JONAS, everyone=True)
    assert refused.content == "Choose a character, a player or everyone, but only one of them."


async def test_menus_on_a_person(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", JONAS)
    fake.defaults[MIRA] = owl["id"]
    assert (await mira.menu("Sheet", JONAS)).embeds[0]["title"] == "Night Owl"
    assert fake.requests[-1].body["player"] == JONAS
    await mira.menu("Sheet", MIRA)
    assert fake.requests[-1].body["player"] is None
    assert "Luck of Mira" in (await mira.menu("Luck", JONAS)).text
    assert fake.requests[-1].body["player"] == JONAS
    assert "Nothing has happened" in (await mira.menu("History", JONAS)).content
    assert fake.requests[-1].body["player"] == JONAS


# Macros


async def test_macros_are_saved_completed_run_edited_shared_and_deleted(
    mira: Person, fake: FakeBackend
) -> None:
    assert "no macros" in (await mira.slash("macro list")).content
    saved = await mira.slash("macro save", name="Claws", pool="strength + brawl", difficulty=3, rouse=1)
    assert saved.content == "Macro saved: Claws — strength + brawl (Night Owl)"
    assert sent(fake)["options"] == {"difficulty": 3, "rouse": 1}
    again = await mira.slash("macro save", name="Claws", pool="5")
    assert again.content == "You have a macro of this name."
    token = (await mira.complete("macro run", "name", "cl"))[0]["value"]
    run = await mira.slash("macro run", name=token, hunger=2)
    assert not run.ephemeral
    assert sent(fake) == {"macro": token, "options": {"hunger": 2}}
    edited = await mira.slash("macro edit", name="Claws", pool="5", shared=True)
    assert "Others at the table can use it." in edited.content
    assert "Claws" in (await mira.slash("macro list", shared=True)).content
    assert "Macro copied" in (await mira.slash("macro copy", name=token)).content
    assert "Macro deleted: Claws" in (await mira.slash("macro delete", name="Claws")).content


# Requests


async def test_a_storyteller_asks_and_one_message_is_kept_up_to_date(
    mira: Person, jonas: Person, vesna: Person, fake: FakeBackend
) -> None:
    asked = await vesna.slash(
        "request", player1=MIRA, player2=JONAS, pool="wits + awareness", difficulty=3, text="A noise"
    )
    assert not asked.ephemeral
    assert {m["id"] for m in asked.message["mentions"]} == {MIRA, JONAS}
    assert sent(fake)["players"] == [MIRA, JONAS]
    assert f"◇ <@{MIRA}>: waiting" in asked.content
    pressed = await mira.click(asked.message, "Roll")
    assert pressed.message["id"] == asked.message["id"]
    assert f"◆ <@{MIRA}>: 4 successes: Success" in pressed.content
    rolled = await mira.wait_for_message(lambda m: m["embeds"] and "Brawl 2" in str(m["embeds"]))
    assert not rolled["ephemeral"]
    twice = await mira.click(asked.message, "Roll")
    assert twice.content == "You have answered already."
    assert "waiting" in (await vesna.click(asked.message, "Refresh")).content
    closed = await vesna.click(asked.message, "Close")
    assert "closed" in closed.content
    assert buttons(closed) == ["Refresh"]


async def test_an_open_pool_is_asked_for_in_a_form(mira: Person, vesna: Person, fake: FakeBackend) -> None:
    asked = await vesna.slash("request", player1=MIRA)
    form = await mira.click(asked.message, "Roll")
    answered = await mira.submit(form, {"pool": "strength + brawl"})
    assert f"◆ <@{MIRA}>" in answered.content
    assert fake.requests[-1].body["pool"] == "strength + brawl"


async def test_only_storytellers_ask(mira: Person, fake: FakeBackend) -> None:
    refused = await mira.slash("request", player1=JONAS, pool="5")
    assert refused.ephemeral
    assert refused.content == "Only storytellers ask for rolls."
