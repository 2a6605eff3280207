"""The storyteller's desk: what waits, awards, notes, locks."""

from rod.tests.matrix.entries import EDITORS, OBSERVERS, STORYTELLERS, Audience, Body, Entry
from rod.tests.matrix.people import Scene
from rod.tests.matrix.tables.characters import named

PROPOSAL = {"changes": [{"path": "dexterity", "op": "set", "value": 3}], "text": "Months"}
AWARD = {"amount": 2, "reason": "Session 4"}
NOTE = {"title": "The prince", "text": "Lies"}
# Whose the waiting submission is, and who decides about it; it is hidden from all others.
CONCERNED = EDITORS.unseen
DECIDES = Audience(STORYTELLERS.may, CONCERNED.hidden)
AUTHOR = Audience(frozenset({"player"}), CONCERNED.hidden)
NOTES = STORYTELLERS.unseen


def submission(**more: object) -> Body:
    return lambda scene: {"submission": str(scene.submission.pk), **more}


def awarded(scene: Scene) -> dict[str, object]:
    return AWARD | {"characters": [str(scene.owl.pk)]}


def note(scene: Scene) -> dict[str, object]:
    return {"note": str(scene.note.pk)}


ONE = "api/submissions/<uuid:submission>/"
PAGE = "submissions/<uuid:submission_id>/"
API = [
    Entry("GET", "api/chronicles/<uuid:chronicle>/desk/", OBSERVERS),
    Entry("POST", "api/chronicles/<uuid:chronicle>/awards/", STORYTELLERS, awarded),
    Entry("GET", "api/chronicles/<uuid:chronicle>/notes/", STORYTELLERS),
    Entry("POST", "api/chronicles/<uuid:chronicle>/notes/", STORYTELLERS, lambda scene: NOTE),
    Entry("PATCH", "api/notes/<uuid:note>/", NOTES, lambda scene: {"text": "Dead"}),
    Entry("DELETE", "api/notes/<uuid:note>/", NOTES),
    Entry("POST", "api/submissions/", EDITORS, named("locked", **PROPOSAL)),
    Entry("GET", ONE, CONCERNED),
    Entry("POST", ONE + "comments/", CONCERNED, lambda scene: {"text": "Hm"}),
    Entry("POST", ONE + "approve/", DECIDES),
    Entry("POST", ONE + "return/", DECIDES, lambda scene: {"reason": "Later"}),
    Entry("POST", ONE + "withdraw/", AUTHOR),
]
PAGES = [
    Entry("GET", "chronicles/<uuid:chronicle_id>/desk/", OBSERVERS),
    Entry(
        "POST",
        "chronicles/<uuid:chronicle_id>/award/",
        STORYTELLERS,
        lambda scene: {"character": [str(scene.owl.pk)], "amount": "2", "reason": "Session 4"},
    ),
    Entry("POST", "chronicles/<uuid:chronicle_id>/notes/", STORYTELLERS, lambda scene: NOTE),
    Entry("POST", "notes/<uuid:note_id>/remove/", NOTES),
    Entry("POST", PAGE, DECIDES, lambda scene: {"do": "approve"}),
    Entry("POST", PAGE, DECIDES, lambda scene: {"do": "return", "words": "Later"}),
    Entry("POST", PAGE, CONCERNED, lambda scene: {"do": "comment", "words": "Hm"}),
    Entry("POST", PAGE, AUTHOR, lambda scene: {"do": "withdraw"}),
    Entry("POST", "characters/<uuid:character_id>/lock/", STORYTELLERS, lambda scene: {"locked": "yes"}),
    Entry("GET", "characters/<uuid:character_id>/proposals/", EDITORS),
    Entry(
        "POST",
        "characters/<uuid:character_id>/proposals/",
        EDITORS,
        lambda scene: {"trait": "dexterity", "value": "3", "text": "Months"},
        at={"character_id": "locked"},
    ),
]
BOT = [
    Entry("POST", "bot/desk", OBSERVERS.here),
    Entry("POST", "bot/awards", STORYTELLERS.here, awarded),
    Entry("POST", "bot/notes", STORYTELLERS.here, lambda scene: NOTE),
    Entry("POST", "bot/notes/list", STORYTELLERS.here),
    Entry("POST", "bot/notes/remove", NOTES, note),
    Entry("POST", "bot/submissions", EDITORS, named("locked", **PROPOSAL)),
    Entry("POST", "bot/submissions/waiting", OBSERVERS.here),
    Entry("POST", "bot/submissions/get", CONCERNED, submission()),
    Entry("POST", "bot/submissions/comment", CONCERNED, submission(text="Hm")),
    Entry("POST", "bot/submissions/approve", DECIDES, submission()),
    Entry("POST", "bot/submissions/return", DECIDES, submission(reason="Later")),
    Entry("POST", "bot/submissions/withdraw", AUTHOR, submission()),
]
