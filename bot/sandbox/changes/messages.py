"""Messages: create, edit, delete, pin, react."""

from dataclasses import dataclass, field

from sandbox.changes import content
from sandbox.changes.content import Upload
from sandbox.delivery.events import Events
from sandbox.errors import ApiError, Json
from sandbox.ids import now_iso
from sandbox.state import objects, permissions
from sandbox.state.store import Files
from sandbox.state.world import KEPT_MESSAGES, World
from sandbox.validation.messages import COMPONENTS_V2, EPHEMERAL, LOADING, SUPPRESS_EMBEDS

SUPPRESS_NOTIFICATIONS = 1 << 12


@dataclass
class Extra:
    """What an interaction or a webhook adds to a message.

    Type and metadata, the only viewer of an ephemeral one, the name and picture that a webhook posts under.
    """

    type: int = 0
    fields: Json = field(default_factory=dict)
    viewer: str | None = None
    loading: bool = False
    author: Json | None = None


class Posting:
    def __init__(self, world: World, files: Files, events: Events) -> None:
        self.world = world
        self.files = files
        self.events = events

    def create(
        self, channel: Json, author_id: str, body: Json, uploads: list[Upload], extra: Extra | None = None
    ) -> Json:
        """Create a message from a body that `check_message` has checked."""
        extra = extra or Extra()
        message = self._blank(channel, author_id, extra)
        if not extra.loading:
            self._fill(message, channel, body, uploads)
        self._reference(message, channel, body)
        messages = self.world.messages.setdefault(channel["id"], {})
        messages[message["id"]] = message
        channel["last_message_id"] = message["id"]
        if channel["type"] in objects.THREADS:
            self._count_in_thread(channel, None if extra.author else author_id)
        if extra.viewer is not None:
            self.world.ephemeral[message["id"]] = extra.viewer
        while len(messages) > KEPT_MESSAGES:
            self.world.ephemeral.pop(next(iter(messages)), None)
            del messages[next(iter(messages))]
        self.events.message("MESSAGE_CREATE", message)
        return message

    def start(
        self, thread: Json, author_id: str, body: Json, uploads: list[Upload], extra: Extra | None = None
    ) -> Json:
        """Create the first message of a forum's post, which has the post's id."""
        extra = extra or Extra()
        extra.fields["id"] = thread["id"]
        return self.create(thread, author_id, body, uploads, extra)

    def _count_in_thread(self, thread: Json, author_id: str | None) -> None:
        """Who writes joins the thread, and a message opens an archived one. A webhook joins nothing."""
        thread["message_count"] += 1
        thread["total_message_sent"] += 1
        if author_id is not None and author_id not in thread["member_ids"]:
            thread["member_ids"].append(author_id)
            thread["member_count"] = len(thread["member_ids"])
        if thread["thread_metadata"]["archived"]:
            thread["thread_metadata"] |= {"archived": False, "archive_timestamp": now_iso()}
            self.events.guild("THREAD_UPDATE", thread["guild_id"], self.world.show_channel(thread))

    def _blank(self, channel: Json, author_id: str, extra: Extra) -> Json:
        flags = (EPHEMERAL if extra.viewer else 0) | (LOADING if extra.loading else 0)
        return {
            "id": self.world.ids.next(),
            "channel_id": channel["id"],
            "author": extra.author or self.world.users[author_id],
            "type": extra.type,
            "content": "",
            "embeds": [],
            "attachments": [],
            "components": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "timestamp": now_iso(),
            "edited_timestamp": None,
            "flags": flags,
            "pinned": False,
            "tts": False,
            **extra.fields,
        }

    def _reference(self, message: Json, channel: Json, body: Json) -> None:
        reference = body.get("message_reference")
        if not isinstance(reference, dict) or not reference.get("message_id"):
            return
        target = self.world.messages.get(channel["id"], {}).get(str(reference["message_id"]))
        if target is None and reference.get("fail_if_not_exists", True):
            raise ApiError(10008)
        if target is not None:
            guild_id = {"guild_id": channel["guild_id"]} if channel.get("guild_id") else {}
            reference = {"type": 0, "channel_id": channel["id"], "message_id": target["id"], **guild_id}
            message |= {"type": objects.REPLY, "message_reference": reference}

    def _fill(self, message: Json, channel: Json, body: Json, uploads: list[Upload]) -> None:
        """Write what `body` names into the message and leave the rest as it was."""
        message["flags"] |= int(body.get("flags") or 0) & (
            COMPONENTS_V2 | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS
        )
        message["attachments"] = self._attachments(message, body, uploads)
        if "content" in body:
            guild = self.world.guilds.get(channel.get("guild_id", ""))
            message["content"] = (body["content"] or "").strip()
            allowed = body.get("allowed_mentions")
            message |= content.mentions(self.world, message["content"], allowed, guild)
        if "embeds" in body:
            message["embeds"] = content.embeds(body["embeds"], message["attachments"])
        if "components" in body:
            message["components"] = content.components(body["components"], message["attachments"], self.world)
        if not any(message[key] for key in ("content", "embeds", "attachments", "components")):
            raise ApiError(50006)

    def _attachments(self, message: Json, body: Json, uploads: list[Upload]) -> list[Json]:
        """List the attachments: kept ones are named by their id, new ones by the index of their file."""
        named = body.get("attachments")
        about = {str(entry["id"]): entry for entry in named or []}
        kept = [entry for entry in message["attachments"] if named is None or entry["id"] in about]
        channel_id, ephemeral = message["channel_id"], bool(message["flags"] & EPHEMERAL)
        for index, upload in enumerate(uploads):
            entry = about.get(str(index), {})
            kept.append(
                content.attach(self.world, self.files, upload, channel_id, entry, ephemeral=ephemeral)
            )
        return kept

    def edit(self, message: Json, body: Json, uploads: list[Upload]) -> Json:
        """Edit a message; nothing changes when the body is refused."""
        channel = self.world.channels[message["channel_id"]]
        if channel["type"] in objects.THREADS and channel["thread_metadata"]["archived"]:
            raise ApiError(50083)
        draft = dict(message)
        was_loading = bool(message["flags"] & LOADING)
        draft["flags"] &= ~LOADING
        if body.get("flags") is not None:
            draft["flags"] = (draft["flags"] & ~SUPPRESS_EMBEDS) | (int(body["flags"]) & SUPPRESS_EMBEDS)
        self._fill(draft, channel, body, uploads)
        if not was_loading:
            draft["edited_timestamp"] = now_iso()
        message.clear()
        message.update(draft)
        self.events.message("MESSAGE_UPDATE", message)
        return message

    def delete(self, message: Json) -> None:
        del self.world.messages[message["channel_id"]][message["id"]]
        viewer = self.world.ephemeral.pop(message["id"], None)
        self.events.message_deleted(message, viewer)

    def delete_many(self, channel: Json, message_ids: list[str]) -> None:
        messages = self.world.messages.get(channel["id"], {})
        deleted = [message_id for message_id in message_ids if messages.pop(message_id, None) is not None]
        for message_id in deleted:
            frame = {"type": "message_delete", "message": {"id": message_id, "channel_id": channel["id"]}}
            self.events.live.to_channel(channel, frame)
        self.events.in_channel("MESSAGE_DELETE_BULK", channel, {"ids": deleted})
        self.events.touch()

    def pin(self, message: Json, pinned: bool) -> None:
        message["pinned"] = pinned
        self.events.message("MESSAGE_UPDATE", message)
        channel = self.world.channels[message["channel_id"]]
        self.events.in_channel("CHANNEL_PINS_UPDATE", channel, {"last_pin_timestamp": now_iso()})

    def react(self, message: Json, emoji: str, user_id: str) -> None:
        users = message.setdefault("reactions", {}).setdefault(emoji, [])
        if user_id not in users:
            users.append(user_id)
            self._reacted("MESSAGE_REACTION_ADD", message, emoji, user_id)

    def unreact(self, message: Json, emoji: str, user_id: str) -> None:
        users = message.get("reactions", {}).get(emoji, [])
        if user_id not in users:
            raise ApiError(10014)
        users.remove(user_id)
        if not users:
            del message["reactions"][emoji]
        self._reacted("MESSAGE_REACTION_REMOVE", message, emoji, user_id)

    def _reacted(self, event: str, message: Json, emoji: str, user_id: str) -> None:
        channel = self.world.channels[message["channel_id"]]
        data: Json = {"message_id": message["id"], "user_id": user_id, "emoji": {"id": None, "name": emoji}}
        data |= {"burst": False, "type": 0}
        guild = self.world.guilds.get(channel.get("guild_id", ""))
        if guild is not None and event == "MESSAGE_REACTION_ADD" and user_id in guild["members"]:
            data["member"] = self.world.show_member(guild, user_id)
            data["message_author_id"] = message["author"]["id"]
        self.events.in_channel(event, channel, data)
        self.events.message_for_people(message)

    def typing(self, channel: Json, user_id: str) -> None:
        self.events.live.to_channel(channel, {"type": "typing", "channel": channel["id"], "user": user_id})

    def require_send(self, channel: Json, user_id: str, body: Json, uploads: list[Upload]) -> None:
        needed = self.send_bit(channel)
        needed |= permissions.ATTACH_FILES if uploads else 0
        needed |= permissions.EMBED_LINKS if body.get("embeds") else 0
        needed |= permissions.READ_MESSAGE_HISTORY if body.get("message_reference") else 0
        self.world.require(user_id, channel, needed)
        self.require_open(channel, user_id)

    @staticmethod
    def send_bit(channel: Json) -> int:
        """The permission to write there. Raises ApiError where nothing can be written."""
        if channel["type"] in (objects.CATEGORY, objects.FORUM):
            raise ApiError(50008)
        in_thread = channel["type"] in objects.THREADS
        return permissions.SEND_MESSAGES_IN_THREADS if in_thread else permissions.SEND_MESSAGES

    def require_open(self, channel: Json, user_id: str) -> None:
        """A locked thread is for those who manage threads."""
        locked = channel["type"] in objects.THREADS and channel["thread_metadata"]["locked"]
        if locked and not self.world.permissions(user_id, channel) & permissions.MANAGE_THREADS:
            raise ApiError(160005)
