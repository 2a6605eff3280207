"""Webhooks of channels: made, changed, taken away, and what they post."""

from sandbox.changes.content import Upload
from sandbox.changes.guilds import Actions
from sandbox.changes.messages import Extra, Posting
from sandbox.delivery.events import Events
from sandbox.errors import ApiError, Json
from sandbox.limits import WEBHOOKS
from sandbox.state import objects
from sandbox.state.hooks import author, new_webhook
from sandbox.state.world import World


class Hooks:
    def __init__(self, world: World, posting: Posting, actions: Actions, events: Events) -> None:
        self.world = world
        self.posting = posting
        self.actions = actions
        self.events = events

    def add(self, channel: Json, name: str, avatar: str | None) -> Json:
        if len(self.world.webhooks.of_channel(channel["id"])) >= WEBHOOKS:
            raise ApiError(30007)
        webhook = new_webhook(self.world.ids.next(), channel, self.world.bot_id, name, avatar)
        self.world.webhooks.stored[webhook["id"]] = webhook
        self._changed(webhook)
        return webhook

    def edit(self, webhook: Json, changes: Json) -> None:
        before = dict(webhook)
        webhook |= changes
        for each in [before, webhook] if before["channel_id"] != webhook["channel_id"] else [webhook]:
            self._changed(each)

    def remove(self, webhook: Json) -> None:
        del self.world.webhooks.stored[webhook["id"]]
        self._changed(webhook)

    def _changed(self, webhook: Json) -> None:
        place = {key: webhook[key] for key in ("guild_id", "channel_id")}
        self.events.gateway.dispatch("WEBHOOKS_UPDATE", place, guild_id=webhook["guild_id"])
        self.events.touch()

    def post(self, webhook: Json, thread_id: str, body: Json, uploads: list[Upload]) -> Json:
        """Post in the webhook's channel, in a thread of it, or as the first message of a forum's new post."""
        channel, thread_name = self.place(webhook, thread_id), body.get("thread_name")
        extra = self._extra(webhook, body)
        forum = channel["type"] == objects.FORUM
        if forum and not thread_name:
            raise ApiError(220001)
        if thread_name and not forum:
            raise ApiError(220002 if thread_id else 220003)
        if not forum:
            return self.posting.create(channel, webhook["id"], body, uploads, extra)
        thread = self.actions.add_thread(channel, str(thread_name), webhook["id"])
        return self.posting.start(thread, webhook["id"], body, uploads, extra)

    def place(self, webhook: Json, thread_id: str) -> Json:
        """Return the webhook's channel, or a thread of it."""
        channel = self.world.channel(webhook["channel_id"])
        if not thread_id:
            return channel
        thread = self.world.channels.get(thread_id)
        if thread is None or thread.get("parent_id") != channel["id"]:
            raise ApiError(10003)
        return thread

    def _extra(self, webhook: Json, body: Json) -> Extra:
        avatar = webhook["avatar"]
        if body.get("avatar_url"):
            avatar = self.world.webhooks.keep_picture(str(body["avatar_url"]))
        shown = author(webhook, str(body.get("username") or webhook["name"]), avatar)
        fields = {"webhook_id": webhook["id"], "application_id": webhook["application_id"]}
        return Extra(fields=fields, author=shown)

    def message(self, webhook: Json, thread_id: str, message_id: str) -> Json:
        """Return a message that this webhook posted, in its channel or in the thread that is named."""
        message = self.world.message(self.place(webhook, thread_id)["id"], message_id)
        if message.get("webhook_id") != webhook["id"]:
            raise ApiError(10008)
        return message
