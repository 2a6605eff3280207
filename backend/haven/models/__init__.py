from haven.models.character import Character, DefaultCharacter

__all__ = ["Character", "DefaultCharacter"]
