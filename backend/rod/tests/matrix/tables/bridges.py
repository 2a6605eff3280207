"""Bridged channels: switched by who manages them; what the Discord process tells of its own accord."""

from rod.tests.matrix.entries import MANAGERS, THE_KEY, Audience, Body, Entry
from rod.tests.matrix.people import Scene

BRIDGE = "api/chat/rooms/<uuid:room>/bridge/"


def _table(scene: Scene) -> str:
    return str(scene.server.channels.get(name="table").discord_id)


def of_table(**more: object) -> Body:
    return lambda scene: {"channel": _table(scene), **more}


def there(**more: object) -> Body:
    """In the table's channel on Discord."""
    return lambda scene: {"guild_id": scene.server.discord_id, "channel": _table(scene), **more}


def posted(scene: Scene) -> dict[str, object]:
    room = scene.server.channels.get(name="table").pk
    return {"room": str(room), "message": str(room), "changed": 1, "pieces": ["1"]}


# The file of the scene goes with no message of a bridged channel.
NOT_BRIDGED = Audience(frozenset(), THE_KEY.may)
HEARD = {"id": "1", "author": {"name": "Stranger"}, "text": "Hello", "at": "2026-11-30T20:00:00Z"}
API = [
    Entry("GET", BRIDGE, MANAGERS),
    Entry("PUT", BRIDGE, MANAGERS, lambda scene: {"on": False}),
]
PAGES = [
    Entry(
        "POST",
        "servers/<uuid:server_id>/channels/<uuid:channel_id>/bridge/",
        MANAGERS,
        lambda scene: {"on": "no"},
    ),
]
BOT = [
    Entry("PUT", "bot/bridge", MANAGERS, of_table(on=False)),
    Entry("POST", "bot/bridge/get", MANAGERS, of_table()),
    Entry("POST", "bot/bridge/receive", THE_KEY, there(messages=[HEARD])),
    Entry("POST", "bot/bridge/forget", THE_KEY, there(messages=["1"])),
    Entry("POST", "bot/bridge/posted", THE_KEY, posted),
    Entry("GET", "bot/bridge/files/<uuid:file>", NOT_BRIDGED),
    Entry("POST", "bot/bridge/trouble", THE_KEY, there(problem="failed")),
]
