"""Werewolf: The Apocalypse, 20th anniversary edition. Page numbers are those of its core book."""

from haven.models.shared import named
from haven.models.twentieth import KNOWLEDGES, TALENTS, Character20th, ability
from haven.models.werewolf5th import AUSPICES, FORMS
from rules.traits import UNVERIFIED, Choice, DamageTrack20th, Dots, Pool, Rollover, Text
from rules.visibility import Level

TRIBES = (
    "Black Furies",
    "Black Spiral Dancers",
    "Bone Gnawers",
    "Children of Gaia",
    "Fianna",
    "Get of Fenris",
    "Glass Walkers",
    "Red Talons",
    "Shadow Lords",
    "Silent Striders",
    "Silver Fangs",
    "Stargazers",
    "Uktena",
    "Wendigo",
)
# What they begin with.
GNOSIS_OF = {"Homid": 1, "Metis": 3, "Lupus": 5}
RAGE_OF = {"Ragabash": 1, "Theurge": 2, "Philodox": 3, "Galliard": 4, "Ahroun": 5}
BREEDS = tuple(GNOSIS_OF)


class Werewolf20th(Character20th):
    splat_slug = "werewolf20th"
    splat_label = "Werewolf"
    command = "werewolf"
    stage_parts = {"class": "tribe"}
    without = frozenset({"awareness", "finance", "politics"})

    primal_urge = ability(TALENTS, "Primal-Urge")
    enigmas = ability(KNOWLEDGES)
    rituals = ability(KNOWLEDGES)

    health = DamageTrack20th(
        beyond=("dead_unless_rage", "dead_unless_rage"), group="trackers", tracker=True, page=UNVERIFIED
    )
    # Rage may rise above its rating in play (145).
    rage = Pool(
        1,
        10,
        1,
        over=10,
        begins=("auspice", RAGE_OF),
        group="trackers",
        tracker=True,
        required=True,
        page="144",
    )
    gnosis = Pool(
        1, 10, 1, begins=("breed", GNOSIS_OF), group="trackers", tracker=True, required=True, page="146"
    )
    form = Choice(FORMS, free_text=False, first="Homid", group="trackers", tracker=True, page="285")

    breed = Choice(BREEDS, group="profile", visibility=Level.TABLE, page="78")
    auspice = Choice(AUSPICES, group="profile", visibility=Level.TABLE, page="84")
    tribe = Choice(TRIBES, group="profile", visibility=Level.TABLE, brief=True, page="90")
    rank = Dots(0, 6, 1, group="renown", page="245")
    glory = Rollover(0, group="renown", page="245")
    honor = Rollover(0, group="renown", page="245")
    wisdom = Rollover(0, group="renown", page="245")
    pack = Text(100, group="profile")
    totem = Text(100, group="profile")
    gifts = named("Gifts", "152", group="powers", high=6)
    rites = named("Rites", "203", group="powers", high=6)

    class Meta:
        proxy = True
