"""Search in messages."""

from rod.tests.matrix.entries import MEMBERS, Entry

API = [
    Entry("GET", "api/chat/search/", MEMBERS, lambda scene: {"q": "owl", "server": str(scene.server.pk)}),
]
