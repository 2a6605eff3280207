"""Cards: what they show, and that nothing in them can exceed what Discord takes."""

from typing import Any
from uuid import uuid4

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.base import Named
from contract.characters import Card, CardOwner, CardRow, CharacterChanged
from contract.events import EventType
from contract.notices import Notice
from rodbot.characters import cards
from rodbot.characters.shapes import DRAWS, draw
from rodbot.core.embeds import linkable, size
from rodbot.core.text import units
from tests.rodbot.contract import card, event

WORDS = st.text(max_size=600) | st.text(alphabet="*\\_<@`😀", min_size=200, max_size=3000)
VALUES = (
    st.none()
    | st.integers()
    | WORDS
    | st.dictionaries(
        st.sampled_from(sorted({key for _, keys in DRAWS.values() for key in keys})), st.integers()
    )
)
ROWS = st.builds(
    CardRow,
    path=st.just("x"),
    label=WORDS,
    draw=st.sampled_from([*DRAWS, "number", "choice", "flag", "text", "unheard-of"]),
    value=VALUES,
    text=WORDS,
)
CARDS = st.builds(
    Card,
    title=WORDS,
    url=WORDS | st.just("http://localhost:8080/characters/1/"),
    colour=st.just("#8a0303"),
    owner=st.builds(CardOwner, name=WORDS, avatar_url=WORDS),
    thumbnail=st.none() | WORDS,
    splat=WORDS,
    rows=st.lists(ROWS, max_size=40),
    footer=WORDS,
)
LINES = st.lists(WORDS, max_size=40)


@settings(max_examples=60)
@given(CARDS, LINES)
def test_no_card_is_larger_than_discord_takes(card: Card, lines: list[str]) -> None:
    shown = cards.embed(card, lines, mark="#0123456789ab")
    assert 1 <= units(shown.title or "") <= 256
    assert units(shown.description or "") <= 4096
    assert units(shown.author.name or "") <= 256
    assert units(shown.footer.text or "") <= 2048
    assert len(shown.fields) <= 25
    for row in shown.fields:
        assert 1 <= units(row.name or "") <= 256
        assert 1 <= units(row.value or "") <= 1024
    assert size(shown) <= 6000
    assert shown.footer.text is not None
    assert shown.footer.text.endswith("#0123456789ab")


@settings(max_examples=60)
@given(CARDS, LINES)
def test_the_text_of_a_card_is_one_message(card: Card, lines: list[str]) -> None:
    assert 1 <= units(cards.text(card, lines)) <= 2000


@settings(max_examples=60)
@given(ROWS)
def test_every_row_has_words_or_shapes(row: CardRow) -> None:
    assert draw(row).strip()


def row(kind: str, value: Any, text: str = "") -> CardRow:
    return CardRow(path="x", label="X", draw=kind, value=value, text=text)


@pytest.mark.parametrize(
    ("one", "drawn"),
    [
        (row("damage5th", {"total": 7, "superficial": 2, "aggravated": 1}), "▣◪◪▢▢ ▢▢"),
        (row("damage5th", {"total": 30, "superficial": 2, "aggravated": 1}, "30 boxes"), "30 boxes"),
        (row("damage5th", {"total": 2, "superficial": 2, "aggravated": 1}, "odd"), "odd"),
        (row("humanity", {"value": 7, "stains": 2}), "●●●●● ●●○✕✕"),
        (row("dots", {"value": 0, "max": 5}, "0 of 5"), "○○○○○  0 of 5"),
        (row("dots", {"value": 2, "max": 5}), "●●○○○"),
        (row("pool", {"total": 6, "current": 4}, "4 of 6"), "●●●●○ ○  4 of 6"),
        (row("pool", {"total": 3, "current": 5}), "●●●◉◉"),
        (row("pool", {"total": 50, "current": 5}, "5 of 50"), "5 of 50"),
        (row("hp", {"total": 38, "current": 27}, "27 of 38"), "■■■■■ ■■■□□  27 of 38"),
        (row("hp", {"total": 38, "current": 1}), "■□□□□ □□□□□"),
        (row("hp", {"total": 38, "current": 0}), "□□□□□ □□□□□"),
        (row("hp", {"total": 999, "current": 999}), "■■■■■ ■■■■■"),
        (row("hp", {"total": 5, "current": 6}, "odd"), "odd"),
        (row("rollover", {"permanent": 3, "temporary": 6}), "●●●○○ ○○○○○  ■■■■■ ■□□□□"),
        (row("rollover", {"permanent": 11, "temporary": 0}, "odd"), "odd"),
        (row("wheel", {"quintessence": 6, "paradox": 2}), "●●●●● ●○○○○ ○○○○○ ○○○✕✕"),
        (row("wheel", {"quintessence": 16, "paradox": 5}, "odd"), "odd"),
        (
            row("damage20th", {"total": 7, "bashing": 1, "lethal": 2, "aggravated": 1}, "Wounded"),
            "▣⊠⊠◪▢ ▢▢  Wounded",
        ),
        (row("damage20th", {"total": 7, "bashing": 8, "lethal": 0, "aggravated": 0}, "odd"), "odd"),
        (row("number", {"value": 13}, "13"), "13"),
        (row("choice", None, "Toreador"), "Toreador"),
        (row("text", None, ""), "—"),
    ],
)
def test_a_row_is_drawn_in_shapes(one: CardRow, drawn: str) -> None:
    assert draw(one) == drawn


