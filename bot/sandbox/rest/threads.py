"""Threads of channels and posts of forums."""

from sandbox.errors import ApiError, Json
from sandbox.rest.call import Answer, Call, Route
from sandbox.state import objects, permissions
from sandbox.validation.forms import Form
from sandbox.validation.messages import EPHEMERAL, check_message


def parent_of_path(call: Call, needed: int) -> Json:
    """Return the channel of the path, where the caller may open threads."""
    channel = call.world.channel(call.id("channel_id"))
    if channel["type"] not in (objects.TEXT, objects.NEWS, objects.FORUM):
        raise ApiError(50024)
    call.world.require(call.user_id, channel, needed)
    return channel


def _name(form: Form) -> str:
    form.choice("auto_archive_duration", objects.ARCHIVE_AFTER, default=4320)
    return form.text("name", 100, 1)


async def start(call: Call) -> Answer:
    """Start a thread without a message, or a post in a forum, which has its first message in the same call."""
    parent = parent_of_path(call, permissions.VIEW_CHANNEL)
    form = Form(call.data)
    name = _name(form)
    if parent["type"] == objects.FORUM:
        form.check()
        return _post(call, parent, name)
    kinds = (objects.PUBLIC_THREAD, objects.PRIVATE_THREAD)
    kind = form.choice("type", kinds, default=objects.PRIVATE_THREAD) or objects.PRIVATE_THREAD
    form.check()
    public = kind == objects.PUBLIC_THREAD
    bit = permissions.CREATE_PUBLIC_THREADS if public else permissions.CREATE_PRIVATE_THREADS
    call.world.require(call.user_id, parent, bit)
    thread = call.box.actions.add_thread(parent, name, call.user_id, kind=kind)
    return Answer(201, call.world.show_channel(thread))


def _post(call: Call, forum: Json, name: str) -> Answer:
    """In a forum SEND_MESSAGES is the permission to post."""
    call.world.require(call.user_id, forum, permissions.SEND_MESSAGES)
    body = call.data.get("message")
    if not isinstance(body, dict):
        raise ApiError(50006)
    check_message(body, files=len(call.files), path=("message",))
    thread = call.box.actions.add_thread(forum, name, call.user_id)
    body = body | {"flags": int(body.get("flags") or 0) & ~EPHEMERAL}
    message = call.box.posting.start(thread, call.user_id, body, call.files)
    shown = call.world.show_channel(thread)
    return Answer(201, shown | {"message": call.world.show_message(message)})


async def start_from_message(call: Call) -> Answer:
    parent = parent_of_path(call, permissions.CREATE_PUBLIC_THREADS | permissions.READ_MESSAGE_HISTORY)
    if parent["type"] == objects.FORUM:
        raise ApiError(50024)
    message = call.world.message(parent["id"], call.id("message_id"))
    if message["id"] in call.world.channels:
        raise ApiError(160004)
    form = Form(call.data)
    name = _name(form)
    form.check()
    thread = call.box.actions.add_thread(parent, name, call.user_id, message=message)
    return Answer(201, call.world.show_channel(thread))


def edit(call: Call, thread: Json) -> Json:
    """Rename, archive, lock. Its owner may archive it, and open it while it is not locked."""
    form = Form(call.data)
    changes: Json = {"name": form.text("name", 100, 1)} if "name" in form.body else {}
    metadata: Json = {key: bool(form.body[key]) for key in ("archived", "locked") if key in form.body}
    if "auto_archive_duration" in form.body:
        metadata["auto_archive_duration"] = form.choice("auto_archive_duration", objects.ARCHIVE_AFTER)
    form.check()
    manages = call.world.permissions(call.user_id, thread) & permissions.MANAGE_THREADS
    only_opens = not changes and metadata == {"archived": False} and not thread["thread_metadata"]["locked"]
    if not manages and ("locked" in metadata or not (only_opens or thread["owner_id"] == call.user_id)):
        raise ApiError(50013)
    call.box.actions.edit_thread(thread, changes, metadata)
    return call.world.show_channel(thread)


def _thread(call: Call) -> Json:
    thread = call.world.channel(call.id("channel_id"))
    if thread["type"] not in objects.THREADS:
        raise ApiError(50024)
    call.world.require(call.user_id, thread, permissions.VIEW_CHANNEL)
    return thread


async def put_member(call: Call) -> None:
    thread, user_id = _thread(call), call.id("user_id")
    call.world.member(call.world.guild(thread["guild_id"]), user_id)
    call.box.actions.set_thread_member(thread, user_id, True)


async def delete_member(call: Call) -> None:
    thread, user_id = _thread(call), call.id("user_id")
    if user_id != call.user_id and thread["owner_id"] != call.user_id:
        call.world.require(call.user_id, thread, permissions.MANAGE_THREADS)
    call.box.actions.set_thread_member(thread, user_id, False)


async def list_members(call: Call) -> list[Json]:
    thread = _thread(call)
    joined = thread["thread_metadata"]["create_timestamp"]
    return [
        {"id": thread["id"], "user_id": user_id, "join_timestamp": joined, "flags": 0}
        for user_id in thread["member_ids"]
    ]


async def list_active(call: Call) -> Json:
    guild = call.world.guild_for_bot(call.id("guild_id"))
    return _listed(call, call.world.threads_of(guild["id"]))


async def list_archived(call: Call) -> Json:
    parent = parent_of_path(call, permissions.READ_MESSAGE_HISTORY)
    threads = call.world.threads_of(parent["guild_id"], archived=True)
    fitting = [t for t in threads if t["parent_id"] == parent["id"] and t["type"] != objects.PRIVATE_THREAD]
    return _listed(call, fitting) | {"has_more": False}


def _listed(call: Call, threads: list[Json]) -> Json:
    seen = [thread for thread in threads if call.world.may_see(call.user_id, thread)]
    members = [
        {
            "id": thread["id"],
            "user_id": call.user_id,
            "join_timestamp": thread["thread_metadata"]["create_timestamp"],
            "flags": 0,
        }
        for thread in seen
        if call.user_id in thread["member_ids"]
    ]
    return {"threads": [call.world.show_channel(thread) for thread in seen], "members": members}


ROUTES = [
    Route("POST", "/channels/{channel_id}/threads", start),
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", start_from_message),
    Route("GET", "/channels/{channel_id}/threads/archived/public", list_archived),
    Route("GET", "/channels/{channel_id}/thread-members", list_members),
    Route("PUT", "/channels/{channel_id}/thread-members/{user_id}", put_member),
    Route("DELETE", "/channels/{channel_id}/thread-members/{user_id}", delete_member),
    Route("GET", "/guilds/{guild_id}/threads/active", list_active),
]
