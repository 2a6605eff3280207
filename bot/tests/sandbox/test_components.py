"""Buttons, menus, modals, deferred answers and files."""

import base64

import aiohttp
import pytest

from sandbox import defaults
from sandbox.person import Person, Refused
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import PNG, SampleBot, running


async def test_a_button_edits_its_message(bot: SampleBot, mira: Person) -> None:
    panel = await mira.slash("panel")
    reply = await mira.click(panel, "Update")
    assert reply.response == 7
    assert (await mira.messages())[0]["content"] == "updated"


async def test_a_silent_answer_then_an_edit_and_a_followup(bot: SampleBot, mira: Person) -> None:
    panel = await mira.slash("panel")
    assert (await mira.click(panel, "Silent")).response == 6
    assert (await mira.wait_for_update(panel))["content"] == "edited later"
    followup = await mira.wait_for_message(lambda message: message["content"] == "and a followup")
    assert followup["ephemeral"]
    assert panel.message
    assert followup["interaction_metadata"]["original_response_message_id"] == panel.message["id"]


async def test_a_menu(bot: SampleBot, mira: Person) -> None:
    panel = await mira.slash("panel")
    assert (await mira.select(panel, ["Brujah", "ventrue"])).content == "chose brujah, ventrue"


@pytest.mark.parametrize(
    "values", [[], ["nosferatu"], ["brujah", "brujah"], ["brujah", "toreador", "ventrue"]]
)
async def test_a_menu_takes_only_what_it_offers(bot: SampleBot, mira: Person, values: list[str]) -> None:
    panel = await mira.slash("panel")
    with pytest.raises(Refused) as refused:
        await mira.select(panel, values)
    assert refused.value.status == 422


async def test_disabled_and_unknown_buttons(bot: SampleBot, mira: Person) -> None:
    panel = await mira.slash("panel")
    assert panel.message
    with pytest.raises(Refused, match="disabled"):
        await mira.click(panel, "Off")
    gone = {"as": "mira", "message": panel.message["id"], "custom_id": "gone"}
    filled = {**gone, "custom_id": "panel:update", "values": ["x"]}
    for body in (gone, filled):
        with pytest.raises(Refused) as refused:
            await mira.call("POST", "interactions/component", body)
        assert refused.value.status == 422


async def test_all_menus_that_pick_from_the_server(bot: SampleBot, mira: Person) -> None:
    pickers = await mira.slash("pickers")
    assert (await mira.select(pickers, defaults.VESNA, "pick:user")).content == "user Vesna"
    assert (await mira.select(pickers, defaults.PLAYER_ROLE, "pick:role")).content == "role Player"
    assert (await mira.select(pickers, defaults.JONAS, "pick:any")).content == "any Member"
    assert (await mira.select(pickers, defaults.PLAYER_ROLE, "pick:any")).content == "any Role"
    assert (await mira.select(pickers, defaults.TRACKER, "pick:channel")).content == "channel tracker"
    for menu, value in (
        ("pick:user", defaults.SAM),
        ("pick:channel", defaults.OTHER_HALL),
        ("pick:role", "x"),
    ):
        with pytest.raises(Refused):
            await mira.select(pickers, value, menu)


async def test_old_modal(bot: SampleBot, mira: Person) -> None:
    opened = await mira.slash("ask")
    assert opened.modal
    field = opened.modal["components"][0]["components"][0]["custom_id"]
    for wrong in ("", "x", "x" * 21):
        with pytest.raises(Refused) as refused:
            await mira.submit(opened, {field: wrong})
        assert list(refused.value.fields) == [field]
    reply = await mira.submit(opened, {field: "blood"})
    assert reply.content == "answered blood"
    assert reply.ephemeral


async def test_new_modal_with_labels(bot: SampleBot, mira: Person) -> None:
    opened = await mira.slash("ask", kind="new")
    with pytest.raises(Refused) as refused:
        await mira.submit(opened, {"clan": ["Malkavian"], "rival": [defaults.SAM], "other": "x"})
    assert set(refused.value.fields) == {"clan", "rival", "other"}
    reply = await mira.submit(opened, {"clan": ["Toreador"], "rival": [defaults.JONAS], "note": "at dawn"})
    assert reply.content == "Toreador against jonas: at dawn"


