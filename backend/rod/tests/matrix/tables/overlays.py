"""Overlays, and what a producer decides."""

from rod.tests.matrix.entries import EVERYONE, STORYTELLERS, Body, Entry
from rod.tests.matrix.people import Scene

CHRONICLE = "api/chronicles/<uuid:chronicle>/"
STAGE = CHRONICLE + "stage/"
ONE = "api/overlays/<uuid:overlay>/"
SECRET = STORYTELLERS.unseen


def said(**more: object) -> Body:
    return lambda scene: more


def hidden(scene: Scene) -> dict[str, object]:
    return {"character": str(scene.owl.pk)}


def rolled(scene: Scene) -> dict[str, object]:
    return {"roll": str(scene.roll.pk)}


def producer(scene: Scene) -> dict[str, object]:
    return {"user": str(scene.other.pk)}


API = [
    Entry("GET", CHRONICLE + "overlays/", STORYTELLERS),
    Entry("POST", CHRONICLE + "overlays/", STORYTELLERS, said(name="Rolls", kind="rolls")),
    Entry("PATCH", ONE, SECRET, said(delay=10)),
    Entry("DELETE", ONE, SECRET),
    Entry("POST", ONE + "renew/", SECRET),
    Entry("GET", CHRONICLE + "layout/", STORYTELLERS),
    Entry(
        "PATCH", CHRONICLE + "layout/", STORYTELLERS, said(tier="large", badges={"rolls": {"x": 1, "y": 2}})
    ),
    Entry("POST", CHRONICLE + "layout/preview/", STORYTELLERS, said(css=".name { color: red }")),
    Entry("GET", STAGE, STORYTELLERS),
    Entry("POST", STAGE + "blackout/", STORYTELLERS),
    Entry("POST", STAGE + "hidden/", STORYTELLERS, hidden),
    Entry("POST", STAGE + "veto/", STORYTELLERS, rolled),
    Entry("POST", STAGE + "again/", STORYTELLERS, rolled),
    Entry("POST", STAGE + "title/", STORYTELLERS, said(title="The Red Ledger")),
    Entry("POST", STAGE + "undo/", STORYTELLERS),
    Entry("POST", STAGE + "producers/", STORYTELLERS, producer),
]
LISTED = "chronicles/<uuid:chronicle_id>/overlays/"
PANEL = "chronicles/<uuid:chronicle_id>/stage/"
FORM = {
    "name": "Rolls", "kind": "rolls", "theme": "plain", "tier": "large", "motion": "auto", "language": "en",
    "delay": "0", "moment_delay": "0", "hold": "8", "css": "",
}  # fmt: skip
PAGES = [
    Entry("GET", LISTED, STORYTELLERS),
    Entry("POST", LISTED, STORYTELLERS, said(**FORM)),
    Entry("GET", PANEL, STORYTELLERS),
    Entry("GET", PANEL + "layout/", STORYTELLERS),
    Entry("POST", PANEL + "blackout/", STORYTELLERS, said(on="yes")),
    Entry("POST", PANEL + "hide/", STORYTELLERS, hidden),
    Entry("POST", PANEL + "veto/", STORYTELLERS, rolled),
    Entry("POST", PANEL + "again/", STORYTELLERS, rolled),
    Entry("POST", PANEL + "title/", STORYTELLERS, said(title="The Red Ledger")),
    Entry("POST", PANEL + "undo/", STORYTELLERS),
    Entry("POST", PANEL + "producer/", STORYTELLERS, producer),
    Entry("POST", "overlays/<uuid:overlay_id>/change/", SECRET, said(**FORM)),
    Entry("POST", "overlays/<uuid:overlay_id>/renew/", SECRET),
    Entry("POST", "overlays/<uuid:overlay_id>/remove/", SECRET),
    Entry("GET", "overlay/<str:token>/", EVERYONE),
    Entry("GET", "overlay/worker.js", EVERYONE),
    Entry("GET", "overlay/frame/", EVERYONE),
]
