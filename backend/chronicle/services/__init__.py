"""The actions that change servers, roles, members and chronicles. Nothing else writes these tables."""

from chronicle.services.chronicles import create_chronicle, update_chronicle
from chronicle.services.entry import Entry, ensure_member, refresh_memberships
from chronicle.services.info import server_info, storytellers
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
    "create_chronicle",
    "create_role",
    "create_server",
    "delete_role",
    "ensure_member",
    "ensure_server",
    "ensure_user",
    "ensure_users",
    "found_server",
    "get_role",
    "grant_system_role",
    "hold_role",
    "leave_server",
    "name_narrator",
    "refresh_memberships",
    "remove_member",
    "server_info",
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
