"""Mage: The Ascension, 20th anniversary edition. Page numbers are those of its core book."""

from haven.models.shared import named
from haven.models.twentieth import KNOWLEDGES, SKILLS, TALENTS, Character20th, ability, willpower_pool
from rules.traits import Choice, Dots, Text, Trait, Wheel
from rules.visibility import Level

TRADITIONS = (
    "Akashayana",
    "Celestial Chorus",
    "Cult of Ecstasy",
    "Dreamspeakers",
    "Etherites",
    "Euthanatos",
    "Order of Hermes",
    "Verbena",
    "Virtual Adepts",
    "Hollow Ones",
    "Orphans",
    "Iteration X",
    "New World Order",
    "Progenitors",
    "Syndicate",
    "Void Engineers",
    # Disparate Crafts
    "Ahl-i-Batin",
    "Bata’a",
    "Children of Knowledge",
    "Kopa Loei",
    "Ngoma",
    "Sisters of Hippolyta",
    "Taftâni",
    "Templar Knights",
    "Wu Lung",
)
ESSENCES = ("Dynamic", "Pattern", "Primordial", "Questing")


def sphere() -> Trait:
    return Dots(0, 5, 0, group="powers", section="spheres", page="511")


class Mage20th(Character20th):
    splat_slug = "mage20th"
    splat_label = "Mage"
    command = "mage"
    stage_parts = {"class": "tradition"}
    without = frozenset({"animal_ken", "finance", "larceny", "performance"})

    art = ability(TALENTS)
    martial_arts = ability(SKILLS)
    meditation = ability(SKILLS)
    research = ability(SKILLS)
    technology = ability(SKILLS)
    cosmology = ability(KNOWLEDGES)
    enigmas = ability(KNOWLEDGES)
    esoterica = ability(KNOWLEDGES)

    willpower = willpower_pool(5)
    arete = Dots(0, 10, 1, group="trackers", tracker=True, required=True, page="328")
    wheel = Wheel(
        first=5, label="Quintessence and Paradox", group="trackers", tracker=True, required=True, page="331"
    )

    tradition = Choice(TRADITIONS, group="profile", visibility=Level.TABLE, brief=True, page="148")
    essence = Choice(ESSENCES, group="profile", page="267")
    avatar_nature = Text(100, group="profile", label="Avatar")
    paradigm = Text(500, multiline=True, group="profile", page="566")
    practice = Text(500, multiline=True, group="profile", page="572")
    instruments = Text(500, multiline=True, group="profile", page="588")
    resonance = Text(200, group="profile", page="560")
    correspondence = sphere()
    entropy = sphere()
    forces = sphere()
    life = sphere()
    matter = sphere()
    mind = sphere()
    prime = sphere()
    spirit = sphere()
    time = sphere()
    rotes = named("Rotes", "", group="powers")

    class Meta:
        proxy = True
