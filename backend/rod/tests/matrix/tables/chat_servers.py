"""The chat API of S003: strangers are told that they are no members, as these servers are no secret."""

from rod.tests.matrix.entries import MANAGERS, MEMBERS, SIGNED_IN, STAFF, Entry
from rod.tests.matrix.people import Scene

SERVERS = "chat/servers/"
ONE = SERVERS + "<uuid:server>/"
MESSAGES = ONE + "channels/<uuid:channel>/messages/"
WEB = {"server_id": "web"}
CRYPT = WEB | {"channel_id": "crypt"}
OTHER = WEB | {"user_id": "other"}


def newcomer(scene: Scene) -> dict[str, object]:
    return {"user_id": str(scene.world.sam.pk)}


API = [
    Entry("GET", SERVERS, SIGNED_IN),
    Entry("POST", SERVERS, SIGNED_IN, lambda scene: {"name": "Rooftops"}),
    Entry("DELETE", ONE, MANAGERS.here, at=WEB),
    Entry("GET", ONE + "channels/", MEMBERS.here),
    Entry("POST", ONE + "channels/", MANAGERS.here, lambda scene: {"name": "yard", "type": "TEXT"}, at=WEB),
    Entry("POST", ONE + "members/", STAFF.here, newcomer, at=WEB),
    Entry("DELETE", ONE + "members/<uuid:user>/", STAFF.here.plus("other"), at=OTHER),
    Entry("GET", MESSAGES, MEMBERS.here, at=CRYPT),
    Entry("POST", MESSAGES, MEMBERS.here, lambda scene: {"text": "Good evening."}, at=CRYPT),
]
