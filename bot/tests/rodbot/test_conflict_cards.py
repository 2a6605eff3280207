"""How conflicts of every kind are drawn: pure, in order, and within Discord's limits."""

from typing import Any

import discord
import pytest

from contract.conflicts import Move
from rodbot.conflicts import cards as conflict_cards
from rodbot.conflicts.message import render
from rodbot.core.embeds import size
from rodbot.core.text import units
from sandbox.validation.messages import check_message
from tests.rodbot.fake_conflicts import CATEGORIES, conflict, effect, participant, rolled, turn

OWL, ROOK = rolled("Night Owl"), rolled("Rook", 9)


def drawn(**values: Any) -> discord.Embed:
    return conflict_cards.embed(conflict(**values), local=True)


def lines(**values: Any) -> list[str]:
    return (drawn(**values).description or "").splitlines()


def test_who_takes_part_is_told_before_the_reveal_and_nothing_of_the_rolls() -> None:
    people = [participant("Night Owl", rolled=True), participant("Rook", joined=False)]
    assert lines(participants=people) == ["◆ **Night Owl**", "◇ **Rook**: waiting"]
    assert lines() == ["Nobody has joined yet."]
    assert drawn().title == "Ambush: Roll"
    assert drawn().url == "http://localhost:8080/conflicts/1/"


def test_ones_own_roll_and_who_is_hidden_are_told_to_whom_they_are_told() -> None:
    people = [rolled("Night Owl"), participant("The sniper", hidden=True, gone=True)]
    assert lines(participants=people) == [
        "◆ **Night Owl**: 7 + 6 = 13",
        "◆ **The sniper** (left the server, hidden)",
    ]


def test_the_order_of_the_20th_edition() -> None:
    order = [turn(OWL, 1), turn(ROOK, 2)]
    found = {"participants": [ROOK, OWL], "turns": order, "phase": "order", "phase_label": "Initiative order"}
    assert lines(**found) == ["`1` **Night Owl** · 7 + 6 = 13", "`2` **Rook** · 7 + 2 = 9"]


def test_declared_from_the_slowest_and_the_current_one_has_the_pin() -> None:
    order = [
        turn(OWL, 1),
        turn(ROOK, 2, "declared", action="I *run*"),
        turn(OWL, 3, "skipped", extra=True, number=1),
        turn(ROOK, 4, "current", extra=True, number=1),
    ]
    found = lines(participants=[OWL, ROOK], turns=order, phase="declare")
    assert found == [
        "`1` **Night Owl** · 7 + 6 = 13 · Undeclared",
        "`2` **Rook** · 7 + 2 = 9 · I \\*run\\*",
        "`3` **Night Owl** · extra action 1 · Skipped",
        "📌 `4` **Rook** · extra action 1 · Undeclared",
    ]


def test_who_has_acted_is_ticked_off() -> None:
    order = [turn(OWL, 1, "done", action="I run"), turn(ROOK, 2, "current", action="I wait")]
    found = lines(participants=[OWL, ROOK], turns=order, phase="act", round=3)
    assert found == [
        "✓ `1` **Night Owl** · 7 + 6 = 13 · I run",
        "📌 `2` **Rook** · 7 + 2 = 9 · I wait",
    ]
    assert drawn(turns=order, phase="act", phase_label="Act", round=3).title == "Ambush · round 3: Act"


def test_in_the_5th_edition_equals_have_the_same_number() -> None:
    people = [participant(name) for name in ("Owl", "Rook", "Crow")]
    order = [
        turn(people[0], 1, "current", action="Bite", category="engaged"),
        turn(people[1], 1, ready=True, action="Claw", category="engaged"),
        turn(people[2], 2, action="Shoot", category="ranged"),
    ]
    found = lines(participants=people, turns=order, phase="act", kind="5th", categories=CATEGORIES)
    assert found == [
        "📌 `1` **Owl** · Bite (Close combat)",
        "📌 `1` **Rook** · Claw (Close combat)",
        "`2` **Crow** · Shoot (Ranged)",
    ]


def test_one_roll_of_a_pool_is_told_in_its_own_words() -> None:
    owl = rolled("Owl", 3, text="3 successes")
    found = lines(participants=[owl], turns=[turn(owl, 1)], phase="order", kind="5th_once")
    assert found == ["`1` **Owl** · 3 successes"]


