"""Conflicts: who runs one, who takes part, and for whom."""

from rod.tests.matrix.entries import EDITORS, MEMBERS, STORYTELLERS, Body, Entry
from rod.tests.matrix.people import Scene

CHRONICLE = "api/chronicles/<uuid:chronicle>/conflicts/"
ONE = "api/conflicts/<uuid:conflict>/"
PAGE = "conflicts/<uuid:conflict_id>/"
LIST = "chronicles/<uuid:chronicle_id>/conflicts/"
ROLLING = {"conflict": "rolling", "conflict_id": "rolling"}
OWL = {"participant": "Night Owl"}
BLIND = {"text": "Blinded", "until": "scene"}


def said(**more: object) -> Body:
    return lambda scene: more


def there(body: Body, attribute: str = "conflict") -> Body:
    """As the Discord process names a conflict."""
    return lambda scene: {"conflict": str(getattr(scene, attribute).pk)} | body(scene)


def lifted(scene: Scene) -> dict[str, object]:
    return {"effect": scene.effect}


DECLARED = said(action="She runs", category="other", **OWL)
RENAMED = said(changes={"name": "Owl"}, **OWL)
HIDDEN = said(name="Ambusher", hidden=True)
API = [
    Entry("GET", CHRONICLE, MEMBERS),
    Entry("POST", CHRONICLE, STORYTELLERS, said(kind="cod", title="A chase")),
    Entry("POST", CHRONICLE + "time/", STORYTELLERS, said(passed="scene")),
    Entry("GET", ONE, MEMBERS),
    Entry("POST", ONE + "roll/", MEMBERS, said(name="A passer-by", rating=4), at=ROLLING),
    Entry("POST", ONE + "join/", MEMBERS, said(name="A passer-by")),
    Entry("POST", ONE + "join/", STORYTELLERS, HIDDEN),
    Entry("POST", ONE + "join/", STORYTELLERS, said(everybody=True)),
    Entry("POST", ONE + "declare/", EDITORS, DECLARED),
    Entry("POST", ONE + "move/", STORYTELLERS, said(move="rewind")),
    Entry("POST", ONE + "move/", STORYTELLERS, said(move="end")),
    Entry("POST", ONE + "change/", EDITORS, RENAMED),
    Entry("POST", ONE + "change/", STORYTELLERS, said(changes={"hidden": True}, **OWL)),
    Entry("POST", ONE + "leave/", EDITORS, said(**OWL)),
    Entry("POST", ONE + "effect/", EDITORS, said(**BLIND, **OWL)),
    Entry("POST", ONE + "effect/", STORYTELLERS, said(**BLIND)),
    Entry("POST", ONE + "lift/", EDITORS, lifted),
]
PAGES = [
    Entry("GET", LIST, MEMBERS),
    Entry("POST", LIST, STORYTELLERS, said(kind="cod", title="A chase")),
    Entry("POST", LIST + "time/", STORYTELLERS, said(passed="scene")),
    Entry("GET", PAGE, MEMBERS),
    Entry("POST", PAGE + "roll/", MEMBERS, said(name="A passer-by", rating="4"), at=ROLLING),
    Entry("POST", PAGE + "join/", MEMBERS, said(name="A passer-by")),
    Entry("POST", PAGE + "join/", STORYTELLERS, said(name="Ambusher", hidden="yes")),
    Entry("POST", PAGE + "join/", STORYTELLERS, said(everybody="yes")),
    Entry("POST", PAGE + "declare/", EDITORS, DECLARED),
    Entry("POST", PAGE + "move/", STORYTELLERS, said(move="rewind")),
    Entry("POST", PAGE + "move/", STORYTELLERS, said(move="end")),
    Entry("POST", PAGE + "change/", EDITORS, said(name="Owl", **OWL)),
    Entry("POST", PAGE + "change/", STORYTELLERS, said(hidden="yes", **OWL)),
    Entry("POST", PAGE + "leave/", EDITORS, said(**OWL)),
    Entry("POST", PAGE + "effect/", EDITORS, said(**BLIND, **OWL)),
    Entry("POST", PAGE + "effect/", STORYTELLERS, said(**BLIND)),
    Entry("POST", PAGE + "lift/", EDITORS, lifted),
    Entry("POST", PAGE + "time/", STORYTELLERS, said(passed="night")),
]
BOT = [
    Entry("POST", "bot/conflicts", STORYTELLERS.here, said(kind="cod", title="A chase")),
    Entry("POST", "bot/conflicts/list", MEMBERS.plus("stranger")),
    Entry("POST", "bot/conflicts/get", MEMBERS, there(said())),
    Entry("POST", "bot/conflicts/time", STORYTELLERS.here, said(passed="scene")),
    Entry("POST", "bot/conflicts/roll", MEMBERS, there(said(name="A passer-by", rating=4), "rolling")),
    Entry("POST", "bot/conflicts/join", MEMBERS, there(said(name="A passer-by"))),
    Entry("POST", "bot/conflicts/declare", EDITORS, there(DECLARED)),
    Entry("POST", "bot/conflicts/move", STORYTELLERS, there(said(move="end"))),
    Entry("POST", "bot/conflicts/change", EDITORS, there(RENAMED)),
    Entry("POST", "bot/conflicts/leave", EDITORS, there(said(**OWL))),
    Entry("POST", "bot/conflicts/effect", EDITORS, there(said(**BLIND, **OWL))),
    Entry("POST", "bot/conflicts/lift", EDITORS, there(lifted)),
]
