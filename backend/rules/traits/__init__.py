"""The kinds of traits, pure. `base` says what a kind is; a sheet's change is worked out in `sheet`."""

from rules.traits.adventurer import AbilityScore, Bonus, Conditions, HitPoints
from rules.traits.base import UNVERIFIED, Draft, Field, Json, Trait
from rules.traits.damage20 import DamageTrack20th
from rules.traits.listed import Experience, Skill
from rules.traits.lists import Entries, Powers
from rules.traits.pools import Pool, Rollover, Wheel
from rules.traits.roof import Roof
from rules.traits.scalars import Choice, Colour, Counter, Dots, Flag, Number, Text
from rules.traits.sheet import Operation, Outcome, fold, put_back, work_out
from rules.traits.tracks import DamageTrack5th, Humanity

__all__ = [
    "UNVERIFIED",
    "AbilityScore",
    "Bonus",
    "Choice",
    "Colour",
    "Conditions",
    "Counter",
    "DamageTrack5th",
    "DamageTrack20th",
    "Dots",
    "Draft",
    "Entries",
    "Experience",
    "Field",
    "Flag",
    "HitPoints",
    "Humanity",
    "Json",
    "Number",
    "Operation",
    "Outcome",
    "Pool",
    "Powers",
    "Rollover",
    "Roof",
    "Skill",
    "Text",
    "Trait",
    "Wheel",
    "fold",
    "put_back",
    "work_out",
]
