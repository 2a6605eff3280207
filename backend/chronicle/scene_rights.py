"""Decide who opens, sees and runs a scene in a channel."""

from collections.abc import Callable
from typing import Any

from chronicle import house_rules
from chronicle.channel_rights import about_channel
from chronicle.decision import YES, Decision, hidden, no
from chronicle.models import Chronicle
from chronicle.principal import STORYTELLER, VIEW_SERVER, Principal
from contract.translation import _


def _open(principal: Principal, chronicle: Chronicle) -> Decision:
    held = principal.permissions(chronicle.server_id, chronicle.pk)
    if VIEW_SERVER not in held:
        return hidden("chronicle")
    if STORYTELLER in held or house_rules.value(chronicle, "scene_openers") == "players":
        return YES
    return no(_("Only a storyteller opens scenes here."))


def _view(principal: Principal, scene: Any) -> Decision:
    """As its channel; of one that is gone, its storytellers."""
    seen = (
        about_channel(principal, "channel.view", scene.channel) if scene.channel else _tells(principal, scene)
    )
    return YES if seen else hidden("scene")


def _run(principal: Principal, scene: Any) -> Decision:
    if not _view(principal, scene):
        return hidden("scene")
    opened = principal.id is not None and principal.id == scene.opened_by_id
    if opened or _tells(principal, scene):
        return YES
    return no(_("Only a storyteller, or whoever opened the scene, can do this."))


def _tells(principal: Principal, scene: Any) -> bool:
    return STORYTELLER in principal.permissions(scene.chronicle.server_id, scene.chronicle_id)


# About a chronicle, then about a scene.
SCENE: dict[str, Callable[[Principal, Any], Decision]] = {
    "scene.open": _open,
    "scene.view": _view,
    "scene.play": _view,
    "scene.run": _run,
}
