"""Trait declarations that many splats share."""

from rules.traits import Dots, Entries, Powers, Text, Trait

POWER = {
    "name": Text(50, required=True),
    "level": Dots(1, 5, 1),
    "amalgam": Text(50),
    "cost": Text(50),
    "dice_pool": Text(200),
    "duration": Text(50),
    "description": Text(1000, multiline=True),
    "system": Text(1000, multiline=True),
}


def powers(group: str, page: str, *, label: str = "", high: int = 5, limit: int = 20) -> Trait:
    """Disciplines and their like: a name, a rating, and the powers known of it."""
    return Powers(
        {
            "name": Text(50, required=True),
            "dots": Dots(0, high, 1),
            "source": Text(50),
            "description": Text(4000, multiline=True),
            "characteristics": Text(3000, multiline=True),
            "powers": Entries(POWER, limit=25, rating="level", label="Powers"),
        },
        limit=limit,
        group=group,
        label=label,
        page=page,
    )


def advantages(label: str, page: str, *, group: str = "advantages", limit: int = 40, high: int = 5) -> Trait:
    """Merits, backgrounds and their like: a name, dots, and what the table wants to remember of it."""
    return Entries(
        {
            "name": Text(80, required=True),
            "rating": Dots(0, high, 1, label="Dots"),
            "modifier": Dots(0, 10, 0, label="Bonus dice"),
            "description": Text(1000, multiline=True),
            "notes": Text(1000, multiline=True),
        },
        limit=limit,
        rating="rating",
        group=group,
        label=label,
        page=page,
    )


def named(label: str, page: str, *, group: str, high: int = 5, limit: int = 40) -> Trait:
    """Gifts, rites, passions and their like: a name with a level and its text."""
    return Entries(
        {
            "name": Text(80, required=True),
            "level": Dots(0, high, 1),
            "description": Text(2000, multiline=True),
        },
        limit=limit,
        rating="level",
        group=group,
        label=label,
        page=page,
    )
