"""The public face of a chronicle: its storytellers decide about it."""

from rod.tests.matrix.entries import SIGNED_IN, STORYTELLERS, Body, Entry
from rod.tests.matrix.people import Scene

API_HERE = "api/chronicles/<uuid:chronicle>/campaign/"
PAGE_HERE = "chronicles/<uuid:chronicle_id>/campaign/"


def said(**more: object) -> Body:
    return lambda scene: more


def owl(scene: Scene) -> dict[str, object]:
    return {"character": str(scene.owl.pk), "on": True}


def shown(scene: Scene) -> dict[str, object]:
    return {"character": str(scene.owl.pk), "on": "no"}


def roster(scene: Scene) -> dict[str, object]:
    return {"character_ids": [str(scene.owl.pk)]}


def claim(scene: Scene) -> dict[str, object]:
    return {"token": scene.unclaimed}


API = [
    Entry("GET", API_HERE, STORYTELLERS),
    Entry("PATCH", API_HERE, STORYTELLERS, said(delay=5)),
    Entry("POST", API_HERE + "publish/", STORYTELLERS),
    Entry("POST", API_HERE + "unpublish/", STORYTELLERS),
    Entry("PUT", API_HERE + "roster/", STORYTELLERS, roster),
    Entry("PATCH", API_HERE + "roster/", STORYTELLERS, owl),
    Entry("PUT", API_HERE + "shown/", STORYTELLERS, owl),
    Entry("POST", API_HERE + "token/", STORYTELLERS),
    Entry("POST", "api/claim-campaign/", SIGNED_IN, claim),
]
PAGES = [
    Entry("GET", PAGE_HERE, STORYTELLERS),
    Entry("POST", PAGE_HERE + "publish/", STORYTELLERS),
    Entry("POST", PAGE_HERE + "unpublish/", STORYTELLERS),
    Entry("POST", PAGE_HERE + "change/", STORYTELLERS, said(delay="5", shows_rolls="no")),
    Entry("POST", PAGE_HERE + "roster/", STORYTELLERS, shown),
    Entry("POST", PAGE_HERE + "shown/", STORYTELLERS, shown),
    Entry("POST", PAGE_HERE + "token/", STORYTELLERS),
]
BOT = [
    Entry("POST", "bot/campaigns/get", STORYTELLERS.here),
    Entry("PATCH", "bot/campaigns", STORYTELLERS.here, said(delay=5)),
    Entry("POST", "bot/campaigns/publish", STORYTELLERS.here),
    Entry("POST", "bot/campaigns/unpublish", STORYTELLERS.here),
    Entry("PUT", "bot/campaigns/roster", STORYTELLERS.here, owl),
    Entry("PUT", "bot/campaigns/shown", STORYTELLERS.here, owl),
    Entry("POST", "bot/campaigns/token", STORYTELLERS.here),
    Entry("POST", "bot/campaigns/claim", SIGNED_IN, claim),
]
