"""The application's own emoji: its bot may use them everywhere."""

import re

from sandbox import limits
from sandbox.errors import ApiError, Json
from sandbox.rest.call import Answer, Call, Route
from sandbox.rest.pictures import picture_of
from sandbox.validation.forms import Form
from sandbox.web.cdn import picture_type

NAME = re.compile(r"\w*", re.ASCII)


def _own(call: Call) -> dict[str, Json]:
    if call.id("application_id") != call.world.bot_id:
        raise ApiError(20012)
    return call.world.emojis


def _emoji(call: Call) -> Json:
    found = _own(call).get(call.id("emoji_id"))
    if found is None:
        raise ApiError(10014, status=404)
    return found


def _show(call: Call, emoji: Json) -> Json:
    return {
        **emoji,
        "user": call.world.user(call.world.bot_id),
        "roles": [],
        "require_colons": True,
        "managed": False,
        "available": True,
    }


def _name(form: Form) -> str:
    name = form.text("name", limits.EMOJI_NAME, 2)
    if not NAME.fullmatch(name):
        form.error("STRING_TYPE_REGEX", "String value did not match validation regex.", "name")
    return name


async def list_emojis(call: Call) -> Json:
    return {"items": [_show(call, emoji) for emoji in _own(call).values()]}


async def get_emoji(call: Call) -> Json:
    return _show(call, _emoji(call))


async def create_emoji(call: Call) -> Answer:
    emojis, form = _own(call), Form(call.data)
    name, image = _name(form), picture_of(form, "image", limits.EMOJI_BYTES)
    form.check()
    if len(emojis) >= limits.EMOJIS:
        raise ApiError(30008)
    emoji_id = call.world.ids.next()
    call.box.emoji_files.put(emoji_id, image)
    emojis[emoji_id] = {"id": emoji_id, "name": name, "animated": picture_type(image) == "image/gif"}
    call.box.events.touch()
    return Answer(201, _show(call, emojis[emoji_id]))


async def rename_emoji(call: Call) -> Json:
    emoji, form = _emoji(call), Form(call.data)
    name = _name(form)
    form.check()
    emoji["name"] = name
    call.box.events.touch()
    return _show(call, emoji)


async def delete_emoji(call: Call) -> None:
    del _own(call)[_emoji(call)["id"]]
    call.box.events.touch()


BASE = "/applications/{application_id}/emojis"
ROUTES = [
    Route("GET", BASE, list_emojis),
    Route("POST", BASE, create_emoji),
    Route("GET", BASE + "/{emoji_id}", get_emoji),
    Route("PATCH", BASE + "/{emoji_id}", rename_emoji),
    Route("DELETE", BASE + "/{emoji_id}", delete_emoji),
]
