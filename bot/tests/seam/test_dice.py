"""Dice of the Discord process against the real backend: every call, its answer read by the contract."""

import itertools
from typing import Any

import pytest

from contract import endpoints
from contract.characters import ListEntries
from contract.luck import GetLuck
from contract.macros import ChangeMacro, ListMacros, NamedMacro, RunMacro, SaveMacro
from contract.roll_requests import AnswerRequest, AskForRoll, NamedRequest
from contract.rolls import (
    Choose,
    CompletePool,
    GetOdds,
    GetRoll,
    MakeCheck,
    MakeRoll,
    NamedRoll,
    Reroll,
    Roll,
    Strike,
)
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, Mirror, Who
from tests.seam.test_characters import REQUIRED, refused

_numbers = itertools.count(1)


@pytest.fixture
async def owl(nadia: Who) -> str:
    name = f"Dice Owl {next(_numbers)}"
    await nadia().characters.create("vampire5th", name, REQUIRED)
    return name


@pytest.fixture
async def rolled(nadia: Who, owl: str) -> Roll:
    answer = await nadia().call(endpoints.ROLL, MakeRoll(pool=5, character=owl, options={"difficulty": 3}))
    return answer.roll


@pytest.mark.req("CARD-09", "S004-31")
async def test_a_roll_is_made_seen_and_rolled_again_once(nadia: Who, rolled: Roll) -> None:
    assert (rolled.difficulty, rolled.roller.discord_id) == (3, nadia().caller.acting.actor.id)
    picked = rolled.rerollable[:1]
    seen = await nadia().call(endpoints.GET_ROLL, GetRoll(roll=rolled.id, dice=picked))
    assert seen.roll.dice == rolled.dice
    assert [strategy.dice for strategy in seen.strategies] == [picked]
    again = await nadia().call(endpoints.REROLL, Reroll(roll=rolled.id, dice=picked))
    assert again.roll.rerolled == picked
    with pytest.raises(BackendError) as error:
        await nadia().call(endpoints.REROLL, Reroll(roll=rolled.id, dice=picked))
    assert refused(error)[0] == 409


async def test_what_is_not_open_is_not_chosen(nadia: Who, rolled: Roll) -> None:
    with pytest.raises(BackendError) as error:
        await nadia().call(endpoints.CHOOSE, Choose(roll=rolled.id, choice="overreach"))
    assert 400 <= refused(error)[0] < 500


async def test_a_check_changes_the_sheet_or_says_that_it_held(nadia: Who, owl: str) -> None:
    answer = await nadia().call(endpoints.CHECK, MakeCheck(check="rouse", character=owl))
    assert answer.roll.kind == "rouse"
    assert bool(answer.change) is not answer.roll.outcome.passed


async def test_a_hidden_roll_is_revealed(nadia: Who, owl: str) -> None:
    given = MakeRoll(pool=4, character=owl, visibility="private")
    hidden = (await nadia().call(endpoints.ROLL, given)).roll
    assert hidden.rights.reveal
    shown = (await nadia().call(endpoints.REVEAL, NamedRoll(roll=hidden.id))).roll
    assert (shown.visibility, shown.revealed) == ("public", True)


async def test_odds_and_luck_come_with_a_chart(nadia: Who, owl: str, rolled: Roll) -> None:
    asked = GetOdds(pool="strength + brawl", character=owl, options={"difficulty": 2}, chart=True)
    odds = await nadia().call(endpoints.GET_ODDS, asked)
    assert odds.chances
    assert odds.chart
    luck = await nadia().call(endpoints.GET_LUCK, GetLuck(character=owl, chart=True))
    assert (luck.of.name, luck.rolls) == (owl, 1)
    assert luck.chart


async def test_a_storyteller_leaves_a_roll_out_of_the_statistics(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    rolled = (await nadia().call(endpoints.ROLL, MakeRoll(pool=3, system="v5", character=False))).roll
    struck = await olga().call(endpoints.STRIKE, Strike(roll=rolled.id, reason="A test"))
    assert struck.roll.struck
    assert struck.roll.struck.reason == "A test"
    counted = await olga().call(endpoints.STRIKE, Strike(roll=rolled.id, undo=True))
    assert counted.roll.struck is None


async def test_pools_and_disciplines_complete(nadia: Who, owl: str) -> None:
    pools = await nadia().call(endpoints.COMPLETE_POOL, CompletePool(character=owl, q="wits + aw"))
    assert "wits + awareness" in [pool.text for pool in pools.results]
    asked = ListEntries(character=owl, trait="disciplines")
    assert (await nadia().call(endpoints.LIST_ENTRIES, asked)).results == []


async def test_a_macro_from_its_first_day_to_its_last(nadia: Who, owl: str) -> None:
    given = SaveMacro(name="Claws", pool=4, character=owl, options={"difficulty": 2}, shared=False)
    macro = (await nadia().call(endpoints.SAVE_MACRO, given)).macro
    assert (macro.name, macro.character.name) == ("Claws", owl)
    named = str(macro.id)
    listed = await nadia().call(endpoints.LIST_MACROS, ListMacros(character=owl, q="cl"))
    assert [found.id for found in listed.results] == [macro.id]
    run = await nadia().call(endpoints.RUN_MACRO, RunMacro(macro=named, options={"difficulty": 4}))
    assert run.roll.difficulty == 4
    renamed = await nadia().call(endpoints.CHANGE_MACRO, ChangeMacro(macro=named, name="Fangs", shared=True))
    assert (renamed.macro.name, renamed.macro.shared) == ("Fangs", True)
    with pytest.raises(BackendError) as error:
        await nadia().call(endpoints.COPY_MACRO, NamedMacro(macro=named, character=owl))
    assert refused(error) == (409, "name_taken")
    await nadia().call(endpoints.DELETE_MACRO, NamedMacro(macro=named))
    assert (await nadia().call(endpoints.LIST_MACROS, ListMacros(character=owl))).results == []


async def test_a_request_is_asked_answered_once_and_closed(
    sync: Mirror, nadia: Who, olga: Who, owl: str, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    given = AskForRoll(players=[nadia().caller.acting.actor.id], system="v5", pool=3, text="A noise")
    asked = (await olga().call(endpoints.ASK_FOR_ROLL, given)).request
    assert (asked.open, asked.text, asked.answered) == (True, "A noise", 0)
    answer = await nadia().call(endpoints.ANSWER_REQUEST, AnswerRequest(request=asked.id, character=owl))
    assert answer.request.players[0].answered_at
    with pytest.raises(BackendError) as error:
        await nadia().call(endpoints.ANSWER_REQUEST, AnswerRequest(request=asked.id, character=owl))
    assert refused(error)[0] == 409
    seen = await olga().call(endpoints.GET_REQUEST, NamedRequest(request=asked.id))
    assert seen.request.answered == 1
    closed = await olga().call(endpoints.CLOSE_REQUEST, NamedRequest(request=asked.id))
    assert not closed.request.open
