"""A live sheet says what the server says: both word the values of traits, in every language."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from contract.labels import label
from contract.translation import speaking
from haven.registry import SPLATS
from haven.schema import label_words
from main import word_lists
from main.cells import short
from rules.traits.scalars import Choice
from scripts import node

SAY = Path(__file__).parent / "js" / "say.js"
VALUES: dict[str, list[Any]] = {
    "trait-dots": [1, 3],
    "trait-humanity": [{"value": 7, "stains": stains} for stains in (0, 1, 2)],
    "trait-damage5th": [
        {"total": 7, "superficial": 0, "aggravated": 0},
        {"total": 7, "superficial": 2, "aggravated": 1},
        {"total": 1, "superficial": 1, "aggravated": 0},
    ],
    "trait-damage20th": [
        {"total": total, "bashing": bashing, "lethal": lethal, "aggravated": 0}
        for total, bashing, lethal in ((7, 0, 0), (7, 2, 1), (7, 0, 5), (5, 3, 0), (9, 1, 0))
    ],
    "trait-pool": [{"total": 5, "current": 3}],
    "trait-hp": [{"total": 38, "current": 27, "temporary": extra} for extra in (0, 5)],
    "trait-ability": [1, 9, 10, 13, 30],
    "trait-rollover": [{"permanent": 2, "temporary": 3}],
    "trait-wheel": [{"quintessence": 7, "paradox": 3}],
    "trait-experience": [{"total": 9, "current": 4, "spends": {}}],
}


def cases() -> Iterator[tuple[Any, Any]]:
    """Every trait that a script words itself, with some values."""
    for model in SPLATS.values():
        for trait in model.traits.values():
            listed = list(trait.options) if isinstance(trait, Choice) else []
            for value in VALUES.get(trait.element, listed):
                yield trait, value


@pytest.mark.parametrize("language", ["de", "qps"])
def test_scripts_have_a_word_for_every_label_of_an_event(language: str) -> None:
    """Frames are encoded once for all readers; `labels.js` puts their labels into words by this list."""
    with speaking(language):
        for splat, model in SPLATS.items():
            words = label_words(splat)
            for trait in model.traits.values():
                word = words.get(f"{trait.slug}|{trait.label}") or words.get(trait.label, trait.label)
                assert word == label(trait.label, trait.slug, model.edition), (splat, trait.slug)
    assert label_words("vampire5th") == {}, "English needs none"


@pytest.mark.skipif(not node.there(), reason="there is no Node")
@pytest.mark.parametrize("language", ["en", "de"])
def test_scripts_and_server_say_the_same_of_a_value(language: str, client: Client) -> None:
    with speaking(language):
        asked = [(trait.schema(), value) for trait, value in cases()]
        by_server = [[trait.text(value), short(trait.schema(), value)] for trait, value in cases()]
    words = client.get(place).content.decode() if (place := word_lists.address(language)) else ""
    sent = {"cases": [{"spec": spec, "value": value} for spec, value in asked], "catalogue": words}
    said = subprocess.run(
        ["node", node.QUIET, str(SAY)], input=json.dumps(sent), capture_output=True, text=True, check=True
    )
    pairs = zip(by_server, json.loads(said.stdout), asked, strict=True)
    assert [
        (server, script, spec["slug"]) for server, script, (spec, _value) in pairs if server != script
    ] == []