async def test_the_newest_parts_of_modals(bot: SampleBot, mira: Person) -> None:
    opened = await mira.slash("ask", kind="newest")
    file = {"filename": "a.png", "content_type": "image/png", "data": base64.b64encode(PNG).decode()}
    filled = {"clan": "Toreador", "gifts": ["Celerity", "Potence"], "sure": True, "portrait": [file]}
    for changes, field in (
        ({"clan": None}, "clan"),
        ({"clan": "Ventrue"}, "clan"),
        ({"gifts": ["Obfuscate"]}, "gifts"),
        ({"gifts": ["Celerity", "Celerity"]}, "gifts"),
        ({"portrait": []}, "portrait"),
        ({"portrait": True}, "portrait"),
        ({"portrait": [file, file]}, "portrait"),
        ({"portrait": [{"filename": "x", "data": "%"}]}, "portrait"),
    ):
        with pytest.raises(Refused) as refused:
            await mira.submit(opened, {**filled, **changes})
        assert list(refused.value.fields) == [field]
    assert (await mira.submit(opened, filled)).content == f"Toreador | Celerity+Potence | True | {len(PNG)}"
    with pytest.raises(Refused, match="not open any more"):
        await mira.submit(opened, filled)
    again = await mira.slash("ask", kind="newest")
    least = {"clan": "Brujah", "portrait": [file]}
    assert (await mira.submit(again, least)).content == f"Brujah |  | False | {len(PNG)}"


async def test_a_modal_from_a_button(box: Sandbox, bot: SampleBot, mira: Person, jonas: Person) -> None:
    panel = await mira.slash("panel")
    opened = await mira.click(panel, "Ask")
    assert opened.modal
    field = opened.modal["components"][0]["components"][0]["custom_id"]
    with pytest.raises(Refused):
        await jonas.submit(opened, {field: "blood"})
    reply = await mira.submit(opened, {field: "blood"})
    assert reply.message
    opener = reply.message["interaction_metadata"]["triggering_interaction_metadata"]
    assert panel.message
    assert opener["interacted_message_id"] == panel.message["id"]


async def test_thinking_is_filled_by_the_first_followup(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("think")
    assert reply.response == 5
    assert reply.message
    created = next(e["message"] for e in mira.events if e["type"] == "message_create")
    assert created["thinking"]
    assert created["id"] == reply.message["id"]
    await mira.wait_for_message(lambda m: m["id"] == created["id"] and m["content"] == "thought twice")
    assert [m["content"] for m in await mira.messages()] == ["thought twice", "more, edited"]


async def test_ephemeral_messages_are_for_one_person(
    box: Sandbox, bot: SampleBot, mira: Person, jonas: Person
) -> None:
    panel = await mira.slash("panel", secret=True)
    assert panel.ephemeral
    assert panel.message
    assert await jonas.messages() == []
    assert len(await mira.messages()) == 1
    with pytest.raises(Refused) as refused:
        await jonas.click(panel, "Update")
    assert refused.value.status == 404
    await mira.click(panel, "Update")
    assert not [event for event in jonas.events if event["type"].startswith("message")]
    assert not [name for name, _ in bot.seen if name == "message"]
    async with aiohttp.ClientSession() as session:
        path = f"{box.api_base}/channels/{defaults.TABLE}/messages/{panel.message['id']}"
        async with session.get(path, headers={"Authorization": f"Bot {box.token}"}) as answer:
            assert (await answer.json())["code"] == 10008


async def test_an_original_answer_can_be_deleted(bot: SampleBot, mira: Person) -> None:
    since = len(mira.events)
    body, _ = await mira._command("brief", None, None)
    await mira.call("POST", "interactions/command", body)
    await mira.wait_for(lambda event: event["type"] == "message_delete", since=since)
    assert await mira.messages() == []


async def test_files_and_pictures_in_embeds(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("files")
    shown = await mira.wait_for_message(lambda m: len(m["attachments"]) == 2)
    assert reply.message
    assert shown["id"] == reply.message["id"]
    dot, note = shown["attachments"]
    assert (dot["description"], dot["width"], dot["content_type"]) == ("a dot", 1, "image/png")
    assert shown["embeds"][0]["image"]["url"] == dot["url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(dot["url"]) as answer:
            assert (await answer.read(), answer.content_type) == (PNG, "image/png")
        async with session.get(note["url"]) as answer:
            assert await answer.read() == b"hello"
            assert answer.headers["Content-Disposition"] == "attachment"


async def test_components_v2(bot: SampleBot, mira: Person) -> None:
    reply = await mira.slash("layout")
    assert reply.message
    assert reply.message["flags"] & (1 << 15)
    assert reply.text == "# A new layout\nside by side"
    container = reply.message["components"][0]
    gallery = next(part for part in container["components"] if part["type"] == 12)
    assert gallery["items"][0]["media"]["url"] == reply.message["attachments"][0]["url"]
    ids = [part["id"] for part in container["components"]]
    assert len(set(ids)) == len(ids)


async def test_old_buttons_work_after_the_bot_has_been_restarted(box: Sandbox, mira: Person) -> None:
    async with running(box, SampleBot()):
        panel, count = await mira.slash("panel"), await mira.slash("count")
        await mira.click(count, "Count 0")
    async with running(box, SampleBot()):
        assert (await mira.select(panel, "Brujah")).content == "chose brujah"
        await mira.click(count, "Count 1")
        assert mira.latest[count.message["id"]]["content"] == "count 2"
