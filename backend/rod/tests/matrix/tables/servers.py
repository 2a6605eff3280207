"""Servers: settings, roles, members, invitations, channels; and what the Discord process reports of guilds."""

from rod.tests.matrix.entries import (
    INVITERS,
    LEADERS,
    MANAGERS,
    MEMBERS,
    SIGNED_IN,
    STAFF,
    THE_KEY,
    Audience,
    Body,
    Entry,
)
from rod.tests.matrix.people import Scene
from rod.tests.matrix.tables.characters import PICTURE
from testing.personas import TABLE_CHANNEL

ONE = "api/servers/<uuid:server>/"
PAGE = "servers/<uuid:server_id>/"
CHANNEL = PAGE + "channels/<uuid:channel_id>/"
GUILD = "bot/servers/<snowflake:guild_id>"
WEB, DESERTED = {"server_id": "web"}, {"server_id": "deserted"}
HALL, CRYPT = {"channel_id": "hall"}, {"channel_id": "crypt"}
ONE_CHANNEL = ONE + "channels/<str:channel>/"
ONE_MEMBER = ONE + "members/<str:user>/"
ROLE = {"name": "Sect", "position": 3}
# Of one's own rights; a platform admin has none in particular where they are no member.
SELF = Audience(MEMBERS.may - {"root"}, MEMBERS.hidden | {"root"})


def role(**more: object) -> Body:
    return lambda scene: {"role": str(scene.own_role.pk), **more}


def newcomer(scene: Scene) -> dict[str, object]:
    return {"user": str(scene.world.sam.pk)}


def above_the_crypt(scene: Scene) -> dict[str, object]:
    return {"before": str(scene.crypt.pk)}


def moderators(scene: Scene) -> dict[str, object]:
    return {"moderators_manage_members": "no"}


def one_member(scene: Scene) -> dict[str, object]:
    return {"user": str(scene.people["other"].pk)}


def all_channels(scene: Scene) -> dict[str, object]:
    return {"channels": [str(scene.crypt.pk), str(scene.hall.pk)]}


def on_web(**more: object) -> Body:
    """In the server that was made on the web, of which somebody speaks in Discord."""
    return lambda scene: {"server": str(scene.web.pk), **more}


def bound(scene: Scene) -> dict[str, object]:
    return {"chronicle": str(scene.chronicle.pk)}


def hold(scene: Scene) -> dict[str, object]:
    return {"role": str(scene.own_role.pk), "user": str(scene.people["other"].pk), "held": True}


def hold_of_discord(scene: Scene) -> dict[str, object]:
    return hold(scene) | {"user": scene.people["other"].discord_id}


def why_other(scene: Scene) -> dict[str, object]:
    return {"user": str(scene.people["closed"].pk), "action": "server.manage"}


def why_other_of_discord(scene: Scene) -> dict[str, object]:
    return {"user": scene.people["closed"].discord_id, "action": "server.manage"}


def guild(scene: Scene) -> dict[str, object]:
    return {"name": "Night Court", "icon": None, "owner_id": scene.people["owner"].discord_id}


def somebody(scene: Scene) -> dict[str, object]:
    member = {"id": "99", "username": "new", "global_name": None, "avatar": None, "nick": None}
    return {"members": [member | {"roles": [], "permissions": "0", "bot": False}], "complete": False}


