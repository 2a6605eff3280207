"""Builds Discord's objects with every key that its published description requires."""

import hashlib

from sandbox.errors import Json
from sandbox.ids import now_iso
from sandbox.state import permissions

TEXT, DM, VOICE, CATEGORY, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = (
    0,
    1,
    2,
    4,
    5,
    10,
    11,
    12,
    15,
)
REPLY = 19  # a type of message
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
LOCALE = "en-US"
# The languages of Discord's clients.
# fmt: off
LOCALES = (
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk",
    "vi", "zh-CN", "zh-TW",
)
# fmt: on
ARCHIVE_AFTER = (60, 1440, 4320, 10080)  # minutes


def image_hash(seed: str) -> str:
    """Make what looks like the hash in an avatar's or icon's address."""
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def user(user_id: str, username: str, global_name: str | None = None, *, bot: bool = False) -> Json:
    return {
        "id": user_id,
        "username": username,
        "discriminator": "0000" if bot else "0",
        "global_name": None if bot else global_name or username.capitalize(),
        "avatar": image_hash(f"user {user_id}"),
        "bot": bot,
        "system": False,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def role(
    role_id: str, name: str, *, bits: int = 0, position: int = 1, color: int = 0, **fields: object
) -> Json:
    return {
        "id": role_id,
        "name": name,
        "permissions": str(bits),
        "position": position,
        **color_fields(color),
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        **fields,
    }


def color_fields(color: int) -> Json:
    """Write a role's colour in the old form and in the new one that has room for gradients."""
    return {
        "color": color,
        "colors": {"primary_color": color, "secondary_color": None, "tertiary_color": None},
    }


def member(user_id: str, roles: list[str] | None = None, nick: str | None = None) -> Json:
    """Build a member as it is stored: its user is added when it is shown."""
    return {
        "user_id": user_id,
        "nick": nick,
        "roles": list(roles or []),
        "avatar": None,
        "banner": None,
        "joined_at": now_iso(),
        "premium_since": None,
        "communication_disabled_until": None,
        "flags": 0,
        "pending": False,
        "mute": False,
        "deaf": False,
    }


def search_name(member: Json) -> str:
    """Return the name that members are searched by."""
    return str(member["nick"] or member["user"]["username"]).lower()


def channel(channel_id: str, guild_id: str, name: str, *, kind: int = TEXT, position: int = 0) -> Json:
    channel: Json = {
        "id": channel_id,
        "type": kind,
        "guild_id": guild_id,
        "name": name,
        "position": position,
        "flags": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "permission_overwrites": [],
    }
    if kind == VOICE:
        channel |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if kind == FORUM:
        channel |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        channel |= {"default_forum_layout": 0, "default_auto_archive_duration": 4320}
    return channel


def thread(thread_id: str, parent: Json, name: str, owner_id: str, *, kind: int = PUBLIC_THREAD) -> Json:
    """Build a thread, or the post of a forum. It has no overwrites: what its parent allows is allowed in it."""
    now = now_iso()
    metadata: Json = {
        "archived": False,
        "auto_archive_duration": 4320,
        "archive_timestamp": now,
        "locked": False,
        "create_timestamp": now,
    }
    return {
        "id": thread_id,
        "type": kind,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": owner_id,
        "name": name,
        "flags": 0,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "total_message_sent": 0,
        "member_count": 1,
        "thread_metadata": metadata | ({"invitable": True} if kind == PRIVATE_THREAD else {}),
        "member_ids": [owner_id],
        **({"applied_tags": []} if parent["type"] == FORUM else {}),
    }


def guild(guild_id: str, name: str, owner_id: str) -> Json:
    everyone = role(guild_id, "@everyone", bits=permissions.EVERYONE, position=0)
    return {
        "id": guild_id,
        "name": name,
        "owner_id": owner_id,
        "icon": image_hash(f"guild {guild_id}"),
        "roles": {guild_id: everyone},
        "members": {},
    }


def approximate_counts(guild: Json) -> Json:
    return {"approximate_member_count": len(guild["members"]), "approximate_presence_count": 0}


_GUILD_NULLS = """
    description home_header splash discovery_splash banner application_id afk_channel_id system_channel_id
    widget_channel_id max_presences vanity_url_code rules_channel_id public_updates_channel_id
    safety_alerts_channel_id incidents_data
"""
GUILD_REST: Json = dict.fromkeys(_GUILD_NULLS.split()) | {
    "features": [],
    "region": "deprecated",
    "afk_timeout": 300,
    "system_channel_flags": 0,
    "widget_enabled": False,
    "verification_level": 0,
    "default_message_notifications": 1,
    "mfa_level": 0,
    "explicit_content_filter": 0,
    "max_members": 25_000_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "preferred_locale": LOCALE,
    "premium_progress_bar_enabled": False,
    "nsfw": False,
    "nsfw_level": 0,
    "emojis": [],
    "stickers": [],
}

APPLICATION_REST: Json = {
    "icon": None,
    "description": "",
    "type": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "0" * 64,
    "flags": 0,
    "flags_new": "0",
    "redirect_uris": [],
    "interactions_endpoint_url": None,
    "role_connections_verification_url": None,
    "approximate_user_install_count": 0,
    "approximate_user_authorization_count": 0,
    "explicit_content_filter": 0,
    "team": None,
    "eligible_oauth2_scopes": [],
}
