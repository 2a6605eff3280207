"""Changeling: The Dreaming, 20th anniversary edition. Page numbers are those of its core book."""

from haven.models.shared import powers
from haven.models.twentieth import KNOWLEDGES, TALENTS, Character20th, ability, willpower_pool
from rules.traits import Choice, DamageTrack20th, Dots, Pool, Rollover, Text, Trait
from rules.visibility import Level

KITHS = (
    "Boggan",
    "Clurichaun",
    "Eshu",
    "Nocker",
    "Piskey",
    "Pooka",
    "Redcap",
    "Satyr",
    "Selkie",
    "Arcadian Sidhe",
    "Autumn Sidhe",
    "Sluagh",
    "Troll",
)
SEEMINGS = ("Childling", "Wilder", "Grump")
COURTS = ("Seelie", "Unseelie", "Shadow")
HOUSES = (
    "Aesin",
    "Ailil",
    "Balor",
    "Beaumayn",
    "Daireann",
    "Dougal",
    "Eiluned",
    "Fiona",
    "Gwydion",
    "Leanhaun",
    "Liam",
    "Scathach",
    "Varich",
)


def realm(label: str = "", context: str = "") -> Trait:
    return Dots(0, 5, 0, group="powers", section="realms", label=label, page="224", context=context)


class Changeling20th(Character20th):
    splat_slug = "changeling20th"
    splat_label = "Changeling"
    command = "changeling"
    stage_parts = {"class": "kith"}
    without = frozenset({"awareness", "finance", "occult"})

    kenning = ability(TALENTS)
    enigmas = ability(KNOWLEDGES)
    gremayre = ability(KNOWLEDGES)

    willpower = willpower_pool(4)
    glamour = Pool(1, 10, 4, group="trackers", tracker=True, required=True, page="258")
    banality = Rollover(3, 0, group="trackers", tracker=True, required=True, page="262")
    nightmare = Rollover(
        0, names=("imbalance", "nightmare"), group="trackers", tracker=True, label="Nightmare", page="274"
    )
    chimerical = DamageTrack20th(
        group="trackers",
        tracker=True,
        label="Chimerical health",
        beyond=("chimerical_death", "chimerical_death"),
        page="290",
    )

    kith = Choice(KITHS, group="profile", visibility=Level.TABLE, brief=True, page="85")
    seeming = Choice(SEEMINGS, group="profile", visibility=Level.TABLE, page="80")
    court = Choice(COURTS, group="profile", page="76")
    house = Choice(HOUSES, group="profile", page="120")
    motley = Text(100, group="profile")
    seelie_legacy = Text(50, group="profile", page="167")
    unseelie_legacy = Text(50, group="profile", page="167")
    birthright = Text(200, group="profile")
    frailty = Text(200, group="profile")
    arts = powers("powers", "209", label="Arts")
    actor = realm()
    fae = realm()
    # Its own slug is the context: a Nature is something else too.
    nature_realm = realm("Nature", context="nature_realm")
    prop = realm()
    scene = realm()
    time = realm()

    class Meta:
        proxy = True
