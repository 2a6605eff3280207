"""All splats. A new one is a file in `models/` and a line here."""

from haven import models
from haven.models import Character

SPLATS: dict[str, type[Character]] = {
    "vampire5th": models.Vampire5th,
    "human5th": models.Human5th,
    "ghoul5th": models.Ghoul5th,
    "hunter5th": models.Hunter5th,
    "werewolf5th": models.Werewolf5th,
    "vampire20th": models.Vampire20th,
    "ghoul20th": models.Ghoul20th,
    "human20th": models.Human20th,
    "werewolf20th": models.Werewolf20th,
    "changeling20th": models.Changeling20th,
    "mage20th": models.Mage20th,
    "wraith20th": models.Wraith20th,
    "demon20th": models.Demon20th,
    "fantasy": models.Fantasy,
}
