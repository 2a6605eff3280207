"""Badges and helpful acts: everybody's own, and what storytellers decide about."""

from rod.tests.matrix.entries import MEMBERS, SIGNED_IN, STORYTELLERS, Body, Entry
from rod.tests.matrix.people import Scene

# It is about the other player, who cannot say it of themselves; nobody decides about their own.
OTHERS = MEMBERS.minus("other")
HELP = {"text": "Read the rules to us"}


def helped(scene: Scene) -> dict[str, object]:
    return HELP | {"user": str(scene.people["other"].pk)}


def honour(**more: object) -> Body:
    return lambda scene: {"honour": str(scene.honour.pk), **more}


ONE = "honours/<uuid:honour>/"
API = [
    Entry("GET", "api/users/me/badges/", SIGNED_IN),
    Entry("POST", "api/chronicles/<uuid:chronicle>/helpful-acts/", OTHERS, helped),
    Entry("GET", "api/chronicles/<uuid:chronicle>/honours/", STORYTELLERS),
    Entry("GET", f"api/{ONE}", STORYTELLERS),
    Entry("POST", f"api/{ONE}confirm/", STORYTELLERS),
    Entry("POST", f"api/{ONE}refuse/", STORYTELLERS, lambda scene: {"reason": "Who?"}),
]
BOT = [
    Entry("POST", "bot/progress/badges", SIGNED_IN),
    Entry(
        "POST",
        "bot/progress/helped",
        OTHERS,
        lambda scene: helped(scene) | {"chronicle": str(scene.chronicle.pk)},
    ),
    Entry("POST", "bot/progress/honours", STORYTELLERS.here),
    Entry("POST", "bot/progress/honours/get", STORYTELLERS, honour()),
    Entry("POST", "bot/progress/honours/confirm", STORYTELLERS, honour()),
    Entry("POST", "bot/progress/honours/refuse", STORYTELLERS, honour()),
]
PAGES = [
    Entry("GET", "progress/badges/", SIGNED_IN),
    Entry("GET", "chronicles/<uuid:chronicle_id>/honours/", MEMBERS),
    Entry("POST", "chronicles/<uuid:chronicle_id>/honours/report/", OTHERS, helped),
    Entry("POST", "honours/<uuid:honour_id>/confirm/", STORYTELLERS),
    Entry("POST", "honours/<uuid:honour_id>/refuse/", STORYTELLERS),
]
