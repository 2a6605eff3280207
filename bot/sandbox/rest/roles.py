"""Roles, and who has them."""

from typing import Any

from sandbox.errors import ApiError, FormErrors, Json
from sandbox.rest.call import Call, Route
from sandbox.rest.guilds import assignable, of_bot
from sandbox.state import permissions
from sandbox.validation import forms


async def list_roles(call: Call) -> list[Json]:
    return call.box.world.show_roles(of_bot(call))


async def get_role(call: Call) -> Json:
    return _role(of_bot(call), call.id("role_id"))


def _role(guild: Json, role_id: str) -> Json:
    role: Json | None = guild["roles"].get(role_id)
    if role is None:
        raise ApiError(10011)
    return role


def _changes(body: Json) -> Json:
    errors = FormErrors()
    changes: Json = {}
    if body.get("name") is not None:
        changes["name"] = forms.text(errors, ("name",), body["name"], 100, 1)
    if body.get("permissions") is not None:
        changes["permissions"] = str(forms.integer(errors, ("permissions",), body["permissions"], 0, 2**60))
    color = _color(body)
    if color is not None:
        changes["color"] = forms.integer(errors, ("color",), color, 0, 0xFFFFFF)
        changes["colors"] = {
            "primary_color": changes["color"],
            "secondary_color": None,
            "tertiary_color": None,
        }
    changes |= {key: bool(body[key]) for key in ("hoist", "mentionable") if body.get(key) is not None}
    errors.check()
    return changes


def _color(body: Json) -> Any:
    colors = body.get("colors")
    return colors.get("primary_color") if isinstance(colors, dict) else body.get("color")


async def create_role(call: Call) -> Json:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    return call.box.actions.add_role(guild, {"name": "new role", **_changes(call.form)})


async def edit_role(call: Call) -> Json:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    role = _role(guild, call.id("role_id"))
    if role["position"] >= permissions.top_position(guild, call.user_id):
        raise ApiError(50013)
    return call.box.actions.edit_role(guild, role, _changes(call.form))


async def move_roles(call: Call) -> list[Json]:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    if not isinstance(call.body, list):
        raise ApiError(50109)
    errors = FormErrors()
    moves: dict[str, int] = {}
    for index, value in enumerate(call.body):
        entry = forms.mapping(errors, (index,), value)
        position = forms.integer(errors, (index, "position"), entry.get("position"), 0, 250)
        moves[forms.snowflakes(errors, (index,), [entry.get("id")], 1)[0]] = position
    errors.check()
    for role in [assignable(call, guild, role_id) for role_id in moves]:
        call.box.actions.edit_role(guild, role, {"position": moves[role["id"]]})
    return call.box.world.show_roles(guild)


async def delete_role(call: Call) -> None:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    call.box.actions.remove_role(guild, assignable(call, guild, call.id("role_id")))


async def give_role(call: Call) -> None:
    _give(call, True)


async def take_role(call: Call) -> None:
    _give(call, False)


def _give(call: Call, given: bool) -> None:
    guild, user_id = of_bot(call), call.id("user_id")
    member = call.box.world.member(guild, user_id)
    role = assignable(call, guild, call.id("role_id"))
    rest = [role_id for role_id in member["roles"] if role_id != role["id"]]
    call.box.actions.edit_member(guild, user_id, {"roles": [*rest, role["id"]] if given else rest})


ROUTES = [
    Route("GET", "/guilds/{guild_id}/roles", list_roles),
    Route("POST", "/guilds/{guild_id}/roles", create_role),
    Route("PATCH", "/guilds/{guild_id}/roles", move_roles),
    Route("GET", "/guilds/{guild_id}/roles/{role_id}", get_role),
    Route("PATCH", "/guilds/{guild_id}/roles/{role_id}", edit_role),
    Route("DELETE", "/guilds/{guild_id}/roles/{role_id}", delete_role),
    Route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", give_role),
    Route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", take_role),
]
