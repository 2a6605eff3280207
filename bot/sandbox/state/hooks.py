"""Webhooks of channels, and the pictures that they and their messages have."""

import secrets

from sandbox.errors import ApiError, Json
from sandbox.state import objects

INCOMING = 1  # the type of a webhook that posts what it is sent


def new_webhook(webhook_id: str, channel: Json, application_id: str, name: str, avatar: str | None) -> Json:
    return {
        "id": webhook_id,
        "type": INCOMING,
        "guild_id": channel["guild_id"],
        "channel_id": channel["id"],
        "name": name,
        "avatar": avatar,
        "token": secrets.token_urlsafe(51),
        "application_id": application_id,
        "user_id": application_id,
    }


class Webhooks:
    """All webhooks by id. `pictures`: the hash of an avatar → where its picture is, an address or `file:<id>`."""

    def __init__(self, stored: dict[str, Json], pictures: dict[str, str]) -> None:
        self.stored = stored
        self.pictures = pictures

    def get(self, webhook_id: str, token: str | None = None) -> Json:
        """Return a webhook; who has no token of the bot shows the webhook's own."""
        webhook = self.stored.get(webhook_id)
        if webhook is None:
            raise ApiError(10015)
        if token is not None and not secrets.compare_digest(token.encode(), webhook["token"].encode()):
            raise ApiError(50027)
        return webhook

    def of_channel(self, channel_id: str) -> list[Json]:
        return [webhook for webhook in self.stored.values() if webhook["channel_id"] == channel_id]

    def of_guild(self, guild_id: str) -> list[Json]:
        return [webhook for webhook in self.stored.values() if webhook["guild_id"] == guild_id]

    def forget_channel(self, channel_id: str) -> None:
        for webhook in self.of_channel(channel_id):
            del self.stored[webhook["id"]]

    def keep_picture(self, place: str) -> str:
        """Remember where a picture is, and return the hash that stands for it in an avatar's address."""
        avatar = objects.image_hash(f"picture {place}")
        self.pictures[avatar] = place
        return avatar


def author(webhook: Json, name: str, avatar: str | None) -> Json:
    """Build the author of a webhook's message: it looks like a bot, and is no user."""
    user = objects.user(webhook["id"], name, bot=True)
    return {**user, "avatar": avatar, "global_name": None}
