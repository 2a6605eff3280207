"""What can be done with scenes, by name, with its input, answer and right."""

from collections.abc import Callable
from uuid import UUID

from chat.models import Scene
from chat.operations.messages import ROOM
from chat.rooms import room_for
from chat.selectors import scene_log
from chat.selectors import scenes as reading
from chat.services import scenes, turns
from chronicle.call import Call, chronicle_seen_by
from contract import chat_scenes as shapes
from contract.endpoints import Shape
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def one(row: Scene) -> shapes.OneScene:
    """The scene as it is now."""
    return shapes.OneScene(id=row.pk, scene=reading.document(reading.rows().get(pk=row.pk)))


def replay(call: Call, kept: Kept) -> shapes.OneScene:
    return one(reading.get(call.principal, UUID(str(kept.body["id"]))))


def _of_room(call: Call, given: shapes.GetRoomScene) -> shapes.RoomScene:
    """The scene that is open in a room, and what one may do there."""
    return reading.of_room(call.principal, room_for(call.principal, given.room))


def _open(call: Call, given: shapes.OpenScene) -> shapes.OneScene:
    """Open a scene in a room."""
    room = room_for(call.principal, given.room, "send")
    return one(scenes.open_in(room, given, principal=call.principal, cause=call.cause))


def _get(call: Call, given: shapes.SceneInput) -> shapes.OneScene:
    """A scene with who takes part."""
    return one(reading.get(call.principal, given.scene))


def _change(call: Call, given: shapes.ChangeScene) -> shapes.OneScene:
    """Change a scene’s title, place or pace."""
    return one(scenes.change(given.scene, given, principal=call.principal))


def _join(call: Call, given: shapes.JoinScene) -> shapes.OneScene:
    """Take part in a scene as a character."""
    return one(scenes.join(given.scene, given.speaker, principal=call.principal))


def _leave(call: Call, given: shapes.PartInput) -> shapes.OneScene:
    """Take part in a scene no more."""
    return one(scenes.leave(given.scene, given.part, principal=call.principal))


def _set_away(call: Call, given: shapes.SetAway) -> shapes.OneScene:
    """Say that somebody is away, whose turns are passed over, or is back."""
    return one(scenes.set_away(given.scene, given.part, given.away, principal=call.principal))


def _order(call: Call, given: shapes.OrderParts) -> shapes.OneScene:
    """Set the order of turns."""
    return one(scenes.order(given.scene, given.parts, principal=call.principal))


def _turn(call: Call, given: shapes.PassTurn) -> shapes.OneScene:
    """Let the next one’s turn begin, or somebody’s who is named."""
    with scenes.changing(call.principal, given.scene, "scene.play") as row:
        turns.pass_turn(row, given.to, call.principal)
    return one(row)


def _nudge(call: Call, given: shapes.SceneInput) -> shapes.OneScene:
    """Remind who is waited for."""
    with scenes.changing(call.principal, given.scene, "scene.play") as row:
        turns.nudge(row, call.principal)
    return one(row)


def _close(call: Call, given: shapes.SceneInput) -> shapes.OneScene:
    """Close a scene; its log stays."""
    return one(scenes.close(given.scene, principal=call.principal))


def _reopen(call: Call, given: shapes.SceneInput) -> shapes.OneScene:
    """Play a closed scene on."""
    return one(scenes.reopen(given.scene, principal=call.principal))


def _log(call: Call, given: shapes.GetLog) -> shapes.SceneLog:
    """What was said in a scene, in order, without what was out of character."""
    return scene_log.page(call.principal, given)


def _list(call: Call, given: shapes.ListScenes) -> shapes.Scenes:
    """The closed scenes of a chronicle, the newest first."""
    chronicle = chronicle_seen_by(call.principal, given.chronicle)
    return reading.closed(call.principal, chronicle, given.before)


def on_scene(
    name: str,
    given: type[InputT],
    run: Callable[[Call, InputT], shapes.OneScene],
    right: str,
    status: int = 200,
) -> Operation[Call, InputT, shapes.OneScene]:
    """An operation that answers with the scene after it."""
    return Operation(
        f"scenes.{name}", Shape(given, shapes.OneScene), run, right, status=status, replay=replay
    )


OF_ROOM = Operation(
    "scenes.of_room", Shape(shapes.GetRoomScene, shapes.RoomScene), _of_room, "channel.view", reads=True
)
OPEN = on_scene("open", shapes.OpenScene, _open, "scene.open", status=201)
GET = Operation("scenes.get", Shape(shapes.SceneInput, shapes.OneScene), _get, "scene.view", reads=True)
CHANGE = on_scene("change", shapes.ChangeScene, _change, "scene.run")
JOIN = on_scene("join", shapes.JoinScene, _join, "scene.play")
LEAVE = on_scene("leave", shapes.PartInput, _leave, "scene.play")
SET_AWAY = on_scene("set_away", shapes.SetAway, _set_away, "scene.play")
ORDER = on_scene("order", shapes.OrderParts, _order, "scene.run")
TURN = on_scene("turn", shapes.PassTurn, _turn, "scene.play")
NUDGE = on_scene("nudge", shapes.SceneInput, _nudge, "scene.play")
CLOSE = on_scene("close", shapes.SceneInput, _close, "scene.run")
REOPEN = on_scene("reopen", shapes.SceneInput, _reopen, "scene.run")
LOG = Operation("scenes.log", Shape(shapes.GetLog, shapes.SceneLog), _log, "scene.view", reads=True)
LIST = Operation("scenes.list", Shape(shapes.ListScenes, shapes.Scenes), _list, "chronicle.view", reads=True)
SCENE = "chat/scenes/<uuid:scene>/"
PART = SCENE + "parts/<uuid:part>/"
REST: Addresses = {
    ROOM + "scene/": {"GET": OF_ROOM, "POST": OPEN},
    SCENE: {"GET": GET, "PATCH": CHANGE},
    SCENE + "parts/": {"POST": JOIN, "PUT": ORDER},
    PART: {"DELETE": LEAVE},
    PART + "away/": {"PUT": SET_AWAY},
    SCENE + "turn/": {"POST": TURN},
    SCENE + "nudge/": {"POST": NUDGE},
    SCENE + "close/": {"POST": CLOSE},
    SCENE + "reopen/": {"POST": REOPEN},
    SCENE + "log/": {"GET": LOG},
    "chronicles/<uuid:chronicle>/scenes/": {"GET": LIST},
}
