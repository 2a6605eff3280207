"""Damage of the 20th edition on a full track: what becomes graver, what stays, and what it means."""

import pytest

from rules.notices import Notice
from rules.tests.kit import Sheet
from rules.traits import DamageTrack20th, Operation, Pool, work_out

VAMPIRE = DamageTrack20th(beyond=("torpor_beyond", "final_death"), at_once=True)
MORTAL = DamageTrack20th()
HOUSE_RULE = DamageTrack20th(lethal_stays=False)
for track in (VAMPIRE, MORTAL, HOUSE_RULE):
    track.bind("health")


def taken(track: DamageTrack20th, *hits: tuple[str, int]) -> tuple[tuple[int, int, int], list[Notice]]:
    state, notices = track.start(), list[Notice]()
    for kind, amount in hits:
        asked = [Operation(f"health.{kind}", "adjust", amount)]
        outcome = work_out({"health": track}, {"health": state}, asked, lambda: "x")
        state = outcome.values.get("health", state)
        notices = outcome.notices
    return (state["bashing"], state["lethal"], state["aggravated"]), notices


def codes(notices: list[Notice]) -> set[str]:
    return {notice.code for notice in notices}


def test_play_17_lethal_stays_lethal_and_a_vampire_falls_into_torpor() -> None:
    boxes, notices = taken(VAMPIRE, ("lethal", 7), ("bashing", 2))
    assert boxes == (0, 7, 0)
    assert {"torpor_beyond", "no_box"} <= codes(notices)


def test_play_17_the_eighth_lethal_kills_a_mortal() -> None:
    boxes, notices = taken(MORTAL, ("lethal", 8))
    assert boxes == (0, 7, 0)
    assert "dead" in codes(notices)
    assert "dead" not in codes(taken(MORTAL, ("lethal", 7))[1])


@pytest.mark.parametrize(
    ("hits", "boxes", "code"),
    [
        ([("bashing", 7), ("bashing", 2)], (5, 2, 0), "upgraded"),
        ([("bashing", 4), ("lethal", 3), ("lethal", 2)], (2, 5, 0), "upgraded"),
        ([("bashing", 7), ("lethal", 8)], (0, 7, 0), "dead"),
        ([("lethal", 7), ("aggravated", 1)], (0, 6, 1), "dead"),
        ([("bashing", 7), ("aggravated", 2)], (5, 0, 2), "dead"),
        ([("aggravated", 7), ("bashing", 1)], (0, 0, 7), "dead"),
        ([("bashing", 15)], (0, 7, 0), "dead"),
    ],
)
def test_a_full_track_of_a_mortal(
    hits: list[tuple[str, int]], boxes: tuple[int, int, int], code: str
) -> None:
    shown, notices = taken(MORTAL, *hits)
    assert shown == boxes
    assert code in codes(notices)


def test_a_vampire_beyond_the_last_box() -> None:
    assert "torpor_beyond" in codes(taken(VAMPIRE, ("bashing", 8))[1])
    assert "torpor_beyond" not in codes(taken(VAMPIRE, ("bashing", 7))[1])
    boxes, notices = taken(VAMPIRE, ("lethal", 7), ("aggravated", 1))
    assert boxes == (0, 6, 1)
    assert "final_death" in codes(notices)


def test_a_house_rule_makes_lethal_aggravated() -> None:
    boxes, notices = taken(HOUSE_RULE, ("lethal", 7), ("lethal", 2))
    assert boxes == (0, 5, 2)
    assert "upgraded" in codes(notices)


def corpus() -> Sheet:
    return Sheet(
        health=DamageTrack20th(boxes=10, low=0, high=10, levels=(("Whole", 0), ("Hurt", 0)), pool="corpus"),
        corpus=Pool(0, 10, 10),
    )


def test_play_28_the_health_of_a_wraith_is_its_corpus() -> None:
    wraith = corpus()
    assert wraith.document["health"]["total"] == wraith.document["corpus"]["current"] == 10
    wraith.adjust("health.lethal", 3)
    assert wraith.document["corpus"] == {"total": 10, "current": 7}
    wraith.adjust("corpus.current", -2)
    assert wraith.document["health"]["lethal"] == 5
    wraith.adjust("health.bashing", 1)
    wraith.adjust("corpus.current", 2)
    assert wraith.document["health"] == {"total": 10, "bashing": 0, "lethal": 4, "aggravated": 0}
    wraith.set("corpus.total", 5)
    assert wraith.document["health"]["total"] == 5
    assert wraith.document["corpus"] == {"total": 5, "current": 5}
    wraith.set("health.total", 8)
    assert wraith.document["corpus"] == {"total": 8, "current": 8}
