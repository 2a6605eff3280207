"""What every 5th-edition character has (Vampire core 150–160, Werewolf and Hunter alike)."""

from haven.models.character import Character
from haven.models.shared import advantages
from rules.traits import Dots, Skill, Text, Trait
from rules.traits.tracks import DamageTrack5th
from rules.visibility import Level

PHYSICAL, SOCIAL, MENTAL = "physical", "social", "mental"


def attribute(section: str, page: str) -> Trait:
    return Dots(1, 5, 1, group="attributes", section=section, page=page)


def skill(section: str, page: str) -> Trait:
    return Skill(group="skills", section=section, page=page)


class Character5th(Character):
    edition = "5th"

    health = DamageTrack5th(
        4,
        follows=("stamina",),
        full="torpor_or_death",
        group="trackers",
        tracker=True,
        required=True,
        page="core 126",
    )
    willpower = DamageTrack5th(
        2,
        follows=("composure", "resolve"),
        full="breakdown",
        group="trackers",
        tracker=True,
        required=True,
        page="core 126",
    )

    strength = attribute(PHYSICAL, "core 152")
    dexterity = attribute(PHYSICAL, "core 152")
    stamina = attribute(PHYSICAL, "core 153")
    charisma = attribute(SOCIAL, "core 154")
    manipulation = attribute(SOCIAL, "core 154")
    composure = attribute(SOCIAL, "core 155")
    intelligence = attribute(MENTAL, "core 155")
    wits = attribute(MENTAL, "core 156")
    resolve = attribute(MENTAL, "core 156")

    athletics = skill(PHYSICAL, "core 161")
    brawl = skill(PHYSICAL, "core 162")
    craft = skill(PHYSICAL, "core 163")
    drive = skill(PHYSICAL, "core 163")
    firearms = skill(PHYSICAL, "core 164")
    larceny = skill(PHYSICAL, "core 166")
    melee = skill(PHYSICAL, "core 165")
    stealth = skill(PHYSICAL, "core 167")
    survival = skill(PHYSICAL, "core 167")
    animal_ken = skill(SOCIAL, "core 168")
    etiquette = skill(SOCIAL, "core 169")
    insight = skill(SOCIAL, "core 170")
    intimidation = skill(SOCIAL, "core 170")
    leadership = skill(SOCIAL, "core 171")
    performance = skill(SOCIAL, "core 172")
    persuasion = skill(SOCIAL, "core 172")
    streetwise = skill(SOCIAL, "core 173")
    subterfuge = skill(SOCIAL, "core 174")
    academics = skill(MENTAL, "core 175")
    awareness = skill(MENTAL, "core 175")
    finance = skill(MENTAL, "core 176")
    investigation = skill(MENTAL, "core 177")
    medicine = skill(MENTAL, "core 178")
    occult = skill(MENTAL, "core 178")
    politics = skill(MENTAL, "core 179")
    science = skill(MENTAL, "core 180")
    technology = skill(MENTAL, "core 181")

    merits = advantages("Merits", "core 179")
    flaws = advantages("Flaws", "core 179")
    backgrounds = advantages("Backgrounds", "core 184")
    loresheets = advantages("Loresheets", "core 382")

    appearance = Text(1000, multiline=True, group="profile", visibility=Level.TABLE)
    ambition = Text(100, group="beliefs")
    desire = Text(100, group="beliefs")
    tenets = Text(1000, multiline=True, group="beliefs", label="Chronicle tenets", page="core 172")
    convictions = Text(2000, multiline=True, group="beliefs", page="core 172")
    touchstones = Text(2000, multiline=True, group="beliefs", page="core 173")

    class Meta:
        proxy = True
