"""Practice: everybody may, in their own drills alone."""

from rod.tests.matrix.entries import OWNER, SIGNED_IN, Body, Entry

MINE = OWNER.minus("root").here
FIRST = {"number": 1, "choice": 0}


def drill(**more: object) -> Body:
    return lambda scene: {"drill": str(scene.drill.pk), **more}


ONE = "api/progress/practice/<uuid:drill>/"
API = [
    Entry("GET", "api/progress/practice/", SIGNED_IN),
    Entry("POST", "api/progress/practice/", SIGNED_IN, lambda scene: {"system": "v5", "level": 1}),
    Entry("GET", ONE, MINE),
    Entry("POST", f"{ONE}answers/", MINE, lambda scene: FIRST),
    Entry("POST", f"{ONE}finish/", MINE),
]
PAGE = "progress/practice/<uuid:drill_id>/"
PAGES = [
    Entry("GET", "progress/practice/", SIGNED_IN),
    Entry("POST", "progress/practice/start/", SIGNED_IN, lambda scene: {"system": "v5", "level": "1"}),
    Entry("POST", f"{PAGE}answer/", MINE, lambda scene: {"number": "1", "choice": "0"}),
    Entry("POST", f"{PAGE}finish/", MINE),
]
BOT = [
    Entry("POST", "bot/progress/practice", SIGNED_IN),
    Entry("POST", "bot/progress/practice/get", MINE, drill()),
    Entry("POST", "bot/progress/practice/answer", MINE, drill(**FIRST)),
    Entry("POST", "bot/progress/practice/finish", MINE, drill()),
]
