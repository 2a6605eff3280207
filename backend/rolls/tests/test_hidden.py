"""A hidden difficulty: what many people read tells neither it nor anything from which it could be computed."""

from dataclasses import replace
from typing import Any

import pytest

from chronicle.call import Call
from contract.roll_requests import NamedRequest
from contract.rolls import GetRoll
from haven.models import Character
from haven.tests.kit import cause, make
from rolls import selectors, serializers, services
from rolls.answers import roll_answer
from rolls.operations.requests import CLOSE_REQUEST, GET_REQUEST
from rolls.operations.rolls import GET
from rolls.services import Done, RollInput, requests
from rolls.services.luck import Of, luck
from rolls.tests.kit import again, ask, asker, call, roll
from rolls.tests.test_requests import wanted
from rules.dice.source import listed
from rules.errors import NotAllowed
from rules.visibility import SECRET
from testing.personas import World
from timeline import frames
from timeline.models import Event

# What differs between any two rolls.
OF_EACH = {"id", "at", "event", "change_id", "replaces", "replaced_by", "seq", "entity_id", "stream"}


def in_discord(world: World, who: str = "mira") -> Call:
    return replace(call(world, who), cause=replace(cause(world, who), door="discord"))


def alike(body: Any) -> Any:
    """Without what differs between any two rolls."""
    if isinstance(body, dict):
        return {name: alike(value) for name, value in body.items() if name not in OF_EACH}
    return [alike(item) for item in body] if isinstance(body, list) else body


def hidden(world: World, system: str, dice: list[int], difficulty: int, **more: Any) -> Done:
    name = "target" if system == "cod" else "difficulty"
    pool = f"{len(dice)}d10" if system == "general" else len(dice)
    options = {name: difficulty, **more.pop("options", {})}
    return roll(world, system=system, pool=pool, dice=dice, options=options, hide_difficulty=True, **more)


def public_views(world: World, done: Done) -> list[Any]:
    """Everything that others read of a roll: the card, the log, the frame, the history."""
    row = selectors.whole(done.roll.pk)
    event = Event.objects.get(pk=done.event.pk) if done.event else None
    return [
        roll_answer(in_discord(world), done).model_dump(mode="json"),
        serializers.full(row, asker(world, "jonas")).model_dump(mode="json"),
        serializers.brief(row).model_dump(mode="json"),
        frames.event_json(event, 1) if event else None,
    ]


SAME = [
    ("v5", [10, 10, 7, 3, 2, 1, 1], 4, 5),
    ("v5", [7, 3, 2, 1, 1, 1, 1], 2, 3),
    ("wod20", [8, 7, 3, 2], 4, 7),
    ("wod20", [1, 10, 9, 9, 5], 4, 9),
    ("wod20", [1, 5, 4, 3], 5, 6),
    ("cod", [9, 9, 9, 9, 9, 3], 8, 9),
    ("cod", [9, 8, 7, 6, 5, 3], 8, 9),
    ("general", [9, 8], 3, 12),
]


@pytest.mark.parametrize(("system", "dice", "low", "high"), SAME)
def test_play_01_two_difficulties_look_alike_to_the_table(
    world: World, system: str, dice: list[int], low: int, high: int
) -> None:
    first, second = (hidden(world, system, dice, difficulty) for difficulty in (low, high))
    assert first.roll.passed == second.roll.passed
    for one, other in zip(public_views(world, first), public_views(world, second), strict=True):
        assert alike(one) == alike(other)


@pytest.mark.parametrize(("system", "dice", "low", "high"), SAME)
def test_play_01_and_the_buttons_tell_no_chances(
    world: World, system: str, dice: list[int], low: int, high: int
) -> None:
    answer = roll_answer(in_discord(world), hidden(world, system, dice, high))
    assert all(way.odds is way.gain is way.chance is None for way in answer.strategies)
    assert answer.roll.chances is answer.roll.outcome.margin is answer.roll.difficulty is None


def test_play_01_who_rolled_sees_the_rest_alone(world: World) -> None:
    done = hidden(world, "wod20", [1, 10, 9, 9, 5], 9)
    for who, knows in (("mira", True), ("vesna", True), ("jonas", False)):
        seen = GET.run(in_discord(world, who), GetRoll(roll=done.roll.pk)).roll
        assert seen.outcome.successes == (2 if knows else None)
        assert seen.difficulty == (9 if knows else None)
        assert (seen.chances is not None) == knows


def test_play_01_a_botch_is_a_failure_to_the_table(world: World) -> None:
    done = hidden(world, "wod20", [1, 5], 6)
    assert done.roll.slug == "botch"
    assert roll_answer(in_discord(world), done).roll.outcome.label == "Failure"


def test_play_01_a_private_roll_is_whole(world: World) -> None:
    done = hidden(world, "wod20", [8, 7], 7, visibility="private")
    assert roll_answer(in_discord(world), done).roll.difficulty == 7


def test_play_01_a_reroll_keeps_the_secret(world: World) -> None:
    first = hidden(world, "v5", [6, 2, 3], 3)
    answer = roll_answer(in_discord(world), again(world, first, dice=[7, 1]))
    assert answer.roll.outcome.margin is answer.roll.chances is None


