"""Slash commands as a person types them in the sandbox, against the stand-in for the bot API."""

import asyncio

from contract.base import Named
from contract.characters import History
from contract.refusals import Refusal
from contract.translation import speaking
from rodbot.characters import cards, history
from rodbot.client import RodBot
from sandbox.defaults import JONAS, MIRA
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.contract import actor, event
from tests.rodbot.fake_backend import FakeBackend

PNG = {"filename": "owl.png", "content_type": "image/png", "data": "iVBORw0KGgo="}


async def test_new_makes_a_character_and_shows_its_card(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("vampire new", name="Night Owl", health=7, humanity=7, hunger=2)
    assert reply.ephemeral
    assert reply.embeds[0]["title"] == "Night Owl"
    assert "New character" in reply.text
    assert fake.calls() == [("POST", "/bot/characters")]
    assert fake.requests[-1].body["changes"] == [
        {"path": "health.total", "op": "set", "value": 7},
        {"path": "humanity.value", "op": "set", "value": 7},
        {"path": "hunger", "op": "set", "value": 2},
    ]
    assert fake.requests[-1].body["splat"] == "vampire5th"


async def test_update_changes_by_an_amount_in_one_request(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    reply = await mira.slash("vampire update", name="Night Owl", hunger=2, health_superficial=3)
    assert "**Hunger** 1 → 3" in reply.text
    assert "◪◪◪▢▢ ▢▢" in reply.text
    assert len(fake.calls()) == 1
    assert owl["fields"]["hunger"] == 3
    sent = fake.requests[-1]
    assert sent.body["changes"][-1] == {"path": "hunger", "op": "adjust", "value": 2}
    assert sent.headers["Idempotency-Key"] == sent.body["interaction"]["id"] == reply.interaction


async def test_a_command_carries_who_where_and_how(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    await mira.slash("vampire update", name=owl["id"], hunger=1, notes="fed on a guard")
    body = fake.requests[-1].body
    assert body["actor"].pop("avatar")
    assert body["actor"] == {"id": MIRA, "username": "mira", "global_name": "Mira"}
    assert body["guild"]["name"] == "Night Court"
    assert body["guild"]["member"]["permissions"].isdecimal()
    assert body["interaction"]["command"] == '/vampire update hunger:1 notes:"fed on a guard"'


async def test_set_takes_absolute_values_name_and_colour(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    options = {"change_name": "Day Owl", "color": "#00ff00", "exp": 12, "hunger": 0}
    await mira.slash("vampire set", name="Night Owl", **options)
    assert fake.requests[-1].body["changes"] == [
        {"path": "hunger", "op": "set", "value": 0},
        {"path": "experience.total", "op": "set", "value": 12},
        {"path": "name", "op": "set", "value": "Day Owl"},
        {"path": "theme", "op": "set", "value": "#00ff00"},
    ]


async def test_a_name_alone_shows_the_card_and_changes_nothing(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    reply = await mira.slash("vampire set", name="Night Owl")
    assert reply.embeds[0]["title"] == "Night Owl"
    assert fake.calls() == [("POST", "/bot/characters/get")]


async def test_without_a_name_the_default_is_meant_and_named(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    fake.defaults[MIRA] = owl["id"]
    reply = await mira.slash("vampire update", hunger=1)
    assert "Night Owl (your default)" in reply.embeds[0]["footer"]["text"]


async def test_notes_are_shown_and_sent_as_words_only(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1, notes="**fed** @everyone")
    assert r"\*\*fed\*\*" in reply.text
    assert "@everyone" not in reply.text
    assert "notes" not in str(fake.requests[-1].body["changes"])


async def test_a_portrait_is_a_second_call_with_its_own_key(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    reply = await mira.slash("vampire set", name="Night Owl", hunger=2, image=PNG)
    assert fake.calls() == [("PATCH", "/bot/characters"), ("PUT", "/bot/characters/avatar")]
    assert fake.requests[-1].body["url"].startswith("http")
    assert fake.requests[-1].headers["Idempotency-Key"] == f"{reply.interaction}-avatar"


async def test_a_portrait_that_is_refused_does_not_hide_the_change(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    fake.refuse["/bot/characters/avatar"] = (422, Refusal(code="not_an_image", detail="That is no picture."))
    reply = await mira.slash("vampire set", name="Night Owl", hunger=2, image=PNG)
    assert "The portrait wasn’t saved: That is no picture." in reply.text
    assert "**Hunger** 1 → 2" in reply.text
    assert owl["fields"]["hunger"] == 2


async def test_a_storyteller_names_the_player(vesna: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    await vesna.slash("vampire update", name="Night Owl", hunger=1, player=MIRA)
    body = fake.requests[-1].body
    assert body["player"] == MIRA
    assert body["interaction"]["command"] == '/vampire update name:"Night Owl" hunger:1 player:@mira'


async def test_the_sheet_has_a_link(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    reply = await mira.slash("character sheet", name="Night Owl")
    assert reply.message is not None
    button = reply.message["components"][0]["components"][0]
    assert button["url"].endswith(f"/characters/{owl['id']}/")


async def test_text_mode_answers_in_words_alone(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    fake.text_mode = True
    reply = await mira.slash("vampire update", name="Night Owl", hunger=1)
    assert reply.embeds == []
    assert "Hunger: 2 of 5" in reply.content
    assert "▢" not in reply.content


async def test_find_offers_a_menu_and_shows_the_choice(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    fake.add("Other", JONAS)
    reply = await mira.slash("character find")
    menu = reply.message["components"][0]["components"][0]
    assert [o["label"] for o in menu["options"]] == ["Night Owl — Vampire"]
    chosen = await mira.select(reply, owl["id"])
    assert chosen.embeds[0]["title"] == "Night Owl"
    assert chosen.message["id"] == reply.message["id"]


async def test_find_pages_past_twenty_five(mira: Person, fake: FakeBackend) -> None:
    for number in range(60):
        fake.add(f"Ghoul {number:02}", MIRA)
    reply = await mira.slash("character find")
    second = await mira.click(reply, "More")
    third = await mira.click(second, "More")
    options = third.message["components"][0]["components"][0]["options"]
    assert [o["label"][:8] for o in options] == [f"Ghoul {n}" for n in range(50, 60)]
    back = await mira.click(third, "Back")
    assert back.message["components"][0]["components"][0]["options"][0]["label"].startswith("Ghoul 25")


async def test_find_without_characters_says_so(mira: Person) -> None:
    reply = await mira.slash("character find")
    assert "no characters" in reply.content
    assert reply.message["components"] == []


async def test_default_is_set_shown_and_cleared(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    assert "have a default" in (await mira.slash("character default")).content
    assert "**Night Owl**" in (await mira.slash("character default", name="Night Owl")).content
    assert "**Night Owl**" in (await mira.slash("character default")).content
    assert "have a default" in (await mira.slash("character default", clear=True)).content
    refused = await mira.slash("character default", name="Night Owl", clear=True)
    assert "not both" in refused.content


async def test_delete_asks_first_and_can_be_taken_back(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    asked = await mira.slash("character delete", name="Night Owl")
    assert "Delete **Night Owl**?" in asked.content
    assert not owl["deleted"]
    gone = await mira.click(asked, "Delete")
    assert owl["deleted"]
    assert "can still restore it" in gone.content
    back = await mira.click(gone, "Restore")
    assert not owl["deleted"]
    assert back.embeds[0]["title"] == "Night Owl"


async def test_keep_deletes_nothing(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    kept = await mira.click(await mira.slash("character delete", name="Night Owl"), "Keep")
    assert kept.content == "Nothing was deleted."
    assert kept.message["components"] == []
    assert not owl["deleted"]


async def test_two_presses_at_once_delete_once(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    asked = await mira.slash("character delete", name="Night Owl")
    said = [r.content for r in await asyncio.gather(mira.click(asked, "Delete"), mira.click(asked, "Delete"))]
    assert any("can still restore it" in text for text in said)
    assert any("no such character" in text for text in said)


async def test_restore_by_name_after_the_button_is_lost(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    owl["deleted"] = True
    offered = await mira.complete("character restore", "name", "ni")
    reply = await mira.slash("character restore", name=offered[0]["value"])
    assert not owl["deleted"]
    assert reply.embeds[0]["title"] == "Night Owl"


async def test_undo_takes_the_last_change_back(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    await mira.slash("vampire update", name="Night Owl", hunger=2)
    reply = await mira.slash("character undo", name="Night Owl")
    assert "**Hunger** 3 → 1" in reply.text
    assert "was undone" in reply.text


async def test_undo_shows_what_blocks_it(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    later = event({"hunger": (1, 2)}, actor=actor("Jonas"))
    blocked = Refusal(code="undo_blocked", detail="Later changes touch the same.", events=[later])
    fake.refuse["/bot/characters/undo"] = (409, blocked)
    reply = await mira.slash("character undo", name="Night Owl")
    assert reply.content == "Later changes touch the same.\n• Jonas: Hunger"


async def test_history_shows_who_when_how_and_pages(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    for _ in range(12):
        await mira.slash("vampire update", name="Night Owl", hunger=1)
    first = await mira.slash("character history", name="Night Owl")
    assert "mira" in first.text
    assert "<t:" in first.text
    assert "/vampire update" in first.text
    assert "Hunger: 12 → 13" in first.text
    older = await mira.click(first, "Older")
    assert "Hunger: 1 → 2" in older.text
    newest = await mira.click(older, "Newest")
    assert "Hunger: 12 → 13" in newest.text


def test_stored_choices_are_in_the_readers_language_in_history_replies_and_menus() -> None:
    changes = {"status": ("active", "dead"), "concept": ("", "dead")}
    changed = event(changes, choices=["status"])
    with speaking("de"):
        shown = history.entry(changed)
        assert "Status: aktiv → tot" in shown
        assert "Konzept: — → dead" in shown, "what somebody typed stays"
        assert cards.changed(changed)[0] == "**Status** aktiv → tot"
        listed = History(character=Named(id=changed.entity_id, name="Owl"), events=[changed])
        menu = history.render(listed).view
        assert menu is not None
        assert "Status: aktiv → tot" in str(menu.to_components())


async def test_an_entry_of_the_history_is_undone_through_its_menu(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    await mira.slash("vampire update", name="Night Owl", hunger=1)
    shown = await mira.slash("character history", name="Night Owl")
    reply = await mira.select(shown, str(fake.events[owl["id"]][0].id))
    assert "**Hunger** 2 → 1" in reply.text
    assert reply.ephemeral


async def test_trait_reaches_any_trait_as_typed(mira: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    fake.refuse["/bot/characters"] = (
        400,
        Refusal(code="invalid", detail="Athletics goes to 5.", fields={}),
    )
    reply = await mira.slash("character trait", name="Night Owl", trait="athletics", value="+1")
    assert fake.requests[-1].body["changes"] == [{"path": "athletics", "op": "text", "value": "+1"}]
    assert reply.content == "Athletics goes to 5."


async def test_traits_complete_with_what_they_are_now(mira: Person, fake: FakeBackend) -> None:
    offered = await mira.complete("character trait", "trait", "ath", name="Night Owl")
    assert offered == [{"name": "Athletics: 2", "value": "athletics"}]


async def test_names_complete_with_ids_and_few_requests(mira: Person, fake: FakeBackend) -> None:
    owl = fake.add("Night Owl", MIRA)
    for typed in ("", "n", "ni", "nig", "owl"):
        offered = await mira.complete("vampire update", "name", typed)
        assert offered == [{"name": "Night Owl — Vampire", "value": owl["id"]}]
    assert len(fake.calls()) == 1


async def test_completion_considers_the_player(vesna: Person, fake: FakeBackend) -> None:
    fake.add("Night Owl", MIRA)
    offered = await vesna.complete("vampire update", "name", "ni", player=MIRA)
    assert len(offered) == 1
    assert fake.requests[-1].query["player"] == MIRA


async def test_completion_by_a_broken_backend_is_an_empty_list(mira: Person, fake: FakeBackend) -> None:
    fake.refuse["/bot/characters"] = (500, "<html>")
    assert await mira.complete("vampire update", "name", "ni") == []
    fake.refuse["/bot/characters"] = (200, '{"results": [{"unheard": "of"}]}')
    assert await mira.complete("vampire update", "name", "no") == []


async def test_completion_answers_in_time_when_the_backend_does_not(mira: Person, fake: FakeBackend) -> None:
    fake.hold = 5
    assert await mira.complete("vampire update", "name", "ni") == []


async def test_commands_work_in_direct_messages(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("vampire new", channel="@dm", name="Night Owl", health=7, humanity=7)
    assert reply.embeds[0]["title"] == "Night Owl"
    assert fake.requests[-1].body["guild"] is None


async def test_every_guild_has_the_commands(box: Sandbox, bot: RodBot) -> None:
    async with Person(box.base_url, user="sam", guild="Other Court") as person:
        assert {"vampire", "character", "server", "help"} <= {c["name"] for c in await person.commands()}
