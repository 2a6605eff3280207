"""Permission bits: https://discord.com/developers/docs/topics/permissions, computed the documented way."""

from sandbox.errors import ApiError, Json

KICK_MEMBERS = 1 << 1
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
CHANGE_NICKNAME = 1 << 26
MANAGE_NICKNAMES = 1 << 27
MANAGE_ROLES = 1 << 28
MANAGE_WEBHOOKS = 1 << 29
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38
PIN_MESSAGES = 1 << 51

ALL = (1 << 53) - 1
EVERYONE = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_MESSAGES_IN_THREADS
)
BOT = (
    EVERYONE
    | MANAGE_MESSAGES
    | MANAGE_ROLES
    | MANAGE_CHANNELS
    | MANAGE_NICKNAMES
    | MANAGE_WEBHOOKS
    | MANAGE_THREADS
    | PIN_MESSAGES
)
DIRECT = EVERYONE & ~CHANGE_NICKNAME


def of_member(guild: Json, user_id: str) -> int:
    """Compute the permissions in the guild as a whole. Who is no member has none."""
    member = guild["members"].get(user_id)
    if member is None:
        return 0
    if guild["owner_id"] == user_id:
        return ALL
    bits = of_everyone(guild)
    for role_id in member["roles"]:
        if role_id in guild["roles"]:
            bits |= int(guild["roles"][role_id]["permissions"])
    return ALL if bits & ADMINISTRATOR else bits


def of_everyone(guild: Json) -> int:
    return int(guild["roles"][guild["id"]]["permissions"])


def in_channel(guild: Json, user_id: str, channel: Json) -> int:
    """Apply to the base permissions the overwrites of everyone, of the roles together, of the member."""
    bits = of_member(guild, user_id)
    if bits == ALL or user_id not in guild["members"]:
        return bits
    roles = set(guild["members"][user_id]["roles"])
    own = {entry["id"]: entry for entry in channel.get("permission_overwrites", [])}
    steps = [
        [own[guild["id"]]] if guild["id"] in own else [],
        [entry for key, entry in own.items() if key in roles],
        [own[user_id]] if user_id in own else [],
    ]
    for entries in steps:
        deny = allow = 0
        for entry in entries:
            deny |= int(entry["deny"])
            allow |= int(entry["allow"])
        bits = (bits & ~deny) | allow
    # Who cannot see a channel can do nothing in it.
    return bits if bits & VIEW_CHANNEL else 0


def top_position(guild: Json, user_id: str) -> int:
    """Return the position of the highest role; the owner stands above all."""
    if guild["owner_id"] == user_id:
        return 1 << 31
    roles = guild["members"][user_id]["roles"]
    return max((guild["roles"][role]["position"] for role in roles if role in guild["roles"]), default=0)


def require(bits: int, needed: int) -> None:
    if bits & needed != needed:
        raise ApiError(50013)
