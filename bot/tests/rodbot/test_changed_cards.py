"""The card after an update: what changed comes first."""

from uuid import uuid4

import pytest

from contract.characters import Card, CardRow, CharacterChanged
from contract.events import Event, EventType
from rodbot.characters.cards import _card
from tests.rodbot.contract import sample


def changed(kind: EventType, *paths: str) -> CharacterChanged:
    rows = [sample(CardRow, path=path) for path in ("health", "hunger")]
    stream = f"user:{uuid4()}"
    event = sample(Event, type=kind, stream=stream, changes=dict.fromkeys(paths, (1, 2)))
    return sample(CharacterChanged, event=event, card=sample(Card, rows=rows))


@pytest.mark.parametrize(
    ("kind", "paths", "rows"),
    [
        (EventType.CHARACTER_UPDATED, ["athletics"], 0),
        (EventType.CHARACTER_UPDATED, ["hunger"], 2),
        (EventType.CHARACTER_UPDATED, ["health.superficial", "athletics"], 2),
        (EventType.CHARACTER_CREATED, ["athletics"], 2),
    ],
)
def test_play_36_what_did_not_change_is_not_listed_below_what_did(
    kind: EventType, paths: list[str], rows: int
) -> None:
    assert len(_card(changed(kind, *paths)).rows) == rows
