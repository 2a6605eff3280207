"""The actions that change servers, roles, members and chronicles. Nothing else writes these tables."""

from chronicle.services.chronicles import create_chronicle, update_chronicle
from chronicle.services.entry import Entry, ensure_member, refresh_memberships
from chronicle.services.info import server_info, storytellers
from chronicle.services.members import EVERYONE, Counts, Span, add_member, remove_member, sync_members
from chronicle.services.roles import grant_system_role
from chronicle.services.servers import (
    create_server,
    ensure_server,
    found_server,
    leave_server,
    set_edition,
    set_features,
    set_role_permissions,
    set_storyteller_roles,
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
    "create_server",
    "ensure_member",
    "ensure_server",
    "ensure_user",
    "ensure_users",
    "found_server",
    "grant_system_role",
    "leave_server",
    "refresh_memberships",
    "remove_member",
    "server_info",
    "set_edition",
    "set_features",
    "set_role_permissions",
    "set_storyteller_roles",
    "set_tracker_channel",
    "storytellers",
    "sync_members",
    "sync_server",
    "update_chronicle",
    "update_server",
]
