"""Chronicles: who tells them, and how they are told."""

from rod.tests.matrix.entries import (
    LEADERS,
    MANAGERS,
    MEMBERS,
    SIGNED_IN,
    STORYTELLERS,
    Audience,
    Body,
    Entry,
)
from rod.tests.matrix.people import Scene
from testing.personas import TABLE_CHANNEL

ONE = "api/chronicles/<uuid:chronicle>/"
PAGE = "chronicles/<uuid:chronicle_id>/"
NEW = {"name": "Third Chronicle", "description": "By night"}
# Who lays down what they are; who is nothing of the kind finds nothing to lay down.
NARRATES = Audience(frozenset({"owner", "leader", "helper", "observer"})).unseen
SECOND = {"chronicle_id": "second"}
LEADERS_OF_THE_SECOND = Audience(MANAGERS.may | {"elsewhere"})


def person(scene: Scene) -> dict[str, object]:
    return {"user": str(scene.people["other"].pk)}


def of_discord(**more: object) -> Body:
    return lambda scene: {"chronicle": str(scene.chronicle.pk), **more}


def about_other(**more: object) -> Body:
    return lambda scene: of_discord(user=scene.people["other"].discord_id, **more)(scene)


def helper(scene: Scene) -> dict[str, object]:
    return person(scene) | {"role": "CO_STORYTELLER"}


def second(scene: Scene) -> dict[str, object]:
    return {"chronicle": str(scene.second.pk), "changes": {"archived": True}}


API = [
    Entry("GET", "api/chronicles/", SIGNED_IN),
    Entry("GET", ONE, MEMBERS),
    Entry("PATCH", ONE, STORYTELLERS, lambda scene: {"description": "Anew"}),
    Entry("PATCH", ONE, LEADERS_OF_THE_SECOND, lambda scene: {"archived": True}, at=SECOND),
    Entry("GET", ONE + "members/", MEMBERS),
    Entry("PUT", ONE + "people/", LEADERS, helper),
    Entry("POST", ONE + "handover/", LEADERS, person),
    Entry("POST", ONE + "leave/", NARRATES),
    Entry("POST", "api/servers/<uuid:server>/chronicles/", MANAGERS, lambda scene: NEW),
]
PAGES = [
    Entry("GET", PAGE, MEMBERS),
    Entry("POST", PAGE + "edit/", STORYTELLERS, lambda scene: {"name": "Renamed"}),
    Entry("POST", PAGE + "people/", LEADERS, helper),
    Entry("POST", PAGE + "archive/", LEADERS_OF_THE_SECOND, lambda scene: {"archived": "yes"}, at=SECOND),
    Entry("POST", "servers/<uuid:server_id>/chronicles/", MANAGERS, lambda scene: NEW),
]
BOT = [
    Entry("POST", "bot/chronicles", MANAGERS.here, lambda scene: NEW),
    Entry("PATCH", "bot/chronicles", STORYTELLERS, of_discord(changes={"description": "Anew"})),
    Entry("PATCH", "bot/chronicles", LEADERS_OF_THE_SECOND, second),
    Entry("POST", "bot/chronicles/list", MEMBERS.plus("stranger")),
    Entry("POST", "bot/chronicles/get", MEMBERS, of_discord()),
    Entry("PUT", "bot/chronicles/people", LEADERS, about_other(role="CO_STORYTELLER")),
    Entry("POST", "bot/chronicles/handover", LEADERS, about_other()),
    Entry("POST", "bot/chronicles/leave", NARRATES, of_discord()),
    Entry("PUT", "bot/chronicles/bind", LEADERS, of_discord(channel=TABLE_CHANNEL)),
]
