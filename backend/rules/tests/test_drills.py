"""Questions of drills: the engine answers them, exactly one option is right, and a stored one reads back the same."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from contract.translation import speaking
from rules.dice import cod as cod_dice
from rules.dice import h5 as h5_dice
from rules.dice import v5 as v5_dice
from rules.dice import w5 as w5_dice
from rules.dice import wod20 as wod20_dice
from rules.dice.base import DESPERATION, HUNGER, RAGE, die
from rules.dice.source import seeded
from rules.drills import (
    LEVELS,
    SYSTEMS,
    Question,
    blood,
    body20,
    cod,
    fifth,
    generate,
    h5,
    house,
    humanity,
    kinds,
    read,
    reroll,
    v5,
    w5,
    wod20,
    wolf,
)
from rules.drills.question import KINDS
from rules.errors import Invalid, Unprocessable
from rules.json import Json

SEEDS = 40
LONG_SEEDS = 2000
PLACES = list(product(SYSTEMS, LEVELS))


def drawn(system: str, level: int, seeds: int) -> Iterator[Question]:
    source = seeded(1)
    return (generate(system, level, source) for _seed in range(seeds))


def check(question: Question) -> None:
    """What every question has to hold."""
    options = question.options()
    assert 2 <= len(options) <= 4
    assert len(set(options)) == len(options), question
    assert question.choices.count(question.drill.answer()) == 1, question
    assert all([question.prompt(), question.explanation(), question.page])
    assert "{" not in " ".join([question.prompt(), question.explanation(), question.page, *options])
    again = read(json.loads(json.dumps(question.document())))
    assert again == question
    assert again.right == question.right
    assert "right" not in question.document()


@pytest.mark.parametrize(("system", "level"), PLACES)
def test_every_question_has_one_right_option_and_reads_back(system: str, level: int) -> None:
    for question in drawn(system, level, SEEDS):
        check(question)


@pytest.mark.long
@pytest.mark.parametrize(("system", "level"), PLACES)
def test_thousands_of_questions_have_one_right_option(system: str, level: int) -> None:
    for question in drawn(system, level, LONG_SEEDS):
        check(question)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_many_kinds_and_each_level_some(system: str) -> None:
    assert len(KINDS[system]) >= 6
    assert len({kind.slug for kind in KINDS[system]}) == len(KINDS[system])
    assert all(len(kinds(system, level)) >= 3 for level in LEVELS)


@pytest.mark.parametrize(("system", "level"), PLACES)
def test_every_kind_of_question_can_be_drawn(system: str, level: int) -> None:
    """A kind that never finds its dice would be dead."""
    source = seeded(7)
    for kind in kinds(system, level):
        assert any(kind.make(level, source) for _attempt in range(30)), kind


def test_the_right_option_stands_at_every_place() -> None:
    places = {question.right for question in drawn("v5", 1, 60)}

    assert places == {0, 1, 2, 3}


def test_the_same_numbers_draw_the_same_question() -> None:
    assert generate("w5", 3, seeded(5)) == generate("w5", 3, seeded(5))


def test_every_sentence_is_marked_for_translation() -> None:
    with speaking("qps"):
        for system, level in PLACES:
            question = generate(system, level, seeded(3))
            assert all(
                text.startswith("⟦") for text in (question.prompt(), question.explanation(), question.page)
            )


# What the options of outcomes are called: one word for one roll.


def test_a_bestial_failure_without_a_success_is_not_beside_a_total_one() -> None:
    roll = v5.Outcome(v5_dice.Options(2, 1, 2), (die(2), die(1, HUNGER)))

    assert roll.answer() == "bestial"
    assert "total_failure" not in list(roll.others(seeded(1)))


def test_a_bestial_failure_with_a_success_may_be_beside_a_total_one() -> None:
    roll = v5.Outcome(v5_dice.Options(2, 1, 2), (die(7), die(1, HUNGER)))

    assert "total_failure" in list(roll.others(seeded(1)))


def test_a_brutal_outcome_without_a_success_is_not_beside_a_total_failure() -> None:
    roll = w5.Outcome(w5_dice.Options(3, 2, 2), (die(3), die(1, RAGE), die(2, RAGE)))

    assert roll.answer() == "brutal"
    assert "total_failure" not in list(roll.others(seeded(1)))


# Answers by hand.


def test_pairs_of_tens_are_counted() -> None:
    assert fifth.Successes(tuple(map(die, (10, 10, 10, 6, 2)))).answer() == 6


def test_superficial_damage_on_a_full_track_turns_aggravated() -> None:
    assert v5.Damage(5, 4, 0, 3, "superficial").answer() == "3/2"


def test_aggravated_damage_takes_the_place_of_superficial() -> None:
    assert v5.Damage(5, 4, 1, 2, "aggravated").answer() == "2/3"


def test_hunger_stops_at_five() -> None:
    assert blood.Rouse(4, (2, 3), 2).answer() == 5


def test_a_potent_vampire_rolls_two_dice_for_a_low_power() -> None:
    assert blood.Rouse(2, (2, 7), 1, 3, 2).answer() == 2


def test_a_surge_adds_the_dice_of_the_table_and_hunger_replaces_regular_ones() -> None:
    assert blood.Surge(5, 3, 2, False).answer() == 8
    assert blood.Surge(5, 3, 2, True).answer() == 6


def test_remorse_has_one_die_at_least() -> None:
    assert humanity.RemorseDice(7, 3).answer() == 1
    assert humanity.RemorseDice(6, 1).answer() == 3


def test_failed_remorse_costs_one_humanity_however_many_stains_there_were() -> None:
    assert humanity.Remorse(6, 3, (5,)).answer() == 5
    assert humanity.Remorse(6, 3, (6,)).answer() == 6


def test_stains_without_a_box_are_aggravated_willpower_damage() -> None:
    assert humanity.Stains(7, 2, 3).answer() == 2
    assert humanity.Stains(7, 1, 2).answer() == 0


def test_a_third_of_humanity_helps_against_frenzy() -> None:
    assert humanity.FrenzyDice(8, 5, 2).answer() == 5


def test_potent_blood_takes_its_share_of_what_is_drunk() -> None:
    assert blood.Slake(4, 3, 4, "human").answer() == 2
    assert blood.Slake(4, 2, 3, "animal").answer() == 4
    assert blood.Slake(2, 4, 0, "human").answer() == 1
    assert blood.Slake(2, 4, 0, "human", killed=True).answer() == 0


def test_mending_goes_by_blood_potency() -> None:
    assert blood.Mend(4, 5).answer() == 2


def test_a_brutal_outcome_put_to_use_adds_four() -> None:
    assert w5.Brutal(w5_dice.Options(3, 2, 1), (die(7), die(1, RAGE), die(2, RAGE))).answer() == 5


def test_rage_falls_by_failed_checks_and_out_of_crinos_to_one() -> None:
    assert wolf.RageCheck(3, (2, 8), two=False).answer() == 2
    assert wolf.RageCheck(3, (2, 8, 1, 3), two=True).answer() == 2
    assert wolf.Shift("Crinos", "Homid", 4, ()).answer() == 1
    assert wolf.Shift("Homid", "Crinos", 4, (2, 9)).answer() == 3


def test_a_rite_counts_those_who_know_it_twice() -> None:
    assert wolf.Rite(4, 1, 2, 1, False).answer() == 9
    assert wolf.Rite(4, 1, 2, 1, True).answer() == 4


def test_desperation_comes_on_top_of_the_pool() -> None:
    assert h5.Dice(4, 3, True).answer() == 8


def test_overreach_costs_danger_and_a_failure_with_a_one_is_despair() -> None:
    won = (die(8), die(9), die(1, DESPERATION))
    lost = (die(2), die(1, DESPERATION))

    assert h5.Choice(h5_dice.Options(2, 1, 1), won, "overreach").answer() == "win_danger"
    assert h5.Choice(h5_dice.Options(2, 1, 1), won, "despair").answer() == "loss_despair"
    assert h5.Choice(h5_dice.Options(1, 1, 1), lost, "").answer() == "loss_despair"


def test_ones_cancel_and_a_botch_needs_a_roll_without_success() -> None:
    def outcome_of(*values: int) -> str:
        options = wod20_dice.Options(len(values), 6)
        return wod20.Outcome(options, tuple(map(die, values))).answer()

    assert outcome_of(1, 3) == "botch"
    assert outcome_of(1, 7) == "failure"
    assert outcome_of(1, 7, 8) == "success"


def test_bashing_on_a_full_track_becomes_lethal() -> None:
    assert body20.Damage(5, 2, 0, 1, "bashing").answer() == "4/3/0"
    assert body20.Damage(5, 2, 0, 1, "aggravated").answer() == "4/2/1"


def test_wounds_take_dice() -> None:
    assert body20.Wounds(6, 4, True).answer() == 4


def test_aggravated_damage_takes_five_blood_a_level() -> None:
    assert body20.Heal(10, 7, "aggravated", 2).answer() == 5


def test_a_botched_degeneration_takes_conscience_too() -> None:
    assert body20.Degenerated(2, 8, (1, 3)).answer() == "morality+conscience"
    assert body20.Degenerated(2, 8, (2, 3)).answer() == "morality"


def test_between_equals_the_higher_rating_acts_and_the_lower_declares_first() -> None:
    assert wod20.Order((5, 7, 3), (6, 4, 2), False).answer() == "1"
    assert wod20.Order((5, 7, 8), (2, 4, 9), True).answer() == "0"


def test_only_a_ten_succeeds_on_a_chance_die() -> None:
    def outcome_of(value: int) -> str:
        return cod.Outcome(cod_dice.Options(0), (die(value, "chance"),)).answer()

    assert [outcome_of(value) for value in (1, 9, 10)] == ["dramatic_failure", "failure", "success"]


def test_a_pool_without_dice_is_a_chance_die() -> None:
    assert cod.Pool(2, 1, 4, 0, False).answer() == "chance"
    assert cod.Pool(2, 1, 4, 0, True).answer() == 2


def test_dice_roll_again_and_rote_repeats_failures() -> None:
    values = tuple(map(die, (10, 9, 8, 7, 2)))

    assert cod.Again(9, values).answer() == 2
    assert cod.Rote(9, values).answer() == 2


def test_the_best_reroll_is_the_likeliest_of_all_that_are_offered() -> None:
    for question in drawn("v5", 2, 60):
        if isinstance(question.drill, v5.Reroll):
            shares = [question.drill.shares[str(choice)] for choice in question.choices]
            assert shares.index(max(shares)) == question.right
            assert sorted(shares)[-1] - sorted(shares)[-2] >= reroll.CLEARLY


# What cannot be.


def test_a_game_or_a_level_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid):
        generate("dnd", 1, seeded(1))
    with pytest.raises(Invalid):
        generate("v5", 4, seeded(1))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "gone"},
        {"facts": {"other": 1}},
        {"facts": []},
        {"choices": []},
        {"choices": [None]},
        {"system": "dnd"},
        {"level": None},
    ],
)
def test_a_question_that_the_rules_no_longer_know_is_refused_in_words(change: dict[str, Json]) -> None:
    document = generate("v5", 1, seeded(1)).document()

    with pytest.raises(Unprocessable, match="rules have changed"):
        read({**document, **change})


# House rule → its value that is not the book's, and what the book would answer to the same facts.
HOUSE = {
    ("v5", "max_hunger"): "3",
    ("wod20", "specialty_ones"): "successes",
    ("wod20", "full_track"): "aggravated",
    ("wod20", "last_die"): "one",
}


@pytest.mark.parametrize(("place", "value"), HOUSE.items(), ids=lambda item: "-".join(item) if item else "")
def test_a_house_rule_has_questions_of_its_own(place: tuple[str, str], value: str) -> None:
    system, rule = place
    source, rules = seeded(3), {rule: value}
    (kind,) = set(kinds(system, 1, rules)) - set(kinds(system, 1))
    found = [generate(system, 1, source, rules) for _draw in range(200)]
    about_it = [question for question in found if isinstance(question.drill, kind)]
    assert about_it
    for question in about_it:
        check(question)
        assert "House rule" in question.prompt()


def test_a_house_rule_changes_the_answer() -> None:
    draws = (house.OnesAndTens.under("successes", seeded(seed)) for seed in range(100))
    ones = next(filter(None, draws))
    by_the_book = replace(ones.options, ones="dice")
    assert wod20_dice.judge(by_the_book, ones.dice).successes != ones.answer()
    assert house.FullTrack(0, 5, 2, 2, "lethal").answer() == "0/3/4"
    assert house.LastDie(1, 6, True).answer() == 1
    assert house.HungerLimit(2, (1, 1), 2, full=3).answer() == 3
    assert blood.Rouse(2, (1, 1), 2).answer() == 4