def test_effects_and_notices_stand_below() -> None:
    effects = [
        effect("Blinded", "Rook"),
        effect("Fog", label="until the end of the scene"),
    ]
    assert lines(effects=effects, notices=["“Fire” has ended."]) == [
        "Nobody has joined yet.",
        "",
        "**Effects**",
        "• Rook: Blinded (2 more turns)",
        "• Fog (until the end of the scene)",
        "",
        "• “Fire” has ended.",
    ]


def test_who_listens_gets_words() -> None:
    order = [
        turn(OWL, 1, "current", action="I wait"),
        turn(ROOK, 2, "done", action="I run"),
    ]
    effects = [effect("Blinded", "Rook")]
    found = conflict(participants=[OWL, ROOK], turns=order, phase="act", phase_label="Act", effects=effects)
    assert conflict_cards.text(found).splitlines() == [
        "Ambush: Act",
        "Now: 1 Night Owl, 13, I wait",
        "Done: 2 Rook, 9, I run",
        "Rook: Blinded (2 more turns)",
        "Everyone taking part rolls.",
    ]
    waiting = [participant("Rook", joined=False)]
    assert "Rook: waiting" in conflict_cards.text(conflict(participants=waiting))
    assert len(conflict_cards.text(conflict(**everybody(50, "N" * 90, "I run " * 24)))) <= 2000


def everybody(count: int, name: str, action: str, at: int = 0) -> dict[str, Any]:
    people = [rolled(f"{name} {n:02}") for n in range(count)]
    order = [turn(p, n, "current" if n == at else "waiting", action=action) for n, p in enumerate(people)]
    effects = [effect("x" * 150, "y" * 100, pk=str(n)) for n in range(50)]
    return {
        "participants": people,
        "turns": order,
        "phase": "act",
        "effects": effects,
        "notices": ["z" * 300] * 20,
        "title": "t" * 100,
        "hint": "h" * 500,
    }


@pytest.mark.parametrize("name", ["Rook", "N" * 95, "😀" * 95, "*" * 95])
@pytest.mark.parametrize("at", [0, 30, 49])
def test_fifty_participants_fit(name: str, at: int) -> None:
    card = drawn(**everybody(50, name, "I run " * 24, at))
    assert units(card.description or "") <= 4096
    assert units(card.title or "") <= 256
    assert size(card) <= 6000
    answer = (card.description or "").splitlines()
    assert sum(line.startswith("📌") for line in answer) == 1, "whose turn it is can always be seen"


def test_fifty_short_names_are_all_told() -> None:
    found = everybody(50, "Rook", "I run")
    text = drawn(**found | {"effects": [], "notices": []}).description or ""
    assert all(f"**Rook {n:02}**" in text for n in range(50))
    assert "more" not in text


def test_what_does_not_fit_is_counted() -> None:
    text = (drawn(**everybody(50, "*" * 90, "*" * 150, at=40)).description or "").splitlines()
    rows = [line for line in text if "`" in line]
    before = next(line for line in text if line.endswith("before"))
    after = next((line for line in text if "the title opens" in line), "… and 0 more")
    assert int(before.split()[1]) + len(rows) + int(after.split()[2]) == 50


def test_the_message_has_the_moves_as_buttons_and_mentions_whose_turn_it_is() -> None:
    card = render(conflict(mention="42", phase="act"), local=True)
    assert card.content == "<@42>, it’s your turn."
    assert card.notify == [42]
    assert card.pinned is True
    assert card.live == ("conflict", conflict().id)
    assert card.view is not None
    (row,) = card.view.to_components()
    assert [button["label"] for button in row["components"]] == ["Reveal", "End"]
    assert all(len(button["custom_id"]) <= 100 for button in row["components"])
    assert [button["custom_id"].split(":")[-1] for button in row["components"]] == ["1", "7.1"]


def test_everything_a_phase_may_have_is_within_discords_limits() -> None:
    slugs = ("reveal", "declare", "act", "skip", "done", "next_new", "next_same", "rewind", "end")
    moves = [Move(move=slug, label="L" * 90, style="secondary", mark="m" * 36) for slug in slugs]
    found = conflict(phase="declare", moves=moves, mention="1")
    card = render(found, local=True)
    assert card.view is not None
    rows = card.view.to_components()
    assert len(rows) <= 5
    check_message({"components": rows})


def test_what_is_over_has_no_buttons_and_no_pin() -> None:
    card = render(conflict(open=False, mention="42", phase="ended"), local=True)
    assert card.content is None
    assert card.pinned is False
    assert card.view is not None
    assert card.view.to_components() == []
