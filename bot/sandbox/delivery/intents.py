"""Which events a session receives: https://discord.com/developers/docs/events/gateway#gateway-intents."""

from sandbox.errors import Json

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_WEBHOOKS = 1 << 5
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_MESSAGE_REACTIONS = 1 << 10
GUILD_MESSAGE_TYPING = 1 << 11
DIRECT_MESSAGES = 1 << 12
DIRECT_MESSAGE_REACTIONS = 1 << 13
DIRECT_MESSAGE_TYPING = 1 << 14
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
KNOWN = (1 << 26) - 1
# The flag of an application that may have a privileged intent, as one in few servers and unverified.
LIMITED_FLAGS = {GUILD_PRESENCES: 1 << 13, GUILD_MEMBERS: 1 << 15, MESSAGE_CONTENT: 1 << 19}

_MESSAGES = (GUILD_MESSAGES, DIRECT_MESSAGES)
_REACTIONS = (GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS)
_TYPING = (GUILD_MESSAGE_TYPING, DIRECT_MESSAGE_TYPING)

# event: (intent in guilds, intent in direct messages). What is not here reaches every session.
NEEDED = {
    **dict.fromkeys(("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"), (GUILDS, 0)),
    **dict.fromkeys(("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"), (GUILDS, 0)),
    **dict.fromkeys(("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"), (GUILDS, 0)),
    **dict.fromkeys(("THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_LIST_SYNC"), (GUILDS, 0)),
    "THREAD_MEMBERS_UPDATE": (GUILDS, 0),
    "WEBHOOKS_UPDATE": (GUILD_WEBHOOKS, 0),
    "CHANNEL_PINS_UPDATE": (GUILDS, DIRECT_MESSAGES),
    "GUILD_MEMBER_ADD": (GUILD_MEMBERS, 0),
    "GUILD_MEMBER_UPDATE": (GUILD_MEMBERS, 0),
    "GUILD_MEMBER_REMOVE": (GUILD_MEMBERS, 0),
    "MESSAGE_CREATE": _MESSAGES,
    "MESSAGE_UPDATE": _MESSAGES,
    "MESSAGE_DELETE": _MESSAGES,
    "MESSAGE_DELETE_BULK": _MESSAGES,
    "MESSAGE_REACTION_ADD": _REACTIONS,
    "MESSAGE_REACTION_REMOVE": _REACTIONS,
    "MESSAGE_REACTION_REMOVE_ALL": _REACTIONS,
    "TYPING_START": _TYPING,
}


def flags(granted: int) -> int:
    """Return the application's flags that tell which privileged intents it was granted."""
    return sum(flag for intent, flag in LIMITED_FLAGS.items() if intent & granted)


def wants(intents: int, event: str, data: Json, bot_id: str) -> bool:
    needed = NEEDED.get(event)
    if needed is None:
        return True
    # The bot hears of its own membership without the members intent.
    if event == "GUILD_MEMBER_UPDATE" and data["user"]["id"] == bot_id:
        return True
    in_guild = "guild_id" in data or event.startswith("GUILD_")
    return bool(intents & needed[0 if in_guild else 1])


def without_content(intents: int, event: str, data: Json, bot_id: str) -> Json:
    """Empty the message of an event where the session lacks the message content intent."""
    if (
        event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE")
        or intents & MESSAGE_CONTENT
        or "guild_id" not in data
    ):
        return data
    mentioned = any(user["id"] == bot_id for user in data["mentions"])
    if data["author"]["id"] == bot_id or mentioned:
        return data
    return {**data, "content": "", "embeds": [], "attachments": [], "components": []}
