"""Vampire: The Masquerade, 5th edition. Page numbers are those of the core rule book; PG is the Players Guide."""

from haven.models.fifth import Character5th
from haven.models.shared import advantages, powers
from rules.traits import Choice, Counter, Dots, Humanity, Number, Text
from rules.visibility import Level

CLANS = (
    "Banu Haqim",
    "Brujah",
    "Gangrel",
    "Hecata",
    "Lasombra",
    "Malkavian",
    "Ministry",
    "Nosferatu",
    "Ravnos",
    "Salubri",
    "Toreador",
    "Tremere",
    "Tzimisce",
    "Ventrue",
    "Caitiff",
    "Thin-blood",
)

PREDATOR_TYPES = (
    "Alleycat",
    "Bagger",
    "Blood Leech",
    "Cleaver",
    "Consensualist",
    "Extortionist",
    "Farmer",
    "Graverobber",
    "Grim Reaper",
    "Montero",
    "Osiris",
    "Pursuer",
    "Roadside Killer",
    "Sandman",
    "Scene Queen",
    "Siren",
    "Tithe Collector",
    "Trapdoor",
)

RESONANCES = ("Phlegmatic", "Melancholy", "Choleric", "Sanguine", "Empty", "Animal")


class Vampire5th(Character5th):
    splat_slug = "vampire5th"
    splat_label = "Vampire"
    command = "vampire"
    stage_parts = {"class": "clan"}

    humanity = Humanity(
        7,
        excess_to=Character5th.willpower,
        group="trackers",
        tracker=True,
        required=True,
        page="core 236",
    )
    hunger = Counter(
        0,
        5,
        1,
        full="hunger_full",
        over="hunger_beyond",
        description="Hunger dice",
        group="trackers",
        tracker=True,
        page="core 205",
    )

    clan = Choice(CLANS, group="profile", visibility=Level.TABLE, brief=True, page="core 63")
    sire = Text(50, group="profile")
    generation = Number(1, 16, group="profile", page="core 214")
    predator_type = Choice(PREDATOR_TYPES, group="profile", page="core 175")
    date_of_death = Text(20, group="profile", label="Date of Embrace")
    apparent_age = Text(20, group="profile", visibility=Level.TABLE)

    blood_potency = Dots(0, 10, 0, group="blood", page="core 214")
    resonance = Choice(RESONANCES, group="blood", page="core 226")
    hunting_roll = Text(100, group="blood", page="core 306")

    disciplines = powers("disciplines", "core 243")

    haven = advantages("Haven", "core 187")
    haven_name = Text(50, group="haven")
    haven_location = Text(500, multiline=True, group="haven")
    haven_description = Text(1000, multiline=True, group="haven")

    class Meta:
        proxy = True
