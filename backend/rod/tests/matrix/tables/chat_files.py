"""Search in messages, and files that go with them."""

from rod.tests.matrix.entries import MEMBERS, Audience, Entry
from rod.tests.matrix.people import Scene


def room(scene: Scene) -> dict[str, str]:
    return {"room": str(scene.server.channels.get(name="table").pk)}


FILE = "api/chat/files/<uuid:file>/"
# Their own, which goes with no message yet.
UPLOADER = Audience(frozenset({"player"})).unseen

API = [
    Entry("GET", "api/chat/search/", MEMBERS, lambda scene: {"q": "owl", "server": str(scene.server.pk)}),
    Entry("POST", "api/chat/files/", MEMBERS, room, files={"file": b"a file"}),
    Entry("GET", FILE, UPLOADER),
    Entry("DELETE", FILE, UPLOADER),
]