def test_play_01_the_command_in_the_history_keeps_it(world: World) -> None:
    command = "/v roll pool:5 difficulty:4 hide_difficulty:true rouse:1"
    asked = ask(world, make(world), options={"difficulty": 4, "rouse": 1}, hide_difficulty=True)
    given = replace(cause(world, "mira"), command=command)
    services.roll(asker(world, "mira"), asked, given, listed([6, 6, 6, 6, 6, 1]))
    commands = set(Event.objects.exclude(command="").values_list("command", flat=True))
    assert commands == {"/v roll pool:5 hide_difficulty:true rouse:1"}


def test_play_01_the_table_sees_no_trait_of_storytellers(world: World) -> None:
    owl = make(world)
    Character.objects.filter(pk=owl.pk).update(visibility={"hunger": int(SECRET)})
    done = roll(world, owl, pool=2, dice=[6, 6, 1], options={"rouse": 1}, who="vesna")
    seen = [roll_answer(in_discord(world, "vesna"), done, private=alone).roll for alone in (False, True)]
    assert [len(body.consequences) for body in seen] == [0, 1]


def test_play_01_who_does_not_know_the_target_finds_out_nothing_by_rerolls(world: World) -> None:
    """Only dice that failed are rolled again there: to be refused one would tell."""
    asked = wanted(world, system="cod", pool=2, options={"target": 9}, players=[world.jonas])
    row = requests.ask(call(world, "vesna"), asked)
    done = requests.answer(asker(world, "jonas"), row.pk, RollInput(), cause(world, "jonas"))
    with pytest.raises(NotAllowed, match="target is hidden"):
        services.reroll(asker(world, "jonas"), done.roll.pk, cause(world, "jonas"), dice=[0])


def test_play_01_the_message_of_a_request_is_that_of_the_table(world: World) -> None:
    make(world)
    row = requests.ask(call(world, "vesna"), wanted(world, pool=4, players=[world.mira]))
    requests.answer(asker(world, "mira"), row.pk, RollInput(system="v5"), cause(world, "mira"))
    for operation in (GET_REQUEST, CLOSE_REQUEST):
        shown = operation.run(in_discord(world, "vesna"), NamedRequest(request=row.pk)).request
        assert shown.difficulty is None
        assert "margin" not in shown.players[0].summary
        assert shown.players[0].roll
        assert shown.players[0].roll.chances is None


def test_play_03_a_hidden_roll_does_not_count_for_who_may_not_know(world: World) -> None:
    hidden(world, "v5", [6, 7], 2)
    roll(world, pool=2, dice=[6, 7])
    counts = {
        who: luck(asker(world, who), Of(player=world.mira, chronicle=world.chronicle))
        for who in ("mira", "vesna", "jonas")
    }
    assert {who: found.rolls for who, found in counts.items()} == {"mira": 2, "vesna": 2, "jonas": 1}
    assert sum(outcome.count for outcome in counts["jonas"].systems[0].outcomes) == 1


def test_play_03_nor_for_who_rolled_what_a_storyteller_hid(world: World) -> None:
    make(world)
    row = requests.ask(call(world, "vesna"), wanted(world, pool=4, players=[world.mira]))
    requests.answer(asker(world, "mira"), row.pk, RollInput(system="v5"), cause(world, "mira"))
    of_mira = Of(player=world.mira, chronicle=world.chronicle)
    assert (luck(asker(world, "mira"), of_mira).rolls, luck(asker(world, "vesna"), of_mira).rolls) == (0, 1)


@pytest.mark.parametrize(
    ("system", "faces", "lead"),
    [("v5", ([6, 7, 8], [6, 1, 1]), ("Mira", 2)), ("v5", ([6, 1, 1], [1, 7, 1]), (None, 0))],
)
def test_play_43_of_two_players_the_request_tells_who_is_ahead(
    world: World, monkeypatch: Any, system: str, faces: tuple[list[int], list[int]], lead: Any
) -> None:
    asked = wanted(world, system=system, pool=3, options={}, hide_difficulty=False)
    row = requests.ask(call(world, "vesna"), asked)
    for who, dice in zip(("mira", "jonas"), faces, strict=True):
        assert requests.as_the_table_sees_it(row).lead is None
        monkeypatch.setattr("rules.dice.source.system", lambda dice=dice: listed(dice))
        requests.answer(asker(world, who), row.pk, RollInput(), cause(world, who))
        row = requests.find(asker(world, who), row.pk)
    shown = requests.as_the_table_sees_it(row).lead
    assert shown
    assert (shown.player.name if shown.player else None, shown.by) == lead


def test_play_43_dice_that_may_not_be_counted_tell_no_lead(world: World) -> None:
    row = requests.ask(call(world, "vesna"), wanted(world, system="wod20", pool=3, options={"difficulty": 7}))
    for who in ("mira", "jonas"):
        requests.answer(asker(world, who), row.pk, RollInput(), cause(world, who))
    assert requests.as_the_table_sees_it(requests.find(asker(world, "mira"), row.pk)).lead is None
    assert requests.request_for(requests.find(asker(world, "vesna"), row.pk), asker(world, "vesna")).lead


def test_odds_that_are_none_say_why(world: World) -> None:
    found = services.odds(asker(world, "mira"), ask(world, system="general", pool="9d6 * 2d6"))
    assert found.chances is None
    assert found.notices
