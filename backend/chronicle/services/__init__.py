"""The actions that change servers, roles, members and chronicles. Nothing else writes these tables."""

from chronicle.services.channels import seen_channels, set_channel
from chronicle.services.chronicles import (
    archive,
    bind_channel,
    change_chronicle,
    create_chronicle,
    hand_over,
    lay_down,
    make_default,
    update_chronicle,
)
from chronicle.services.entry import Entry, ensure_member, refresh_memberships
from chronicle.services.info import server_info, storytellers
from chronicle.services.invites import find_invite, invite, join, open_invites, revoke
from chronicle.services.members import EVERYONE, Counts, Span, add_member, remove_member, sync_members
from chronicle.services.own_roles import (
    create_role,
    delete_role,
    get_role,
    hold_role,
    name_narrator,
    update_role,
)
from chronicle.services.roles import grant_system_role
from chronicle.services.servers import (
    create_server,
    ensure_server,
    found_server,
    keep_server,
    leave_server,
    set_edition,
    set_features,
    set_storyteller_channel,
    set_storyteller_roles,
    set_tracker,
    set_tracker_channel,
    sync_server,
    update_server,
)
from discordauth.services import DiscordProfile, ensure_user, ensure_users

__all__ = [
    "EVERYONE",
    "Counts",
    "DiscordProfile",
    "Entry",
    "Span",
    "add_member",
    "archive",
    "bind_channel",
    "change_chronicle",
    "create_chronicle",
    "create_role",
    "create_server",
    "delete_role",
    "ensure_member",
    "ensure_server",
    "ensure_user",
    "ensure_users",
    "find_invite",
    "found_server",
    "get_role",
    "grant_system_role",
    "hand_over",
    "hold_role",
    "invite",
    "join",
    "keep_server",
    "lay_down",
    "leave_server",
    "make_default",
    "name_narrator",
    "open_invites",
    "refresh_memberships",
    "remove_member",
    "revoke",
    "seen_channels",
    "server_info",
    "set_channel",
    "set_edition",
    "set_features",
    "set_storyteller_channel",
    "set_storyteller_roles",
    "set_tracker",
    "set_tracker_channel",
    "storytellers",
    "sync_members",
    "sync_server",
    "update_chronicle",
    "update_role",
    "update_server",
]
