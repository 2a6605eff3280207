"""Compulsions (core 208–211)."""

import pytest

from rules.dice.compulsions import CLAN, CLANS, compulsion
from rules.dice.source import listed
from rules.errors import Invalid


@pytest.mark.parametrize(
    ("value", "slug"),
    [
        (1, "hunger"),
        (3, "hunger"),
        (4, "dominance"),
        (5, "dominance"),
        (6, "harm"),
        (7, "harm"),
        (8, "paranoia"),
        (9, "paranoia"),
        (10, "clan"),
    ],
)
def test_the_table(value: int, slug: str) -> None:
    check = compulsion(listed([value]), clan="Brujah")
    assert check.value
    assert check.value["compulsion"] == slug


@pytest.mark.parametrize("clan", CLAN)
def test_every_clan_has_its_own(clan: str) -> None:
    check = compulsion(listed([10]), clan=clan.lower())
    assert check.label == f"{clan}: {CLAN[clan].name}"
    assert check.value == {
        "compulsion": "clan",
        "clan": clan,
        "rule": CLAN[clan].rule,
        "ends": "",
        "page": CLAN[clan].page,
    }


def test_the_clanless_roll_among_four() -> None:
    for clan in ("Caitiff", "Thin-blood"):
        assert compulsion(listed([9]), clan=clan).steps[0].dice[0].sides == 9
    assert compulsion(listed([9]), clan="Ventrue", no_clan=True).steps[0].dice[0].sides == 9
    with pytest.raises(ValueError, match="10 is on no die with 9 sides"):
        compulsion(listed([10]), clan="Caitiff")


@pytest.mark.parametrize(
    ("clan", "label"), [("", "Clan: its own compulsion"), ("Baali", "Baali: its own compulsion")]
)
def test_an_unlisted_clan_is_pointed_to_its_book(clan: str, label: str) -> None:
    assert compulsion(listed([10]), clan=clan).label == label


def test_sixteen_clans_are_known_and_nonsense_is_refused() -> None:
    assert len(CLANS) == 16
    with pytest.raises(Invalid):
        compulsion(listed([]), clan="x" * 51)
