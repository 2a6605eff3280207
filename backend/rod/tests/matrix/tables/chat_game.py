"""Chat in the game: as whom one writes, rolls in a room, what is hidden, the cast, and scenes."""

from rod.tests.matrix.entries import EDITORS, MEMBERS, SIGNED_IN, STORYTELLERS, Audience, Entry
from rod.tests.matrix.people import STORYTELLER_PERSONAS, Scene
from rod.tests.matrix.tables.characters import PICTURE
from rod.tests.matrix.tables.messages import FEW, ROOM, VAULT, says

ROLLER = Audience(frozenset({"player"}))
# Who plays the fox, and who may play anybody.
FOXES = Audience(STORYTELLER_PERSONAS | {"other"})
UNREVEALED = {"message_id": "unrevealed"}

CAST = "api/chronicles/<uuid:chronicle>/cast/"
MEMBER = CAST + "<uuid:member>/"
SCENE = "api/chat/scenes/<uuid:scene>/"
PART = SCENE + "parts/<uuid:part>/"
OVER = {"scene_id": "over"}


def of_player(scene: Scene) -> dict[str, object]:
    return {"players": [str(scene.people["player"].pk)], "pool": 3, "system": "v5"}


API = [
    Entry("GET", ROOM + "speakers/", MEMBERS),
    Entry("PUT", ROOM + "speakers/", MEMBERS, says(speaks_as=None)),
    Entry("GET", ROOM + "speakers/", FEW, at=VAULT),
    Entry("GET", ROOM + "voices/", MEMBERS, lambda scene: {"ids": str(scene.owl.pk)}),
    Entry("POST", ROOM + "rolls/", ROLLER, lambda scene: {"roll": str(scene.roll.pk)}),
    Entry("POST", ROOM + "requests/", STORYTELLERS, of_player),
    Entry("POST", ROOM + "messages/<uuid:message>/reveal/", STORYTELLERS.unseen, at=UNREVEALED),
    Entry("GET", CAST, STORYTELLERS),
    Entry("POST", CAST, STORYTELLERS, says(name="Somebody else")),
    Entry("PATCH", MEMBER, STORYTELLERS, says(name="The Sheriff")),
    Entry("PUT", MEMBER + "portrait/", STORYTELLERS, raw=PICTURE),
    Entry("DELETE", MEMBER + "portrait/", STORYTELLERS),
    Entry("DELETE", MEMBER, STORYTELLERS),
    Entry("GET", ROOM + "scene/", MEMBERS),
    Entry("POST", ROOM + "scene/", FEW, says(title="In the vault"), at=VAULT),
    Entry("GET", SCENE, MEMBERS),
    Entry("PATCH", SCENE, STORYTELLERS, says(place="The docks")),
    Entry("POST", SCENE + "parts/", FOXES, lambda scene: {"speaker": str(scene.fox.pk)}),
    Entry("PUT", SCENE + "parts/", STORYTELLERS, says(parts=[])),
    Entry("PUT", PART + "away/", EDITORS, says(away=True)),
    Entry("DELETE", PART, EDITORS),
    Entry("POST", SCENE + "turn/", EDITORS),
    Entry("POST", SCENE + "nudge/", EDITORS),
    Entry("POST", SCENE + "close/", STORYTELLERS),
    Entry("POST", SCENE + "reopen/", STORYTELLERS, at=OVER),
    Entry("GET", SCENE + "log/", MEMBERS, says(asides=True)),
    Entry("GET", SCENE + "log/<str:kind>/", MEMBERS, says(asides="true"), at={"kind": "=md"}),
    Entry("GET", "api/chronicles/<uuid:chronicle>/scenes/", MEMBERS),
]
PAGES = [
    Entry("GET", "talk/rolls/", SIGNED_IN, lambda scene: {"rolls": str(scene.hidden_roll.pk)}),
    Entry("GET", "scenes/<uuid:scene_id>/", MEMBERS, says(asides="true")),
    Entry("GET", "chronicles/<uuid:chronicle_id>/scenes/", MEMBERS),
]
