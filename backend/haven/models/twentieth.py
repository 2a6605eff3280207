"""What every character of the 20th anniversary editions has (Vampire 20th 95–110; the others alike)."""

from dataclasses import replace
from typing import Any, ClassVar

from haven.models.character import Character
from haven.models.shared import advantages
from rules.traits import UNVERIFIED, DamageTrack20th, Dots, Pool, Powers, Roof, Skill, Text, Trait
from rules.visibility import Level

# The context of labels that German editions of these games translate otherwise than those of the 5th.
TWENTIETH = "20th"
PHYSICAL, SOCIAL, MENTAL = "physical", "social", "mental"
SECTIONS = TALENTS, SKILLS, KNOWLEDGES = "talents", "skills", "knowledges"


def attribute(section: str, context: str = "") -> Trait:
    return Skill(first=1, group="attributes", section=section, page=UNVERIFIED, context=context)


def ability(section: str, label: str = "", context: str = "") -> Trait:
    return Skill(group="abilities", section=section, label=label, page=UNVERIFIED, context=context)


def willpower_pool(first: int) -> Trait:
    return Pool(1, 10, first, group="trackers", tracker=True, required=True, page="Vampire 20th 121")


def virtue(page: str = "Vampire 20th 117") -> Trait:
    return Dots(0, 5, 1, group="virtues", page=page)


class Character20th(Character):
    edition = "20th"
    # How high its attributes, abilities and powers go, where another trait says so.
    roof: ClassVar[Roof | None] = None

    willpower = willpower_pool(6)
    health = DamageTrack20th(group="trackers", tracker=True, page="Vampire 20th 282")

    strength = attribute(PHYSICAL)
    dexterity = attribute(PHYSICAL, TWENTIETH)
    stamina = attribute(PHYSICAL)
    charisma = attribute(SOCIAL)
    manipulation = attribute(SOCIAL)
    appearance = attribute(SOCIAL)
    perception = attribute(MENTAL)
    intelligence = attribute(MENTAL)
    wits = attribute(MENTAL)

    # Those of Vampire, its ghouls and humans, and demons; other games add to them, and go `without` some.
    alertness = ability(TALENTS)
    athletics = ability(TALENTS)
    awareness = ability(TALENTS, context=TWENTIETH)
    brawl = ability(TALENTS)
    empathy = ability(TALENTS)
    expression = ability(TALENTS)
    intimidation = ability(TALENTS)
    leadership = ability(TALENTS, context=TWENTIETH)
    streetwise = ability(TALENTS)
    subterfuge = ability(TALENTS)
    animal_ken = ability(SKILLS)
    crafts = ability(SKILLS)
    drive = ability(SKILLS)
    etiquette = ability(SKILLS)
    firearms = ability(SKILLS)
    larceny = ability(SKILLS)
    melee = ability(SKILLS)
    performance = ability(SKILLS, context=TWENTIETH)
    stealth = ability(SKILLS)
    survival = ability(SKILLS)
    academics = ability(KNOWLEDGES, context=TWENTIETH)
    computer = ability(KNOWLEDGES)
    finance = ability(KNOWLEDGES)
    investigation = ability(KNOWLEDGES, context=TWENTIETH)
    law = ability(KNOWLEDGES)
    medicine = ability(KNOWLEDGES)
    occult = ability(KNOWLEDGES)
    politics = ability(KNOWLEDGES)
    science = ability(KNOWLEDGES)
    technology = ability(KNOWLEDGES)
    # What a table plays with beyond the thirty.
    secondary_abilities = advantages("Secondary abilities", "", group="abilities", limit=30)

    backgrounds = advantages("Backgrounds", "Vampire 20th 111")
    merits = advantages("Merits", "Vampire 20th 479", high=7)
    flaws = advantages("Flaws", "Vampire 20th 479", high=7)

    description = Text(1000, multiline=True, group="profile", visibility=Level.TABLE)
    concept = Text(100, group="profile")
    nature = Text(50, group="profile", page="Vampire 20th 87")
    demeanor = Text(50, group="profile", page="Vampire 20th 87")

    class Meta:
        proxy = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Put a game's own abilities among the others, by name as on its sheet."""
        super().__init_subclass__(**kwargs)
        cls.traits = _roofed(_by_name(cls.traits), cls.roof) if cls.roof else _by_name(cls.traits)


def _roofed(traits: dict[str, Trait], roof: Roof) -> dict[str, Trait]:
    """The traits with copies of those that go as high as the roof: attributes, abilities and powers."""
    return {
        slug: replace(trait, roof=roof).bind(slug) if isinstance(trait, Skill | Powers) else trait
        for slug, trait in traits.items()
    }


def _by_name(traits: dict[str, Trait]) -> dict[str, Trait]:
    listed = {
        slug: trait
        for slug, trait in traits.items()
        if isinstance(trait, Skill) and trait.group == "abilities"
    }
    ordered = iter(
        sorted(listed, key=lambda slug: (SECTIONS.index(listed[slug].section), listed[slug].label))
    )
    rest = [slug for slug in traits if slug not in listed]
    place = rest.index("secondary_abilities")
    return {slug: traits[slug] for slug in (*rest[:place], *ordered, *rest[place:])}
