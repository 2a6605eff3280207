"""Demon: The Fallen, played with the 20th anniversary rules. Page numbers are those of its core book."""

from haven.models.shared import powers
from haven.models.twentieth import Character20th, virtue
from rules.traits import Choice, Pool, Rollover, Text
from rules.visibility import Level

HOUSES = ("Devil", "Scourge", "Malefactor", "Fiend", "Defiler", "Devourer", "Slayer")
FACTIONS = ("Cryptics", "Faustians", "Luciferans", "Raveners", "Reconcilers")


class Demon20th(Character20th):
    splat_slug = "demon20th"
    splat_label = "Demon"
    command = "demon"
    stage_parts = {"class": "house"}

    faith = Pool(1, 10, 3, group="trackers", tracker=True, required=True, page="248")
    torment = Rollover(4, 0, group="trackers", tracker=True, required=True, page="262")

    house = Choice(HOUSES, group="profile", visibility=Level.TABLE, brief=True, page="86")
    faction = Choice(FACTIONS, group="profile", page="116")
    visage = Text(100, group="profile")
    celestial_name = Text(100, group="profile")
    host = Text(500, multiline=True, group="profile")
    apocalyptic_form = Text(2000, multiline=True, group="powers", page="168")
    conscience = virtue("132")
    conviction = virtue("132")
    courage = virtue("132")
    lores = powers("powers", "168", label="Lores")
    pacts = Text(1000, multiline=True, group="powers")

    class Meta:
        proxy = True
