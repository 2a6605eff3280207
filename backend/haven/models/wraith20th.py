"""Wraith: The Oblivion, 20th anniversary edition. Page numbers are those of its core book."""

from haven.models.shared import named, powers
from haven.models.twentieth import KNOWLEDGES, SKILLS, TALENTS, TWENTIETH, Character20th, ability
from rules.traits import Choice, Counter, DamageTrack20th, Pool, Rollover, Text
from rules.visibility import Level

GUILDS = (
    "Alchemists",
    "Artificers",
    "Chanteurs",
    "Harbingers",
    "Haunters",
    "Masquers",
    "Mnemoi",
    "Monitors",
    "Oracles",
    "Pardoners",
    "Proctors",
    "Puppeteers",
    "Sandmen",
    "Solicitors",
    "Spooks",
    "Usurers",
)
LEGIONS = (
    "Emerald Legion",
    "Grim Legion",
    "Iron Legion",
    "Legion of Fate",
    "Legion of Paupers",
    "Penitent Legion",
    "Silent Legion",
    "Skeletal Legion",
)


class Wraith20th(Character20th):
    splat_slug = "wraith20th"
    splat_label = "Wraith"
    command = "wraith"
    stage_parts = {"class": "guild"}
    without = frozenset({"animal_ken", "finance", "law", "survival"})

    persuasion = ability(TALENTS)
    leadership = ability(SKILLS, context=TWENTIETH)
    meditation = ability(SKILLS)
    bureaucracy = ability(KNOWLEDGES)
    enigmas = ability(KNOWLEDGES)

    # A wraith's health is its Corpus; wounds take no dice from one.
    health = DamageTrack20th(
        boxes=10,
        low=0,
        high=10,
        levels=(("Whole", 0), ("Hurt", 0)),
        pool="corpus",
        beyond=("harrowing", "harrowing"),
        label="Corpus levels",
        group="trackers",
        tracker=True,
        page="223",
    )
    corpus = Pool(0, 10, 10, paid=False, group="trackers", tracker=True, required=True, page="223")
    pathos = Counter(0, 10, 5, paid=True, group="trackers", tracker=True, required=True, page="222")
    angst = Rollover(1, group="trackers", tracker=True, page="284")

    guild = Choice(GUILDS, group="profile", visibility=Level.TABLE, brief=True, page="60")
    legion = Choice(LEGIONS, group="profile", page="54")
    life = Text(1000, multiline=True, group="profile")
    death = Text(1000, multiline=True, group="profile")
    regret = Text(200, group="profile")
    shadow_archetype = Text(100, group="profile", page="270")
    passions = named("Passions", "132", group="virtues")
    fetters = named("Fetters", "133", group="virtues")
    thorns = named("Thorns", "278", group="powers")
    arcanoi = powers("powers", "150", label="Arcanoi")

    class Meta:
        proxy = True
