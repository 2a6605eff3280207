"""Vampire: The Masquerade, 20th anniversary edition, with its ghouls and humans. Pages are those of its core book."""

from haven.models.shared import powers
from haven.models.twentieth import Character20th, virtue
from rules.traits import Choice, Counter, DamageTrack20th, Number, Pool, Roof, Text
from rules.visibility import Level

CLANS = (
    "Assamite",
    "Brujah",
    "Followers of Set",
    "Gangrel",
    "Giovanni",
    "Lasombra",
    "Malkavian",
    "Nosferatu",
    "Ravnos",
    "Toreador",
    "Tremere",
    "Tzimisce",
    "Ventrue",
    "Caitiff",
    # Bloodlines
    "Baali",
    "Blood Brothers",
    "Daughters of Cacophony",
    "Gargoyles",
    "Harbingers of Skulls",
    "Kiasyd",
    "Nagaraja",
    "Salubri",
    "Samedi",
    "True Brujah",
)

# Traits go to 5, those of potent generations further (270).
GENERATIONS = Roof("generation", {3: 10, 4: 9, 5: 8, 6: 7, 7: 6}, 5)

MORALITIES = (
    "Humanity",
    "Path of Asakku",
    "Path of Blood",
    "Path of the Bones",
    "Path of Caine",
    "Path of Cathari",
    "Path of Death and the Soul",
    "Path of Ecstasy",
    "Path of Entelechy",
    "Path of Evil Revelations",
    "Path of the Feral Heart",
    "Path of Harmony",
    "Path of the Hive",
    "Path of Honorable Accord",
    "Path of Lilith",
    "Path of Metamorphosis",
    "Path of Night",
    "Path of Paradox",
    "Path of Power and the Inner Voice",
    "Path of the Scorched Heart",
    "Path of Self-Focus",
    "Path of Typhon",
    "Path of the Warrior",
)


def humanity_counter() -> Counter:
    return Counter(0, 10, 7, group="trackers", tracker=True, required=True, page="309")


class Vampire20th(Character20th):
    splat_slug = "vampire20th"
    splat_label = "Vampire"
    command = "vampire"
    stage_parts = {"class": "clan"}
    roof = GENERATIONS

    health = DamageTrack20th(
        beyond=("torpor_beyond", "final_death"),
        at_once=True,
        group="trackers",
        tracker=True,
        page="282",
    )
    blood = Pool(1, 100, 10, group="trackers", tracker=True, required=True, page="121")
    morality = Counter(0, 10, 7, group="trackers", tracker=True, required=True, page="309")
    morality_name = Choice(
        MORALITIES,
        free_text=True,
        first="Humanity",
        max_length=100,
        label="Path",
        description="Name of the morality",
        group="trackers",
        tracker=True,
        page="309",
    )

    clan = Choice(CLANS, group="profile", visibility=Level.TABLE, brief=True, page="49")
    clan_description = Text(2000, multiline=True, group="profile")
    sire = Text(50, group="profile")
    generation = Number(3, 15, group="profile", page="270")
    date_of_death = Text(20, group="profile", label="Date of Embrace")
    apparent_age = Text(20, group="profile", visibility=Level.TABLE)
    morality_description = Text(1000, multiline=True, group="virtues")
    conscience = virtue()
    self_control = virtue()
    courage = virtue()
    disciplines = powers("disciplines", "127", high=10)

    class Meta:
        proxy = True


class Ghoul20th(Character20th):
    splat_slug = "ghoul20th"
    splat_label = "Ghoul"
    command = "ghoul"

    humanity = humanity_counter()
    vitae = Counter(0, 5, 1, paid=True, group="trackers", tracker=True, page="497")
    blood = Counter(0, 10, 10, paid=True, group="trackers", tracker=True, page="121")

    domitor = Text(50, group="profile", page="497")
    apparent_age = Text(20, group="profile")
    conscience = virtue()
    self_control = virtue()
    courage = virtue()
    disciplines = powers("disciplines", "497")

    class Meta:
        proxy = True


class Human20th(Character20th):
    splat_slug = "human20th"
    splat_label = "Human"
    command = "human"

    humanity = humanity_counter()
    blood = Counter(0, 10, 10, paid=True, group="trackers", tracker=True, page="121")

    occupation = Text(100, group="profile")
    conscience = virtue()
    self_control = virtue()
    courage = virtue()
    numina = powers("powers", "", label="Numina")

    class Meta:
        proxy = True
