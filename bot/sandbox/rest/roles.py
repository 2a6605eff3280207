"""Roles, and who has them."""

from sandbox.errors import ApiError, FormErrors, Json
from sandbox.rest.call import Call, Route
from sandbox.rest.guilds import assignable, of_bot
from sandbox.state import objects, permissions
from sandbox.validation.forms import Form


async def list_roles(call: Call) -> list[Json]:
    return call.world.show_roles(of_bot(call))


async def get_role(call: Call) -> Json:
    return call.world.role(of_bot(call), call.id("role_id"))


def _changes(body: Json) -> Json:
    colors = body.get("colors")
    color = colors.get("primary_color") if isinstance(colors, dict) else body.get("color")
    form = Form({key: value for key, value in {**body, "color": color}.items() if value is not None})
    changes: Json = {key: bool(form.body[key]) for key in ("hoist", "mentionable") if key in form.body}
    if "name" in form.body:
        changes["name"] = form.text("name", 100, 1)
    if "permissions" in form.body:
        changes["permissions"] = str(form.integer("permissions", 0, 2**60))
    if "color" in form.body:
        changes |= objects.color_fields(form.integer("color", 0, 0xFFFFFF))
    form.check()
    return changes


async def create_role(call: Call) -> Json:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    return call.box.actions.add_role(guild, {"name": "new role", **_changes(call.data)})


async def edit_role(call: Call) -> Json:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    role = call.world.role(guild, call.id("role_id"))
    if role["position"] >= permissions.top_position(guild, call.user_id):
        raise ApiError(50013)
    return call.box.actions.edit_role(guild, role, _changes(call.data))


async def move_roles(call: Call) -> list[Json]:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    if not isinstance(call.body, list):
        raise ApiError(50109)
    errors = FormErrors()
    moves: dict[str, int] = {}
    for index, value in enumerate(call.body):
        move = Form(value, (index,), errors)
        moves[move.snowflake("id")] = move.integer("position", 0, 250)
    errors.check()
    for role in [assignable(call, guild, role_id) for role_id in moves]:
        call.box.actions.edit_role(guild, role, {"position": moves[role["id"]]})
    return call.world.show_roles(guild)


async def delete_role(call: Call) -> None:
    guild = of_bot(call, permissions.MANAGE_ROLES)
    call.box.actions.remove_role(guild, assignable(call, guild, call.id("role_id")))


async def give_role(call: Call) -> None:
    _set_role(call, True)


async def take_role(call: Call) -> None:
    _set_role(call, False)


def _set_role(call: Call, has_role: bool) -> None:
    guild, user_id = of_bot(call), call.id("user_id")
    member = call.world.member(guild, user_id)
    role = assignable(call, guild, call.id("role_id"))
    others = [role_id for role_id in member["roles"] if role_id != role["id"]]
    call.box.actions.edit_member(guild, user_id, {"roles": [*others, role["id"]] if has_role else others})


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
