"""Characters: the sheet, its history, what may be shown, deleted and brought back."""

from rod.tests.matrix.entries import (
    EDITORS,
    EVERYONE,
    MEMBERS,
    OWNER,
    READERS,
    SIGNED_IN,
    STORYTELLERS,
    THE_KEY,
    Audience,
    Body,
    Entry,
)
from rod.tests.matrix.people import INSIDE, OUTSIDE, Scene

HUNGER = [{"path": "hunger", "op": "set", "value": 2}]
STRENGTH = [{"path": "strength", "op": "set", "value": 2}]
ONE = "api/characters/<uuid:character>/"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060"
    "0000000400015c0cdb0e0000000049454e44ae426082"
)
# An API calls the parameter by the field of the input, a page by its view's argument.
LOCKED, GONE, STAYED, FOX = (
    dict.fromkeys(("character", "character_id"), name) for name in ("locked", "gone", "owl_of_former", "fox")
)
# Another player's: here `player` is somebody else.
EDITORS_OF_FOX = Audience(STORYTELLERS.may | {"other"})
# Played here by somebody who has left: theirs, and the storytellers'.
LEFT_BEHIND = Audience((INSIDE - {"player"}) | {"player", "former"}, OUTSIDE - {"former"})


def changes(wanted: list[dict[str, object]]) -> Body:
    return lambda scene: {"changes": wanted}


def new(scene: Scene) -> dict[str, object]:
    return {"splat": "vampire5th", "name": "Newcomer", "changes": []}


def named(attribute: str = "owl", **more: object) -> Body:
    return lambda scene: {"character": str(getattr(scene, attribute).pk), **more}


def elsewhere(scene: Scene) -> dict[str, object]:
    return {"chronicle": str(scene.second.pk)}


API = [
    Entry("GET", "api/schema/splats/", EVERYONE),
    Entry("GET", "api/characters/", SIGNED_IN),
    Entry("GET", "api/characters/", SIGNED_IN, lambda scene: {"deleted": "1"}),
    Entry("POST", "api/characters/", SIGNED_IN, new),
    Entry(
        "POST", "api/characters/", MEMBERS, lambda scene: new(scene) | {"chronicle": str(scene.chronicle.pk)}
    ),
    Entry("GET", ONE, MEMBERS),
    Entry("GET", ONE, LEFT_BEHIND, at=STAYED),
    Entry("GET", ONE, Audience(frozenset()).unseen, at=GONE),
    Entry("PATCH", ONE, EDITORS, changes(HUNGER)),
    Entry("PATCH", ONE, EDITORS, changes(HUNGER), at=LOCKED),
    Entry("PATCH", ONE, STORYTELLERS, changes(STRENGTH), at=LOCKED),
    Entry("PATCH", ONE, STORYTELLERS, changes([{"path": "locked", "op": "set", "value": True}])),
    Entry("PATCH", ONE, STORYTELLERS, changes([{"path": "haven_name", "op": "set", "value": "Attic"}])),
    Entry("DELETE", ONE, OWNER),
    Entry("POST", ONE + "restore/", OWNER, at=GONE),
    Entry("POST", ONE + "undo/", EDITORS),
    Entry("POST", ONE + "move/", EDITORS_OF_FOX, elsewhere, at=FOX),
    Entry("GET", ONE + "history/", READERS),
    Entry("PUT", ONE + "visibility/", EDITORS, lambda scene: {"trait": "sire", "level": "table"}),
    Entry("PUT", ONE + "portrait/", EDITORS, raw=PICTURE),
    Entry("DELETE", ONE + "portrait/", EDITORS),
]
PAGES = [
    Entry("POST", "example/", SIGNED_IN),
    Entry("GET", "", EVERYONE),
    Entry("GET", "characters/<uuid:character_id>/", MEMBERS),
    Entry("GET", "characters/<uuid:character_id>/", LEFT_BEHIND, at=STAYED),
    Entry("GET", "characters/<uuid:character_id>/", Audience(frozenset()).unseen, at=GONE),
    Entry("GET", "characters/<uuid:character_id>/history/", READERS),
    Entry("GET", "characters/<uuid:character_id>/move/", EDITORS_OF_FOX, at=FOX),
    Entry("POST", "characters/<uuid:character_id>/move/", EDITORS_OF_FOX, elsewhere, at=FOX),
]
BOT = [
    Entry(
        "POST", "bot/characters/move", EDITORS_OF_FOX, lambda scene: named("fox")(scene) | elsewhere(scene)
    ),
    Entry("GET", "bot/schema", THE_KEY),
    Entry("GET", "bot/characters", SIGNED_IN),
    Entry("GET", "bot/characters", SIGNED_IN, lambda scene: {"deleted": "1"}),
    Entry("POST", "bot/characters", SIGNED_IN, new),
    Entry("PATCH", "bot/characters", EDITORS, named(changes=HUNGER)),
    Entry("PATCH", "bot/characters", EDITORS, named("locked", changes=HUNGER)),
    Entry("PATCH", "bot/characters", STORYTELLERS, named("locked", changes=STRENGTH)),
    Entry("DELETE", "bot/characters", OWNER, named()),
    Entry("POST", "bot/characters/get", MEMBERS, named()),
    Entry("POST", "bot/characters/get", LEFT_BEHIND, named("owl_of_former")),
    Entry("PUT", "bot/characters/avatar", EDITORS, named(url="https://cdn.discordapp.com/a.png")),
    Entry("POST", "bot/characters/restore", OWNER, named("gone")),
    Entry("POST", "bot/characters/undo", EDITORS, named()),
    Entry("POST", "bot/characters/history", READERS, named()),
    Entry("POST", "bot/characters/default", Audience(frozenset({"player"})), named()),
    Entry("POST", "bot/characters/default", SIGNED_IN),
    Entry("GET", "bot/characters/traits", MEMBERS, named()),
    Entry("GET", "bot/characters/entries", MEMBERS, named(trait="disciplines")),
]
