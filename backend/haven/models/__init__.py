from haven.models.character import Character, DefaultCharacter
from haven.models.fifth import Character5th
from haven.models.vampire5th import Vampire5th

__all__ = ["Character", "Character5th", "DefaultCharacter", "Vampire5th"]
