"""The state that a new sandbox starts with. Ids are fixed, so that a backend recognises its people again."""

import base64
import secrets

from sandbox.errors import Json
from sandbox.state import objects, permissions

APPLICATION_ID = "1100000000000000001"
MIRA = "1000000000000000101"
JONAS = "1000000000000000202"
VESNA = "1000000000000000303"
SAM = "1000000000000000404"
NIGHT_COURT = "1010000000000000000"
OTHER_COURT = "1010000000004194304"  # the next shard's neighbour: (id >> 22) differs by one
STORYTELLER_ROLE = "1020000000000000001"
PLAYER_ROLE = "1020000000000000002"
TABLE = "1030000000000000001"
TRACKER = "1030000000000000002"
OUT_OF_CHARACTER = "1030000000000000003"
OTHER_HALL = "1030000000000000004"


def new_document(application_id: str = "", token: str = "", client_secret: str = "") -> Json:
    app_id = application_id or APPLICATION_ID
    return {
        "app": _application(app_id, token, client_secret),
        "users": _users(app_id),
        "guilds": {guild["id"]: guild for guild in (_night_court(app_id), _other_court(app_id))},
        "channels": {channel["id"]: channel for channel in _channels()},
    }


def new_token(application_id: str) -> str:
    """Generate a token in Discord's form: the id in base64, then two random parts."""
    head = base64.urlsafe_b64encode(application_id.encode()).decode().rstrip("=")
    return f"{head}.{secrets.token_urlsafe(5)}.{secrets.token_urlsafe(28)}"


def _application(app_id: str, token: str, client_secret: str) -> Json:
    return {
        "id": app_id,
        "name": "Chronicle Keeper",
        "description": "Characters and dice for your table.",
        "owner_id": VESNA,
        "redirect_uris": [],
        "token": token or new_token(app_id),
        "client_secret": client_secret or secrets.token_urlsafe(24),
    }


def _users(app_id: str) -> dict[str, Json]:
    users = [
        objects.user(MIRA, "mira", "Mira"),
        objects.user(JONAS, "jonas", "Jonas"),
        objects.user(VESNA, "vesna", "Vesna"),
        objects.user(SAM, "sam", "Sam"),
        objects.user(app_id, "Chronicle Keeper", bot=True),
    ]
    return {user["id"]: user for user in users}


def bot_role(guild_id: str, app_id: str) -> Json:
    """Build the managed role that Discord creates when a bot is invited."""
    role_id, tags = str(int(guild_id) + 1), {"bot_id": app_id}
    look: Json = {"bits": permissions.BOT, "position": 10, "color": 0x8B1A1A}
    return objects.role(role_id, "Chronicle Keeper", **look, managed=True, tags=tags)


def add_bot(guild: Json, app_id: str) -> None:
    role = bot_role(guild["id"], app_id)
    guild["roles"][role["id"]] = role
    guild["members"][app_id] = objects.member(app_id, [role["id"]])


def _night_court(app_id: str) -> Json:
    guild = objects.guild(NIGHT_COURT, "Night Court", VESNA)
    look: Json = {"bits": permissions.ADMINISTRATOR, "position": 3, "color": 0xC0392B, "hoist": True}
    storyteller = objects.role(STORYTELLER_ROLE, "Storyteller", **look)
    player = objects.role(PLAYER_ROLE, "Player", position=2, color=0x2980B9)
    guild["roles"] |= {STORYTELLER_ROLE: storyteller, PLAYER_ROLE: player}
    guild["members"] |= {
        MIRA: objects.member(MIRA, [PLAYER_ROLE]),
        JONAS: objects.member(JONAS, [PLAYER_ROLE]),
        VESNA: objects.member(VESNA, [STORYTELLER_ROLE]),
    }
    add_bot(guild, app_id)
    return guild


def _other_court(app_id: str) -> Json:
    guild = objects.guild(OTHER_COURT, "Other Court", SAM)
    guild["members"][SAM] = objects.member(SAM)
    add_bot(guild, app_id)
    return guild


def _channels() -> list[Json]:
    return [
        objects.channel(TABLE, NIGHT_COURT, "table", position=0),
        objects.channel(TRACKER, NIGHT_COURT, "tracker", position=1),
        objects.channel(OUT_OF_CHARACTER, NIGHT_COURT, "out-of-character", position=2),
        objects.channel(OTHER_HALL, OTHER_COURT, "hall", position=0),
    ]
