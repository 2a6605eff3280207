"""Mortals of Vampire: The Masquerade, 5th edition: humans, and ghouls who drink vitae."""

from haven.models.fifth import Character5th
from haven.models.shared import powers
from rules.traits import Choice, Humanity, Text

DOMITORS_HOLD = ("None", "First drink", "Second drink", "Blood bond")


def humanity_track() -> Humanity:
    return Humanity(
        7, excess_to=Character5th.willpower, group="trackers", tracker=True, required=True, page="core 236"
    )


class Human5th(Character5th):
    splat_slug = "human5th"
    splat_label = "Human"
    command = "mortal"

    humanity = humanity_track()
    concept = Text(100, group="profile")
    occupation = Text(100, group="profile")

    class Meta:
        proxy = True


class Ghoul5th(Character5th):
    splat_slug = "ghoul5th"
    splat_label = "Ghoul"
    command = "mortal"
    rouses_for = "health.aggravated"

    humanity = humanity_track()
    domitor = Text(50, group="profile", page="core 234")
    bond = Choice(DOMITORS_HOLD, group="profile", page="core 233")
    apparent_age = Text(20, group="profile")
    disciplines = powers("disciplines", "core 234")

    class Meta:
        proxy = True
