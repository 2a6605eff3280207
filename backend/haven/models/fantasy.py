"""Characters of fantasy games that are played with a twenty-sided die: names and numbers, whatever the book."""

from typing import Any

from haven.models.character import Character
from haven.models.shared import named
from rules.traits import AbilityScore, Bonus, Choice, Conditions, Counter, Flag, HitPoints, Number, Text
from rules.visibility import Level

CLASSES = (
    "Artificer",
    "Barbarian",
    "Bard",
    "Cleric",
    "Druid",
    "Fighter",
    "Monk",
    "Paladin",
    "Ranger",
    "Rogue",
    "Sorcerer",
    "Warlock",
    "Wizard",
)
RACES = (
    "Dragonborn",
    "Dwarf",
    "Elf",
    "Gnome",
    "Goliath",
    "Half-elf",
    "Half-orc",
    "Halfling",
    "Human",
    "Orc",
    "Tiefling",
)
CONDITIONS = (
    "Blinded",
    "Charmed",
    "Deafened",
    "Exhaustion",
    "Frightened",
    "Grappled",
    "Incapacitated",
    "Invisible",
    "Paralyzed",
    "Petrified",
    "Poisoned",
    "Prone",
    "Restrained",
    "Stunned",
    "Unconscious",
)
# What the others at the table see at a glance.
SEEN: dict[str, Any] = {"visibility": Level.TABLE}


def ability(section: str) -> AbilityScore:
    return AbilityScore(group="attributes", section=section, **SEEN)


class Fantasy(Character):
    edition = "fantasy"
    splat_slug = "fantasy"
    splat_label = "Adventurer"
    command = "fantasy"
    stage_parts = {
        "class": "character_class",
        "race": "race",
        "player_name": "player_name",
        "hp": "hp",
        "ac": "ac",
    }

    hp = HitPoints(1, 999, 10, group="trackers", tracker=True, required=True, label="Hit Points", **SEEN)
    ac = Number(0, 60, 10, group="trackers", tracker=True, label="Armor Class", **SEEN)
    conditions = Conditions(
        {"name": Choice(CONDITIONS, required=True, label="Condition")},
        limit=30,
        group="trackers",
        tracker=True,
        **SEEN,
    )
    inspiration = Flag(group="trackers", tracker=True, **SEEN)
    death_saves = Counter(
        0, 3, 0, until_healed="hp", group="trackers", tracker=True, label="Death saves made", **SEEN
    )
    death_failures = Counter(
        0, 3, 0, until_healed="hp", group="trackers", tracker=True, label="Death saves failed", **SEEN
    )

    strength = ability("physical")
    dexterity = ability("physical")
    constitution = ability("physical")
    intelligence = ability("mental")
    wisdom = ability("mental")
    charisma = ability("mental")

    initiative = Bonus(-20, 30, 0, group="skills", label="Initiative bonus", **SEEN)
    speed = Number(0, 500, 30, group="skills", **SEEN)
    proficiency = Bonus(0, 20, 2, group="skills", label="Proficiency bonus")
    passive_perception = Number(0, 60, 10, group="skills", label="Passive Perception")

    character_class = Choice(CLASSES, label="Class", group="profile", brief=True, **SEEN)
    level = Number(1, 40, 1, group="profile", brief=True, **SEEN)
    race = Choice(RACES, group="profile", brief=True, **SEEN)
    player_name = Text(100, label="Player", group="profile", **SEEN)
    background = Text(100, group="profile")
    alignment = Text(50, group="profile")

    skills = named("Skills", "", group="skills", high=20)
    features = named("Features", "", group="features", high=20)
    spells = named("Spells", "", group="spells", high=9, limit=100)
    equipment = named("Equipment", "", group="equipment", high=999, limit=100)
    coins = Number(0, 1_000_000, 0, label="Gold pieces", group="equipment")

    class Meta:
        proxy = True
