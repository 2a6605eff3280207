"""What a value of each kind must look like: said once more, independently of the kinds."""

from collections.abc import Mapping
from typing import Any

from rules.traits import (
    AbilityScore,
    Bonus,
    Choice,
    Colour,
    Conditions,
    Counter,
    DamageTrack5th,
    DamageTrack20th,
    Dots,
    Entries,
    Experience,
    Flag,
    HitPoints,
    Humanity,
    Number,
    Pool,
    Powers,
    Rollover,
    Skill,
    Text,
    Trait,
    Wheel,
)


def assert_legal(traits: Mapping[str, Trait], document: dict[str, Any]) -> None:
    assert document.keys() <= traits.keys()
    for slug, trait in traits.items():
        if slug == "generation" and slug not in document:
            continue
        LEGAL[type(trait)](trait, document[slug])


def _whole(low: int, high: int, value: Any) -> None:
    assert type(value) is int
    assert low <= value <= high


def _number(trait: Any, value: Any) -> None:
    _whole(trait.low, trait.high, value)


def _damage(trait: Any, value: Any) -> None:
    assert value.keys() == {"total", "superficial", "aggravated"}
    _whole(1, trait.high, value["total"])
    _whole(0, value["total"], value["superficial"])
    _whole(0, value["total"] - value["superficial"], value["aggravated"])


def _damage20th(trait: Any, value: Any) -> None:
    assert value.keys() == {"total", "bashing", "lethal", "aggravated"}
    _whole(trait.low, trait.high, value["total"])
    for name in ("bashing", "lethal", "aggravated"):
        _whole(0, value["total"], value[name])
    _whole(0, value["total"], value["bashing"] + value["lethal"] + value["aggravated"])


def _pool(trait: Any, value: Any) -> None:
    assert value.keys() == {"total", "current"}
    _whole(trait.low, trait.high, value["total"])
    _whole(0, max(value["total"], trait.over), value["current"])


def _hit_points(trait: Any, value: Any) -> None:
    assert value.keys() == {"total", "current", "temporary"}
    _whole(trait.low, trait.high, value["total"])
    _whole(0, value["total"], value["current"])
    _whole(0, trait.high, value["temporary"])


def _rollover(trait: Any, value: Any) -> None:
    assert value.keys() == {"permanent", "temporary"}
    _whole(trait.low, 10, value["permanent"])
    _whole(0, 10 if value["permanent"] == 10 else 9, value["temporary"])


def _wheel(trait: Any, value: Any) -> None:
    assert value.keys() == {"quintessence", "paradox"}
    _whole(0, trait.slots, value["paradox"])
    _whole(0, trait.slots - value["paradox"], value["quintessence"])


def _humanity(trait: Any, value: Any) -> None:
    assert value.keys() == {"value", "stains"}
    _whole(0, 10, value["value"])
    _whole(0, 10 - value["value"], value["stains"])


def _text(trait: Any, value: Any) -> None:
    assert type(value) is str
    assert len(value) <= trait.max_length
    assert value == value.strip()
    assert not trait.required or value
    value.encode("utf-8")


def _closed(trait: Any, value: Any) -> None:
    assert type(value) is str
    assert trait.free_text or value in trait.options


def _flag(trait: Any, value: Any) -> None:
    assert type(value) is bool


def _entries(trait: Any, value: Any) -> None:
    assert len(value) <= trait.limit
    names = [entry[trait.title].casefold() for entry in value.values()]
    assert not trait.unique or len(set(names)) == len(names)
    for entry in value.values():
        assert entry.keys() <= trait.entry.keys()
        assert trait.entry.keys() - entry.keys() <= {"age"}
        for name, value in entry.items():
            LEGAL[type(trait.entry[name])](trait.entry[name], value)


def _skill(trait: Any, value: Any) -> None:
    assert value.keys() == {"dots", "specialties"}
    _whole(0, trait.high, value["dots"])
    _entries(trait.specialties, value["specialties"])


def _experience(trait: Any, value: Any) -> None:
    assert value.keys() == {"total", "current", "spends"}
    _whole(0, trait.high, value["total"])
    _whole(0, value["total"], value["current"])
    _entries(trait.spends, value["spends"])


LEGAL: dict[type[Trait], Any] = {
    Number: _number,
    AbilityScore: _number,
    Bonus: _number,
    Dots: _number,
    Counter: _number,
    DamageTrack5th: _damage,
    DamageTrack20th: _damage20th,
    Pool: _pool,
    HitPoints: _hit_points,
    Rollover: _rollover,
    Wheel: _wheel,
    Humanity: _humanity,
    Text: _text,
    Colour: _text,
    Choice: _closed,
    Flag: _flag,
    Entries: _entries,
    Powers: _entries,
    Conditions: _entries,
    Skill: _skill,
    Experience: _experience,
}
