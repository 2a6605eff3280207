"""What a person writes: messages, threads, reactions."""

from sandbox import limits
from sandbox.errors import Json, PersonError, refused
from sandbox.interactions.options import read_upload
from sandbox.page_api.call import Call, Route
from sandbox.page_api.places import channel_for, require_send, shared_message, show_message
from sandbox.state import objects, permissions

LENGTH = "Write 1 to 2000 characters."
FILES = "At most ten files, each of at most 10 MB."


async def say(call: Call) -> Json:
    me = call.me["id"]
    files = [read_upload(entry) for entry in call.objects("attachments")]
    channel = channel_for(call, me, call.body.get("channel"), permissions.ATTACH_FILES if files else 0)
    require_send(call, channel)
    uploads = [file for file in files if file is not None]
    if len(uploads) < len(files) or len(files) > limits.FILES:
        raise refused(FILES, {"attachments": [FILES]})
    body: Json = {"content": _text(call, empty=bool(files))}
    if call.body.get("reply"):
        body["message_reference"] = {"message_id": call.body["reply"]}
    return show_message(call, call.box.posting.create(channel, me, body, uploads))


def _text(call: Call, *, empty: bool) -> str:
    text = str(call.body.get("content") or "").strip()
    if len(text) > limits.CONTENT or not (text or empty):
        raise refused(LENGTH, {"content": [LENGTH]})
    return text


async def edit(call: Call) -> Json:
    """Change what one wrote oneself."""
    message, _ = shared_message(call)
    if message["author"]["id"] != call.me["id"]:
        raise PersonError(403, "not_allowed", "Only their author can edit a message.")
    text = _text(call, empty=bool(message["attachments"]))
    return show_message(call, call.box.posting.edit(message, {"content": text}, []))


async def delete(call: Call) -> Json:
    """Delete what one wrote oneself; anybody's, with the permission to manage messages."""
    message, channel = shared_message(call)
    own = message["author"]["id"] == call.me["id"]
    if not own and not call.world.permissions(call.me["id"], channel) & permissions.MANAGE_MESSAGES:
        raise PersonError(403, "not_allowed", "This person may not delete that message.")
    call.box.posting.delete(message)
    return {}


async def add_thread(call: Call) -> Json:
    """Open a thread of a channel, of a message in it, or a post of a forum with its first message (`content`)."""
    me = call.me["id"]
    parent = channel_for(call, me, call.request.match_info["id"])
    forum = parent["type"] == objects.FORUM
    if parent["type"] not in (objects.TEXT, objects.NEWS, objects.FORUM):
        raise refused("There are no threads in such a channel.")
    private = bool(call.body.get("private")) and not forum
    public_bit = permissions.SEND_MESSAGES if forum else permissions.CREATE_PUBLIC_THREADS
    channel_for(call, me, parent["id"], permissions.CREATE_PRIVATE_THREADS if private else public_bit)
    name, text = call.text("name", 100), call.text("content", limits.CONTENT)
    if not name or (forum and not text):
        problem = "A thread needs a name, a post in a forum also a first message."
        raise refused(problem, {"name" if not name else "content": [problem]})
    message = call.world.messages.get(parent["id"], {}).get(str(call.body.get("message", "")))
    kind = objects.PRIVATE_THREAD if private else objects.PUBLIC_THREAD
    thread = call.box.actions.add_thread(parent, name, me, kind=kind, message=message)
    if forum:
        call.box.posting.start(thread, me, {"content": text}, [])
    elif text:
        call.box.posting.create(thread, me, {"content": text}, [])
    return call.world.show_channel(thread)


async def archive_thread(call: Call) -> Json:
    """Archive or open a thread; for its owner and those who manage threads."""
    me = call.me["id"]
    thread = channel_for(call, me, call.request.match_info["id"])
    manages = call.world.permissions(me, thread) & permissions.MANAGE_THREADS
    if thread["type"] not in objects.THREADS or not (manages or thread["owner_id"] == me):
        raise PersonError(403, "not_allowed", "This person may not archive that.")
    call.box.actions.edit_thread(thread, {}, {"archived": call.body.get("archived", True) is not False})
    return call.world.show_channel(thread)


async def react(call: Call) -> Json:
    message, _ = shared_message(call, permissions.ADD_REACTIONS)
    emoji = str(call.body.get("emoji") or "")
    if not emoji or emoji.isascii() or len(emoji) > 32:
        raise refused("Choose an emoji.", {"emoji": ["Choose an emoji."]})
    act = call.box.posting.unreact if call.body.get("remove") else call.box.posting.react
    act(message, emoji, call.me["id"])
    return show_message(call, message)


async def open_dm(call: Call) -> Json:
    channel = call.box.actions.dm(call.me["id"])
    return {"id": channel["id"], "name": call.world.app["name"], "type": channel["type"]}


ROUTES: list[Route] = [
    ("POST", "/messages", say),
    ("PATCH", "/messages", edit),
    ("POST", "/messages/delete", delete),
    ("POST", "/channels/{id}/threads", add_thread),
    ("POST", "/channels/{id}/archive", archive_thread),
    ("POST", "/reactions", react),
    ("POST", "/dms", open_dm),
]
