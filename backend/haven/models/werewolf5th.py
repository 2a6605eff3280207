"""Werewolf: The Apocalypse, 5th edition. Page numbers are those of its core rule book."""

from haven.models.fifth import Character5th
from haven.models.shared import named
from rules.traits import Choice, Counter, DamageTrack5th, Dots, Text
from rules.visibility import Level

FORMS = ("Homid", "Glabro", "Crinos", "Hispo", "Lupus")
TRIBES = (
    "Black Furies",
    "Bone Gnawers",
    "Children of Gaia",
    "Galestalkers",
    "Ghost Council",
    "Glass Walkers",
    "Hart Wardens",
    "Red Talons",
    "Shadow Lords",
    "Silent Striders",
    "Silver Fangs",
)
AUSPICES = ("Ragabash", "Theurge", "Philodox", "Galliard", "Ahroun")


class Werewolf5th(Character5th):
    splat_slug = "werewolf5th"
    splat_label = "Werewolf"
    command = "werewolf"
    stage_parts = {"class": "tribe"}

    form = Choice(FORMS, free_text=False, first="Homid", group="trackers", tracker=True, page="core 132")
    health = DamageTrack5th(
        4,
        follows=("stamina",),
        form=("form", {"Crinos": 4}),
        full="death",
        group="trackers",
        tracker=True,
        required=True,
        page="core 126",
    )
    rage = Counter(0, 5, 1, paid=True, group="trackers", tracker=True, page="core 133")
    harano = Counter(0, 5, 0, group="trackers", tracker=True, page="core 137")
    hauglosk = Counter(0, 5, 0, group="trackers", tracker=True, page="core 137")

    tribe = Choice(TRIBES, group="profile", visibility=Level.TABLE, brief=True, page="core 70")
    auspice = Choice(AUSPICES, group="profile", visibility=Level.TABLE, page="core 66")
    pack = Text(100, group="profile")
    patron_spirit = Text(100, group="profile")
    glory = Dots(0, 5, 0, group="renown", page="core 141")
    honor = Dots(0, 5, 0, group="renown", page="core 141")
    wisdom = Dots(0, 5, 0, group="renown", page="core 141")
    gifts = named("Gifts", "core 147", group="powers")
    rites = named("Rites", "core 180", group="powers")

    class Meta:
        proxy = True