API = [
    Entry("POST", "api/servers/", SIGNED_IN, lambda scene: {"name": "Own Court"}),
    Entry("GET", ONE, MEMBERS),
    Entry("PATCH", ONE, MANAGERS, lambda scene: {"edition": "20th"}),
    Entry("GET", ONE + "setup/", MANAGERS),
    Entry("POST", ONE + "keep/", MANAGERS, at=DESERTED),
    Entry("GET", ONE + "why/", SELF, lambda scene: {"action": "server.manage"}),
    Entry("GET", ONE + "why/", INVITERS, why_other),
    Entry("GET", ONE + "invites/", INVITERS),
    Entry("PUT", ONE + "icon/", MANAGERS, at=WEB, raw=PICTURE),
    Entry("DELETE", ONE + "icon/", MANAGERS, at=WEB),
    Entry("POST", ONE + "invites/", INVITERS, at=WEB),
    Entry("DELETE", ONE + "invites/<uuid:invite>/", INVITERS, at=WEB),
    Entry("POST", "api/join/<str:code>/", SIGNED_IN),
    Entry("GET", "api/servers/", SIGNED_IN),
    Entry("DELETE", ONE, MANAGERS, at=WEB),
    Entry("POST", ONE + "restore/", MANAGERS.unseen, at={"server_id": "ashes"}),
    Entry("POST", ONE + "members/", STAFF, newcomer, at=WEB),
    Entry("PUT", ONE_MEMBER, MANAGERS, lambda scene: {"role": "MODERATOR"}, at=WEB),
    # And whoever it is: they leave.
    Entry("DELETE", ONE_MEMBER, STAFF.plus("other"), at=WEB),
    Entry("GET", ONE + "channels/", MEMBERS),
    Entry("POST", ONE + "channels/", MANAGERS, lambda scene: {"name": "hall"}, at=WEB),
    Entry("PUT", ONE + "channels/", MANAGERS, all_channels, at=WEB),
    Entry("PATCH", ONE_CHANNEL, MANAGERS, lambda scene: {"is_private": True}),
    Entry("DELETE", ONE_CHANNEL, MANAGERS, at=WEB | HALL),
    Entry("PUT", ONE_CHANNEL + "chronicle/", LEADERS, bound),
    Entry("PUT", ONE_CHANNEL + "roles/", MANAGERS, role(rights={"view_channel": "deny"})),
    Entry("GET", ONE_CHANNEL + "voice/", MEMBERS, at=WEB | CRYPT),
    Entry("PUT", ONE_CHANNEL + "voice/", MEMBERS, at=WEB | CRYPT),
    Entry("DELETE", ONE_CHANNEL + "voice/", MEMBERS, at=WEB | CRYPT),
    Entry("GET", ONE + "roles/", MEMBERS),
    Entry("POST", ONE + "roles/", MANAGERS, lambda scene: ROLE),
    Entry("PATCH", ONE + "roles/<uuid:role>/", MANAGERS, lambda scene: {"name": "Pack"}),
    Entry("DELETE", ONE + "roles/<uuid:role>/", MANAGERS),
    Entry("PUT", ONE + "roles/<uuid:role>/members/", STAFF, hold),
]
PAGES = [
    Entry("GET", "create-server/", SIGNED_IN),
    Entry("POST", "create-server/", SIGNED_IN, lambda scene: {"name": "Own Court", "edition": "5th"}),
    Entry("GET", PAGE, MEMBERS),
    Entry("POST", PAGE + "icon/", MANAGERS, lambda scene: {"remove": "yes"}, at=WEB),
    Entry("POST", PAGE + "describe/", MANAGERS, lambda scene: {"description": "By night", "banner_url": ""}),
    Entry("POST", PAGE + "features/", MANAGERS, lambda scene: {"feature": ["dice"]}),
    Entry("GET", PAGE + "setup/", MANAGERS),
    Entry("POST", PAGE + "setup/save/", MANAGERS, lambda scene: {"edition": "20th"}),
    Entry("POST", PAGE + "setup/chronicle/", MANAGERS, bound),
    Entry("GET", "added/<int:guild_id>/", SIGNED_IN),
    Entry("POST", PAGE + "keep/", MANAGERS, at=DESERTED),
    Entry("GET", PAGE + "members/", MEMBERS),
    Entry("GET", PAGE + "why/", MEMBERS),
    Entry("GET", PAGE + "why/", SELF, lambda scene: {"action": "server.manage"}),
    Entry("GET", PAGE + "why/", INVITERS, why_other),
    Entry("POST", PAGE + "members/hold/", STAFF, hold),
    Entry("POST", PAGE + "members/add/", STAFF, newcomer, at=WEB),
    Entry("POST", PAGE + "members/remove/", STAFF.plus("other"), one_member, at=WEB),
    Entry("POST", PAGE + "members/moderators/", MANAGERS, moderators, at=WEB),
    Entry("POST", PAGE + "delete/", MANAGERS, lambda scene: {"name": "Court of the Web"}, at=WEB),
    Entry("POST", PAGE + "restore/", MANAGERS.unseen, at={"server_id": "ashes"}),
    Entry("GET", PAGE + "channels/", MEMBERS),
    Entry("GET", CHANNEL, MEMBERS),
    Entry("GET", PAGE + "channels/<int:discord_id>/", MEMBERS),
    Entry("POST", PAGE + "channels/create/", MANAGERS, lambda scene: {"name": "yard"}, at=WEB),
    Entry("POST", CHANNEL + "edit/", MANAGERS, lambda scene: {"name": "yard"}, at=WEB | HALL),
    Entry("POST", CHANNEL + "move/", MANAGERS, above_the_crypt, at=WEB | HALL),
    Entry("POST", CHANNEL + "delete/", MANAGERS, lambda scene: {"name": "hall"}, at=WEB | HALL),
    Entry("POST", CHANNEL + "join/", MEMBERS, at=WEB | CRYPT),
    Entry("POST", CHANNEL + "leave/", MEMBERS, at=WEB | CRYPT),
    Entry("POST", CHANNEL + "bind/", LEADERS, bound),
    Entry("POST", CHANNEL + "private/", MANAGERS, lambda scene: {"is_private": "yes"}),
    Entry("POST", CHANNEL + "say/", MANAGERS, role(view_channel="deny")),
    Entry("POST", PAGE + "roles/", MANAGERS, lambda scene: {"name": "Sect", "position": "3"}),
    Entry("POST", PAGE + "roles/delete/", MANAGERS, role()),
    Entry("POST", PAGE + "invites/", INVITERS, at=WEB),
    Entry("POST", PAGE + "invites/revoke/", INVITERS, lambda scene: {"invite": str(scene.invite.pk)}, at=WEB),
    Entry("GET", "join/<str:code>/", SIGNED_IN),
    Entry("POST", "join/<str:code>/", SIGNED_IN),
]
BOT = [
    Entry("POST", "bot/servers/list", THE_KEY),
    Entry("PUT", GUILD, THE_KEY, guild),
    Entry("DELETE", GUILD, THE_KEY),
    Entry("PUT", GUILD + "/members", THE_KEY, somebody),
    Entry("DELETE", GUILD + "/members/<snowflake:user_id>", THE_KEY),
    Entry("DELETE", GUILD + "/threads/<snowflake:thread_id>", THE_KEY),
    Entry("DELETE", "bot/messages", THE_KEY, lambda scene: {"kind": "roll_request", "message": "2"}),
    Entry("POST", GUILD + "/info", MEMBERS),
    Entry("POST", GUILD + "/setup", MANAGERS),
    Entry("PATCH", GUILD, MANAGERS, lambda scene: {"edition": "20th"}),
    Entry("PATCH", GUILD, MANAGERS, lambda scene: {"tracker_channel": TABLE_CHANNEL}),
    Entry("PATCH", GUILD, MANAGERS, lambda scene: {"features": {"dice": False}}),
    Entry("POST", "bot/servers/mine", SIGNED_IN),
    Entry("POST", GUILD + "/delete", MANAGERS, on_web(name="Court of the Web")),
    Entry("POST", GUILD + "/restore", MANAGERS.unseen, lambda scene: {"server": str(scene.ashes.pk)}),
    Entry("POST", GUILD + "/channels/list", MEMBERS),
    Entry("POST", GUILD + "/channels", MANAGERS, on_web(name="hall")),
    Entry("PATCH", GUILD + "/channels", MANAGERS, on_web(channel="hall", slow_mode=5)),
    Entry("DELETE", GUILD + "/channels", MANAGERS, on_web(channel="hall", name="hall")),
    Entry("POST", GUILD + "/roles/list", MEMBERS),
    Entry("POST", GUILD + "/roles", MANAGERS, lambda scene: {"values": ROLE}),
    Entry("PATCH", GUILD + "/roles", MANAGERS, role(values={"name": "Pack"})),
    Entry("DELETE", GUILD + "/roles", MANAGERS, role()),
    Entry("PUT", GUILD + "/roles/members", STAFF, hold_of_discord),
    # Asked in a channel, so it is about a chronicle, whose storytellers may ask too.
    Entry("POST", GUILD + "/why", INVITERS.plus("helper", "leader"), why_other_of_discord),
]