def test_the_three_kinds_of_boxes_differ_in_shape() -> None:
    shapes = draw(row("damage5th", {"total": 3, "superficial": 1, "aggravated": 1}))
    assert len(set(shapes)) == 3


@st.composite
def legal_values(pick: st.DrawFn) -> tuple[str, dict[str, int], int]:
    """A kind of the 20th edition, a value that its rules allow, and how many marks that makes."""
    low, high = sorted(pick(st.tuples(st.integers(0, 10), st.integers(0, 10))))
    return pick(
        st.sampled_from(
            [
                ("pool", {"total": high + 1, "current": low}, high + 1),
                ("pool", {"total": low + 1, "current": high + 1}, high + 1),
                ("rollover", {"permanent": high, "temporary": low}, 20),
                ("wheel", {"quintessence": high, "paradox": low}, 20),
                ("damage20th", {"total": 15, "bashing": low, "lethal": high - low, "aggravated": 3}, 15),
            ]
        )
    )


@settings(max_examples=60)
@given(legal_values())
def test_every_point_of_a_legal_value_has_its_mark(one: tuple[str, dict[str, int], int]) -> None:
    kind, value, marks = one
    drawn = draw(row(kind, value)).replace(" ", "")
    assert len(drawn) == marks
    for shape, key in {
        "pool": [("○", None)],
        "rollover": [("●", "permanent"), ("■", "temporary")],
        "wheel": [("●", "quintessence"), ("✕", "paradox")],
        "damage20th": [("◪", "bashing"), ("⊠", "lethal"), ("▣", "aggravated")],
    }[kind]:
        wanted = value[key] if key else max(0, value["total"] - value["current"])
        assert drawn.count(shape) == wanted, shape


@pytest.mark.parametrize(
    ("url", "local", "taken"),
    [
        ("https://rod.example/characters/1/", False, True),
        ("http://localhost:8080/characters/1/", False, False),
        ("http://localhost:8080/characters/1/", True, True),
        ("javascript:alert(1)", True, False),
        ("https://a b.example/", False, False),
        ("", True, False),
        ("https://" + "a" * 3000 + ".example", False, False),
        ("http://[broken", True, False),
    ],
)
def test_a_link_is_given_only_if_discord_takes_it(url: str, local: bool, taken: bool) -> None:
    assert (linkable(url, local) is not None) is taken


def test_changes_are_told_from_to() -> None:
    lines = cards.changed(
        event(
            {"hunger": (1, 3)},
            notices=[Notice(code="turned_aggravated", data={"label": "Health", "amount": 1})],
        )
    )
    assert lines == ["**Hunger** 1 → 3", "• Health: 1 superficial became aggravated."]


def test_a_change_without_a_label_is_still_told() -> None:
    assert cards.changed(event({"hunger": (None, 3)}, labels={})) == ["**hunger** — → 3"]


def test_a_new_character_is_announced_without_a_list_of_its_values() -> None:
    assert cards.changed(event({"hunger": (None, 1)}, type=EventType.CHARACTER_CREATED)) == [
        "**New character**"
    ]


def test_colours() -> None:
    assert cards.colour("#8a0303") == discord.Colour(0x8A0303)
    assert cards.colour("red") is None
    assert cards.colour("#8a0303\n") is None


def test_what_was_not_done_is_said_even_when_nothing_changed() -> None:
    """Hunger was at 5 already: the player must hear of it."""
    owl = Named(id=uuid4(), name="Night Owl")
    shown = card(owl.id, owl.name, {"hunger": 5, "health": {}})
    notices = ["Hunger is at 5 *already*."]
    answer = CharacterChanged(id=owl.id, event=None, card=shown, character=owl, notices=notices)
    assert cards.outcome(answer) == ["• Hunger is at 5 \\*already\\*."]
