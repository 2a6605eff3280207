"""The bot API's client: typed answers, one safe retry with the same key, errors with a sentence."""

import asyncio

import aiohttp
import pytest

from contract.characters import TraitChange
from contract.refusals import Refusal
from rodbot.core.backend import Backend, BackendDown, BackendError
from rodbot.core.caller import Caller
from rodbot.core.errors import explain
from tests.character_calls import CharacterCalls
from tests.rodbot.fake_backend import KEY, FakeBackend

HUNGER = [TraitChange(path="hunger", op="adjust", value=1)]


async def test_a_change_answers_with_card_and_event(calls: CharacterCalls, fake: FakeBackend) -> None:
    fake.add("Night Owl")
    answer = await calls.change("Night Owl", HUNGER)
    assert answer.event is not None
    assert (answer.character.name, answer.event.changes) == ("Night Owl", {"hunger": (1, 2)})
    assert answer.card.rows[1].text == "2 of 5"


async def test_every_call_carries_key_actor_guild_and_idempotency_key(
    calls: CharacterCalls, fake: FakeBackend
) -> None:
    fake.add("Night Owl")
    await calls.change("Night Owl", HUNGER)
    sent = fake.requests[-1]
    assert sent.headers["Authorization"] == f"Api-Key {KEY}"
    assert sent.headers["Idempotency-Key"] == "1000"
    assert sent.body["actor"]["id"] == "1"
    assert sent.body["guild"]["member"]["permissions"] == "0"
    assert sent.body["interaction"] == {"id": "1000", "command": "/vampire update hunger:2"}


async def test_the_second_call_of_an_interaction_has_its_own_key(
    calls: CharacterCalls, fake: FakeBackend
) -> None:
    fake.add("Night Owl")
    await calls.avatar("Night Owl", "http://localhost/a.png")
    assert fake.requests[-1].headers["Idempotency-Key"] == "1000-avatar"


@pytest.mark.req("S004-35")
async def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    calls: CharacterCalls, fake: FakeBackend
) -> None:
    owl = fake.add("Night Owl")
    fake.lose_answers = 1
    answer = await calls.change("Night Owl", HUNGER)
    assert answer.event is not None
    assert owl["fields"]["hunger"] == 2
    assert [r.headers["Idempotency-Key"] for r in fake.requests] == ["1000", "1000"]


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_proxys_error_is_retried_once(calls: CharacterCalls, fake: FakeBackend, status: int) -> None:
    fake.add("Night Owl")
    fake.answers = [(status, "<html>")]
    assert (await calls.look("Night Owl")).character.name == "Night Owl"
    assert len(fake.requests) == 2


async def test_two_failures_are_the_end(calls: CharacterCalls, fake: FakeBackend) -> None:
    fake.answers = [(503, "x"), (503, "x"), (503, "x")]
    with pytest.raises(BackendDown) as caught:
        await calls.change("Night Owl", HUNGER)
    assert caught.value.maybe_done
    assert len(fake.requests) == 2


NO_DATABASE = Refusal(code="unavailable", detail="The database does not answer. Nothing was changed.")


async def test_a_backend_without_its_database_has_the_word(calls: CharacterCalls, fake: FakeBackend) -> None:
    fake.answers = [(503, NO_DATABASE), (503, NO_DATABASE)]
    with pytest.raises(BackendError) as caught:
        await calls.change("Night Owl", HUNGER)
    assert caught.value.refusal == NO_DATABASE
    assert explain(caught.value).sentence.startswith(NO_DATABASE.detail)
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    "first",
    [None, (502, "<html>"), (503, NO_DATABASE.model_copy(update={"maybe_done": True}))],
    ids=["cut", "proxy", "saving"],
)
async def test_what_may_have_been_done_is_not_called_undone(
    first: object, calls: CharacterCalls, fake: FakeBackend
) -> None:
    fake.answers = [first, (503, NO_DATABASE)]
    with pytest.raises(BackendDown) as caught:
        await calls.change("Night Owl", HUNGER)
    assert caught.value.maybe_done


async def test_a_backend_that_was_never_reached_has_surely_done_nothing(caller: Caller) -> None:
    client = Backend("http://127.0.0.1:1", KEY)
    with pytest.raises(BackendDown) as caught:
        await CharacterCalls(client, caller).change("Night Owl", HUNGER)
    assert not caught.value.maybe_done
    await client.close()


async def test_a_hanging_backend_is_given_up(calls: CharacterCalls, fake: FakeBackend) -> None:
    fake.hold = 5
    with pytest.raises(BackendDown):
        await asyncio.wait_for(calls.look("Night Owl"), 3)


async def test_an_error_body_becomes_an_exception(calls: CharacterCalls, fake: FakeBackend) -> None:
    fake.answers = [(400, Refusal(code="invalid", detail="No.", fields={"hunger": ["Too high."]}))]
    with pytest.raises(BackendError) as caught:
        await calls.change("Night Owl", HUNGER)
    error = caught.value
    assert (error.code, error.refusal.detail, error.status) == ("invalid", "No.", 400)
    assert error.refusal.fields == {"hunger": ["Too high."]}
    assert len(fake.requests) == 1


@pytest.mark.parametrize("body", ["<html>oops</html>", "[]", '"x"', "{}"])
async def test_an_error_that_is_no_object_still_is_an_error(
    calls: CharacterCalls, fake: FakeBackend, body: str
) -> None:
    fake.answers = [(500, body)]
    with pytest.raises(BackendError) as caught:
        await calls.look("Night Owl")
    assert caught.value.status == 500


async def test_a_wrong_key_is_refused(fake: FakeBackend, caller: Caller) -> None:
    client = Backend(fake.url, "another", aiohttp.ClientTimeout(total=1))
    with pytest.raises(BackendError) as caught:
        await CharacterCalls(client, caller).look("Night Owl")
    assert (caught.value.status, caught.value.code) == (401, "bad_key")
    await client.close()


async def test_completions_are_never_retried(calls: CharacterCalls, fake: FakeBackend) -> None:
    fake.answers = [(503, "x")]
    with pytest.raises(BackendDown):
        await calls.names("ni")
    assert len(fake.requests) == 1


async def test_reads_name_the_actor_the_guild_and_the_channel(
    calls: CharacterCalls, fake: FakeBackend
) -> None:
    await calls.names("ni", splat="vampire5th", player="5")
    assert fake.requests[-1].query == {
        "actor": "1",
        "guild": "9",
        "channel_id": "77",
        "q": "ni",
        "deleted": "false",
        "page": "0",
        "splat": "vampire5th",
        "player": "5",
    }
