"""The chat page, and the lists of rooms that it shows."""

from rod.tests.matrix.entries import MEMBERS, SIGNED_IN, Entry

ROOM = "talk/<uuid:room_id>/"
API = [
    Entry("GET", "api/chat/rooms/", SIGNED_IN),
    Entry("GET", "api/chat/rooms/", MEMBERS, lambda scene: {"server": str(scene.server.pk)}),
    Entry("GET", "api/chat/rooms/<uuid:room>/", MEMBERS),
]
PAGES = [
    Entry("GET", "talk/", SIGNED_IN),
    Entry("GET", "servers/<uuid:server_id>/chat/", MEMBERS),
    Entry("GET", ROOM, MEMBERS),
    Entry("POST", ROOM + "post/", MEMBERS, lambda scene: {"text": "Good evening."}),
]
