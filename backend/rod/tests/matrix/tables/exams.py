"""Exams: who makes, sits and sees them; certificates, which anybody can verify."""

from rod.tests.matrix.entries import EVERYONE, MEMBERS, OWNER, SIGNED_IN, STORYTELLERS, Audience, Body, Entry
from rod.tests.matrix.people import CODE, INSIDE, STORYTELLER_PERSONAS, Scene

# Those who can read the answers may not sit.
SITTERS = Audience(INSIDE - STORYTELLER_PERSONAS)
MINE = OWNER.minus("root").unseen
OWN = {"prompt": "Where?", "options": ["Here", "There"], "right": 0}
AT = {"code": f"={CODE}"}


def new(scene: Scene) -> dict[str, object]:
    return {"title": "Combat", "system": "v5", "count": 2}


def exam(scene: Scene) -> dict[str, object]:
    return {"exam": str(scene.exam.pk)}


def sitting(**more: object) -> Body:
    return lambda scene: {"sitting": str(scene.sitting.pk), **more}


ANSWERS = [{"question": 1, "choice": 1}]
ONE = "api/exams/<uuid:exam>/"
SITTING = "api/exam-sittings/<uuid:sitting>/"
API = [
    Entry("GET", "api/exams/", SIGNED_IN),
    Entry("POST", "api/chronicles/<uuid:chronicle>/exams/", STORYTELLERS, new),
    Entry("GET", ONE, MEMBERS),
    Entry("PATCH", ONE, STORYTELLERS, lambda scene: {"title": "Lore"}),
    Entry("DELETE", ONE, STORYTELLERS),
    Entry("GET", f"{ONE}draft/", STORYTELLERS),
    Entry("POST", f"{ONE}questions/", STORYTELLERS, lambda scene: OWN),
    Entry("POST", f"{ONE}questions/generate/", STORYTELLERS, lambda scene: {"level": 2, "count": 2}),
    Entry("PATCH", f"{ONE}questions/<str:question>/", STORYTELLERS, lambda scene: {"prompt": "When?"}),
    Entry("DELETE", f"{ONE}questions/<str:question>/", STORYTELLERS),
    Entry("POST", f"{ONE}questions/<str:question>/move/", STORYTELLERS, lambda scene: {"to": 1}),
    Entry("POST", f"{ONE}sittings/", SITTERS),
    Entry("GET", SITTING, MINE),
    Entry("POST", f"{SITTING}answers/", MINE, lambda scene: {"answers": ANSWERS}),
    Entry("POST", f"{SITTING}hand-in/", MINE, lambda scene: {"answers": ANSWERS}),
    Entry("GET", "api/certificates/", SIGNED_IN),
    Entry("GET", "api/certificates/<str:code>/", SIGNED_IN, at=AT),
    Entry("PATCH", "api/certificates/<str:code>/", MINE, lambda scene: {"name": "Lady Mira"}, at=AT),
]
PLACE = "progress/exams/<uuid:exam_id>/"
SAT = "progress/sittings/<uuid:sitting_id>/"
CERTIFICATE = "certificates/<str:code>/"
PAGES = [
    Entry("GET", "progress/exams/", SIGNED_IN),
    Entry("GET", PLACE, MEMBERS),
    Entry("POST", f"{PLACE}start/", SITTERS),
    Entry("GET", SAT, MINE),
    Entry("GET", f"{SAT}clock/", MINE),
    Entry("POST", f"{SAT}answer/", MINE, lambda scene: {"q1": "1"}),
    Entry("POST", f"{SAT}hand-in/", MINE, lambda scene: {"q1": "1"}),
    Entry("GET", "chronicles/<uuid:chronicle_id>/exams/", MEMBERS),
    Entry("POST", "chronicles/<uuid:chronicle_id>/exams/make/", STORYTELLERS, new),
    Entry("GET", f"{PLACE}edit/", STORYTELLERS),
    Entry("POST", f"{PLACE}change/", STORYTELLERS, lambda scene: {"title": "Lore"}),
    Entry("POST", f"{PLACE}generate/", STORYTELLERS, lambda scene: {"level": "2", "count": "2"}),
    Entry(
        "POST",
        f"{PLACE}own/",
        STORYTELLERS,
        lambda scene: {"prompt": "Where?", "option1": "Here", "option2": "There", "right": "0"},
    ),
    Entry(
        "POST",
        f"{PLACE}question/",
        STORYTELLERS,
        lambda scene: {
            "question": scene.exam.questions[0]["id"],
            "prompt": "When?",
            "option1": "Now",
            "option2": "Then",
            "right": "1",
        },
    ),
    Entry(
        "POST",
        f"{PLACE}move/",
        STORYTELLERS,
        lambda scene: {"question": scene.exam.questions[0]["id"], "to": "1"},
    ),
    Entry(
        "POST",
        f"{PLACE}remove/",
        STORYTELLERS,
        lambda scene: {"question": scene.exam.questions[0]["id"]},
    ),
    Entry("POST", f"{PLACE}archive/", STORYTELLERS),
    Entry("GET", CERTIFICATE, EVERYONE, at=AT),
    Entry("GET", f"{CERTIFICATE}picture/", EVERYONE, at=AT),
    Entry("POST", f"{CERTIFICATE}rename/", MINE, lambda scene: {"name": "Lady Mira"}, at=AT),
]
BOT = [
    Entry("POST", "bot/progress/exams/list", SIGNED_IN),
    Entry("POST", "bot/progress/exams/get", MEMBERS, exam),
    Entry("POST", "bot/progress/exams/start", SITTERS, exam),
    Entry("POST", "bot/progress/sittings/get", MINE, sitting()),
    Entry("POST", "bot/progress/sittings/answer", MINE, sitting(answers=ANSWERS)),
    Entry("POST", "bot/progress/sittings/hand-in", MINE, sitting(answers=ANSWERS)),
    Entry("POST", "bot/progress/certificates/list", SIGNED_IN),
]
