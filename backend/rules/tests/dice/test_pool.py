from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.dice.pool import Pool, PoolLine, PoolTrait, complete, parse
from rules.errors import Invalid
from rules.tests.kit import as_sum

TRAITS = {
    "strength": PoolTrait("Strength", 3),
    "stamina": PoolTrait("Stamina", 2),
    "brawl": PoolTrait("Brawl", 2, ("Grappling", "Grudge matches", "Hand-to-hand")),
    "animal_ken": PoolTrait("Animal Ken", 1, ("Ravens",)),
    "animalism": PoolTrait("Animalism", 2),
    "self_control": PoolTrait("Self-Control/Instinct", 4),
    "composure": PoolTrait("Composure", 3),
    "blood_potency": PoolTrait("Blood Potency", 1),
    "occult": PoolTrait("Occult", 0),
    "strength_of_will": PoolTrait("Strength of Will", 5),
}


def lines(text: str, **more: Any) -> list[tuple[str, int]]:
    return [(line.label, line.dice) for line in parse(text, TRAITS, **more).lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", [("Dice", 5)]),
        ("strength + brawl", [("Strength", 3), ("Brawl", 2)]),
        (
            "strength + brawl.grappling + 2 - 1",
            [("Strength", 3), ("Brawl", 2), ("Grappling", 1), ("Bonus", 2), ("Penalty", -1)],
        ),
        ("STRENGTH+bra.grap", [("Strength", 3), ("Brawl", 2), ("Grappling", 1)]),
        ("animal k", [("Animal Ken", 1)]),
        ("Animal Ken", [("Animal Ken", 1)]),
        ("animal_ken.rav", [("Animal Ken", 1), ("Ravens", 1)]),
        ("an ke", [("Animal Ken", 1)]),
        ("b p + 1", [("Blood Potency", 1), ("Bonus", 1)]),
        ("self-control", [("Self-Control/Instinct", 4)]),
        ("self-control-1", [("Self-Control/Instinct", 4), ("Penalty", -1)]),
        ("strength-composure", [("Strength", 3), ("Composure", -3)]),
        ("strength – composure", [("Strength", 3), ("Composure", -3)]),
        ("brawl.hand-to-hand", [("Brawl", 2), ("Hand-to-hand", 1)]),
        ("brawl.grap.hand", [("Brawl", 2), ("Grappling", 1), ("Hand-to-hand", 1)]),
        ("+ occult", [("Occult", 0)]),
        ("- 2 + strength", [("Penalty", -2), ("Strength", 3)]),
        ("strength + strength", [("Strength", 3), ("Strength", 3)]),
        ("strength", [("Strength", 3)]),  # whole before the longer name that begins so
    ],
)
def test_pools(text: str, expected: list[tuple[str, int]]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Name a pool"),
        (" + ", "Name a pool"),
        ("strength +", "nothing after it"),
        ("strength ++ brawl", "nothing after it"),
        ("swords", "no trait “swords”"),
        ("s", "may mean Strength, Stamina, Self-Control/Instinct or Strength of Will"),
        ("animal", "may mean Animal Ken or Animalism"),
        ("strength.big", "Strength has no specialties"),
        (
            "brawl.kicks",
            "Brawl has no specialty “kicks”; there is Grappling, Grudge matches and Hand-to-hand",
        ),
        ("brawl.gr", "may mean Grappling or Grudge matches"),
        ("brawl.grap.grapp", "twice"),
        ("brawl.", "Put a dot between"),
        (".grappling", "Put a dot between"),
        ("101", "be up to 100"),
        ("2d10", "no trait “2d10”"),
        ("1234567", "no trait"),
        ("1+" * 20 + "1", "20 parts"),
        ("x" * 201, "200 characters"),
        ("²", "no trait"),
    ],
)
def test_what_is_unclear_is_told(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text, TRAITS)
    assert sentence in caught.value.data["fields"]["pool"][0]


