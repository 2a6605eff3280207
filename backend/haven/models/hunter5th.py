"""Hunter: The Reckoning, 5th edition. Page numbers are those of its core rule book."""

from haven.models.fifth import Character5th
from haven.models.shared import powers
from rules.traits import Choice, Counter, Flag, Text
from rules.visibility import Level

CREEDS = ("Entrepreneurial", "Faithful", "Inquisitive", "Martial", "Underground")
DRIVES = ("Atonement", "Curiosity", "Envy", "Greed", "Oath", "Pride", "Vengeance")


class Hunter5th(Character5th):
    splat_slug = "hunter5th"
    splat_label = "Hunter"
    command = "hunter"
    stage_parts = {"class": "creed"}

    desperation = Counter(1, 5, 1, group="trackers", tracker=True, page="core 123")
    danger = Counter(1, 5, 1, group="trackers", tracker=True, page="core 124")
    despair = Flag(description="In despair: the drive is lost for now", group="trackers", tracker=True)

    creed = Choice(CREEDS, group="profile", visibility=Level.TABLE, brief=True, page="core 67")
    motive = Choice(DRIVES, group="profile", label="Hunter’s drive", page="core 64")
    redemption = Text(200, group="profile", page="core 64")
    cell = Text(100, group="profile")
    edges = powers("powers", "core 84", label="Edges")

    class Meta:
        proxy = True
