from haven.models.changeling20th import Changeling20th
from haven.models.character import Character, DefaultCharacter
from haven.models.demon20th import Demon20th
from haven.models.fantasy import Fantasy
from haven.models.fifth import Character5th
from haven.models.hunter5th import Hunter5th
from haven.models.mage20th import Mage20th
from haven.models.mortal5th import Ghoul5th, Human5th
from haven.models.twentieth import Character20th
from haven.models.vampire5th import Vampire5th
from haven.models.vampire20th import Ghoul20th, Human20th, Vampire20th
from haven.models.werewolf5th import Werewolf5th
from haven.models.werewolf20th import Werewolf20th
from haven.models.wraith20th import Wraith20th

__all__ = [
    "Changeling20th",
    "Character",
    "Character5th",
    "Character20th",
    "DefaultCharacter",
    "Demon20th",
    "Fantasy",
    "Ghoul5th",
    "Ghoul20th",
    "Human5th",
    "Human20th",
    "Hunter5th",
    "Mage20th",
    "Vampire5th",
    "Vampire20th",
    "Werewolf5th",
    "Werewolf20th",
    "Wraith20th",
]
