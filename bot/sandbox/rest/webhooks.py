"""Webhooks of channels: made, listed, changed, taken away. What they post is in `webhook_messages.py`.

The bot needs the permission to manage webhooks; or the token in the path is the credential.
"""

from sandbox import limits
from sandbox.errors import ApiError, Json
from sandbox.rest.call import ANYONE, Call, Route
from sandbox.rest.channels import visible
from sandbox.rest.guilds import of_bot
from sandbox.rest.pictures import picture_of
from sandbox.state import objects, permissions
from sandbox.validation.forms import Form
from sandbox.validation.messages import check_webhook_name

KINDS = (objects.TEXT, objects.VOICE, objects.NEWS, objects.FORUM)


def _managed_channel(call: Call) -> Json:
    channel = visible(call, permissions.MANAGE_WEBHOOKS)
    if channel["type"] not in KINDS:
        raise ApiError(50024)
    return channel


async def list_of_channel(call: Call) -> list[Json]:
    channel = _managed_channel(call)
    return [call.world.show_webhook(each) for each in call.world.webhooks.of_channel(channel["id"])]


async def list_of_guild(call: Call) -> list[Json]:
    guild = of_bot(call, permissions.MANAGE_WEBHOOKS)
    return [call.world.show_webhook(each) for each in call.world.webhooks.of_guild(guild["id"])]


async def create(call: Call) -> Json:
    channel, form = _managed_channel(call), Form(call.data)
    name = check_webhook_name(form, "name", required=True)
    avatar = _avatar(call, form)
    return call.world.show_webhook(call.box.hooks.add(channel, name, avatar))


def _avatar(call: Call, form: Form) -> str | None:
    """Check the form as a whole, keep its picture, and return the hash that stands for it."""
    if form.body.get("avatar") is None:
        form.check()
        return None
    image = picture_of(form, "avatar", limits.AVATAR_BYTES)
    form.check()
    file_id = call.world.ids.next()
    call.box.files.put(file_id, image)
    return call.world.webhooks.keep_picture(f"file:{file_id}")


def _managed(call: Call) -> Json:
    """Return the webhook of the path: by the token there, or by what the bot may do."""
    if "token" in call.request.match_info:
        return call.world.webhooks.get(call.id("webhook_id"), call.text("token"))
    webhook = call.world.webhooks.get(call.id("webhook_id"))
    channel = call.world.channel(webhook["channel_id"])
    call.world.require(call.user_id, channel, permissions.MANAGE_WEBHOOKS)
    return webhook


async def get(call: Call) -> Json:
    shown = call.world.show_webhook(_managed(call))
    return {key: value for key, value in shown.items() if key != "user" or call.user_id}


async def edit(call: Call) -> Json:
    webhook, form = _managed(call), Form(call.data)
    changes: Json = {}
    if "name" in form.body:
        changes["name"] = check_webhook_name(form, "name", required=True)
    if form.body.get("channel_id") is not None and call.user_id:
        changes["channel_id"] = _target(call, webhook, form.snowflake("channel_id"))
    avatar = _avatar(call, form)
    if "avatar" in form.body:
        changes["avatar"] = avatar
    call.box.hooks.edit(webhook, changes)
    return call.world.show_webhook(webhook)


def _target(call: Call, webhook: Json, channel_id: str) -> str:
    """The channel that a webhook moves to, of the same server."""
    channel = call.world.channel(channel_id)
    if channel.get("guild_id") != webhook["guild_id"] or channel["type"] not in KINDS:
        raise ApiError(50024)
    call.world.require(call.user_id, channel, permissions.MANAGE_WEBHOOKS)
    return channel_id


async def delete(call: Call) -> None:
    call.box.hooks.remove(_managed(call))


ONE, BY_TOKEN = "/webhooks/{webhook_id}", "/webhooks/{webhook_id}/{token}"
ROUTES = [
    Route("GET", "/channels/{channel_id}/webhooks", list_of_channel),
    Route("POST", "/channels/{channel_id}/webhooks", create),
    Route("GET", "/guilds/{guild_id}/webhooks", list_of_guild),
    Route("GET", ONE, get),
    Route("PATCH", ONE, edit),
    Route("DELETE", ONE, delete),
    Route("GET", BY_TOKEN, get, ANYONE),
    Route("PATCH", BY_TOKEN, edit, ANYONE),
    Route("DELETE", BY_TOKEN, delete, ANYONE),
]