@pytest.mark.parametrize("sign", '([{*/×^=<>!,;:"“@#👊')
@pytest.mark.parametrize(
    "text", ["{}strength + brawl", "strength {} 2", "strength{}brawl", "brawl.grap{}", "strength{}"]
)
def test_play_06_a_sign_that_means_nothing_is_refused(text: str, sign: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text.format(sign), TRAITS)
    assert f"“{sign}” means nothing in a pool" in caught.value.detail


@pytest.mark.parametrize(
    ("text", "dice"),
    [
        ("ＳＴＲＥＮＧＴＨ＋２", 5),
        ("strength\u3000＋\u3000brawl", 5),
        ("strength — 1", 2),
        ("strength－1", 2),
        ("str\u200bength + brawl\u200f", 5),
    ],
)
def test_play_06_signs_of_other_keyboards_are_read(text: str, dice: int) -> None:
    assert parse(text, TRAITS).dice == dice


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("strength + 2.5", "Dice come in whole numbers; “2.5” isn’t one."),
        ("brawl.", "Put a dot between a trait and its specialty"),
        (".grappling", "Put a dot between a trait and its specialty"),
        ("strength + -2", "There is a \\+ or − with nothing after it."),
    ],
)
def test_play_06_what_lacks_a_part_says_which(text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        parse(text, TRAITS)


def test_play_06_signs_of_a_name_may_be_typed() -> None:
    named = {"art": PoolTrait("Art/Craft (wood)", 2), "self_control": PoolTrait("Self-Control/Instinct", 4)}
    assert parse("art/craft (wood) + Self-Control/Instinct", named).dice == 6
    assert as_sum(parse("Art/Craft (wood)", named)) == "Art/Craft (wood) 2"


def test_play_11_a_trait_nearly_right_is_suggested() -> None:
    with pytest.raises(Invalid, match="Did you mean Strength"):
        parse("strenth + brawl", TRAITS)
    assert complete("strn", TRAITS)[0].text == "strength"


def test_play_13_an_attribute_goes_before_a_skill() -> None:
    sheet = {
        "streetwise": PoolTrait("Streetwise", 1, group="skills"),
        "strength": PoolTrait("Strength", 3, group="attributes"),
        "stamina": PoolTrait("Stamina", 2, group="attributes"),
        "animal_ken": PoolTrait("Animal Ken", 4, group="skills"),
    }
    assert as_sum(parse("str + animalken", sheet)) == "Strength 3 + Animal Ken 4"
    with pytest.raises(Invalid, match="may mean"):
        parse("st", sheet)
    assert [found.text for found in complete("st", sheet)] == ["stamina", "strength", "streetwise"]


def test_who_may_be_meant_is_in_the_data() -> None:
    with pytest.raises(Invalid) as caught:
        parse("animal", TRAITS)
    assert caught.value.data["candidates"] == ["animal_ken", "animalism"]
    many = {f"merit_{number}": PoolTrait(f"Merit {number}", 1) for number in range(30)}
    with pytest.raises(Invalid, match="or 20 more"):
        parse("merit", many)


def test_a_slug_comes_before_a_label() -> None:
    traits = {"wits": PoolTrait("Resolve", 1), "resolve": PoolTrait("Wits", 2)}
    assert parse("wits", traits).lines == (PoolLine("Resolve", 1, "wits"),)


def test_a_specialty_may_add_no_die_where_tens_count_twice() -> None:
    pool = parse("strength + brawl.grap", TRAITS, specialty_dice=0)
    assert pool.dice == 5
    assert pool.specialties == ("Grappling",)


def test_a_pool_takes_more_lines_and_tells_them() -> None:
    pool = parse("strength + brawl.grap - 1", TRAITS).plus(PoolLine("Hurt", -1))
    assert pool.dice == 4
    assert as_sum(pool) == "Strength 3 + Brawl 2 + Grappling 1 − Penalty 1 − Hurt 1"
    assert Pool.from_json(pool.as_json()) == pool


def texts(text: str, **more: Any) -> list[str]:
    return [completion.text for completion in complete(text, TRAITS, **more)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an", ["animal_ken", "animalism"]),
        (
            "strength + bra",
            [
                "strength + brawl",
                *(f"strength + brawl.{name}" for name in ("grappling", "grudge matches", "hand to hand")),
            ],
        ),
        (
            "strength+bra",
            [
                "strength+ brawl",
                *(f"strength+ brawl.{name}" for name in ("grappling", "grudge matches", "hand to hand")),
            ],
        ),
        ("ken", ["animal_ken", "animal_ken.ravens"]),
        ("brawl.gr", ["brawl.grappling", "brawl.grudge matches"]),
        ("bra.grappling.h", ["brawl.grappling.hand to hand", "brawl.grappling.grudge matches"]),
        ("strength + 2", ["strength + 2"]),
        ("strength - comp", ["strength - composure"]),
        ("strength-comp", ["strength- composure"]),
        ("self-co", ["self_control"]),
        ("swords", []),
        ("a.b", []),
        ("x" * 300, []),
    ],
)
def test_completion(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_an_empty_pool_offers_every_trait_within_limits() -> None:
    assert len(texts("")) == len(TRAITS)
    assert len(texts("", limit=3)) == 3
    assert complete("strength + ", TRAITS)[0].label == "strength + Animal Ken (1)"
    long = "strength + " * 8
    assert all(len(completion) <= 100 for completion in texts(long + "a"))


def test_every_completion_reads_back_as_what_was_offered() -> None:
    for start in ("", "strength + ", "2 - "):
        for last in ("", "a", "b", "s", "brawl.", "animal_ken.", "st"):
            for completion in complete(start + last, TRAITS):
                pool = parse(completion.text, TRAITS)
                assert pool.lines[-1].label in completion.label


def test_a_specialty_that_differs_by_a_sign_alone_is_completed_as_itself() -> None:
    traits = {"craft": PoolTrait("Craft", 2, ("C++", "C#", "C", "D:", "D!"))}
    offered = complete("craft.", traits)
    meant = {offer.label: parse(offer.text, traits).lines[-1].label for offer in offered}
    # A plus joins the parts of a pool.
    assert meant == {f"Craft ({name})": name for name in ("C", "C#", "D!", "D:")}


NAMES = st.one_of(
    st.sampled_from(
        ["strength", "s", "brawl", "brawl.gr", "self-control", "2", "-", "+", ".", " ", "−", "..", "ß", "İ"]
    ),
    st.text(max_size=8),
)


@settings(max_examples=400)
@given(st.lists(NAMES, max_size=15).map("".join))
def test_whatever_is_typed_is_a_pool_or_refused(text: str) -> None:
    offered = complete(text, TRAITS)
    assert len(offered) <= 25
    assert all(offer.text and len(offer.text) <= 100 and len(offer.label) <= 100 for offer in offered)
    found = parsed(text)
    if isinstance(found, Invalid):
        assert found.data["fields"]["pool"]
    else:
        assert found.lines
        assert Pool.from_json(found.as_json()) == found


def parsed(text: str) -> Pool | Invalid:
    try:
        return parse(text, TRAITS)
    except Invalid as error:
        return error


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,6}(_[a-z]{1,6})?", fullmatch=True),
        st.tuples(
            st.text(max_size=12), st.integers(0, 10), st.lists(st.text(max_size=12), max_size=3).map(tuple)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_trait_of_any_sheet_can_be_named_by_its_slug(
    sheet: dict[str, tuple[str, int, tuple[str, ...]]],
) -> None:
    traits = {slug: PoolTrait(*trait) for slug, trait in sheet.items()}
    for slug, trait in traits.items():
        (line,) = parse(slug, traits).lines
        assert (line.trait, line.dice) == (slug, trait.dots)
    for completion in complete("", traits):
        assert parse(completion.text, traits).lines
