"""Columns and traits that every character has, whatever its splat.

Some of these traits are stored in columns; they change, show, and are told exactly as those of the sheet. `COLUMNS`
says where such a value lives.
"""

from functools import cache

from rules.traits import Choice, Colour, Experience, Flag, Text, Trait
from rules.visibility import Level

COMMON: dict[str, Trait] = {
    slug: trait.bind(slug)
    for slug, trait in {
        "name": Text(50, required=True, group="identity", visibility=Level.TABLE, writer="player"),
        "status": Choice(
            ("draft", "active", "dead", "archived"),
            free_text=False,
            first="active",
            group="identity",
            visibility=Level.TABLE,
            writer="player",
        ),
        "theme": Colour(7, label="Colour", group="identity", visibility=Level.TABLE),
        "avatar": Text(300, label="Portrait", group="identity", visibility=Level.TABLE, writer="system"),
        "locked": Flag(label="Locked by a storyteller", group="identity", writer="storyteller"),
        "experience": Experience(group="experience"),
        "date_of_birth": Text(20, group="profile"),
        "age": Text(20, group="profile"),
        "history": Text(6000, multiline=True, group="profile"),
        "notes": Text(6000, multiline=True, group="notes"),
        "more_notes": Text(6000, multiline=True, group="notes"),
        "storyteller_notes": Text(
            6000,
            multiline=True,
            group="notes",
            visibility=Level.SECRET,
            writer="storyteller",
            label="Storyteller's notes",
        ),
    }.items()
}

# Path → column. What is not named here lives in the sheet document.
COLUMNS: dict[str, str] = {
    "name": "name",
    "status": "status",
    "theme": "theme",
    "avatar": "avatar",
    "locked": "locked",
    "experience.total": "experience_total",
    "experience.current": "experience_current",
}


@cache
def columns_of(slug: str) -> dict[str, str]:
    """Return the columns of one trait by the part they hold; "" is the whole value."""
    return {
        path.partition(".")[2]: column for path, column in COLUMNS.items() if path.partition(".")[0] == slug
    }


GROUPS: dict[str, str] = {
    "identity": "Identity",
    "trackers": "Trackers",
    "attributes": "Attributes",
    "skills": "Skills",
    "abilities": "Abilities",
    "virtues": "Virtues",
    "disciplines": "Disciplines",
    "powers": "Powers",
    "blood": "Blood",
    "renown": "Renown",
    "advantages": "Advantages",
    "features": "Features",
    "spells": "Spells",
    "equipment": "Equipment",
    "beliefs": "Beliefs",
    "haven": "Haven",
    "profile": "Profile",
    "experience": "Experience",
    "notes": "Notes",
}
