"""The actions that change servers, roles, members and chronicles. Nothing else writes these tables."""

from chronicle.services.acting_member import Entry, ensure_member, refresh_memberships
from chronicle.services.channels import find_channel, set_channel, set_role_permissions, visible_channels
from chronicle.services.chronicles import (
    archive,
    bind_channel,
    bindable,
    change_chronicle,
    create_chronicle,
    hand_over,
    make_default,
    step_down,
    update_chronicle,
)
from chronicle.services.custom_roles import (
    create_role,
    delete_role,
    get_role,
    hold_role,
    set_chronicle_role,
    update_role,
)
from chronicle.services.invites import find_invite, invite, join, open_invites, revoke
from chronicle.services.members import (
    EVERYONE,
    Counts,
    Span,
    add_member,
    remove_member,
    set_members_online,
    sync_members,
)
from chronicle.services.roles import grant_system_role
from chronicle.services.servers import (
    change_server,
    create_server,
    ensure_server,
    found_server,
    keep_without_discord,
    leave_server,
    sync_server,
    update_server,
)
from discordauth.services import ensure_user, ensure_users

__all__ = [
    "EVERYONE",
    "Counts",
    "Entry",
    "Span",
    "add_member",
    "archive",
    "bind_channel",
    "bindable",
    "change_chronicle",
    "change_server",
    "create_chronicle",
    "create_role",
    "create_server",
    "delete_role",
    "ensure_member",
    "ensure_server",
    "ensure_user",
    "ensure_users",
    "find_channel",
    "find_invite",
    "found_server",
    "get_role",
    "grant_system_role",
    "hand_over",
    "hold_role",
    "invite",
    "join",
    "keep_without_discord",
    "leave_server",
    "make_default",
    "open_invites",
    "refresh_memberships",
    "remove_member",
    "revoke",
    "set_channel",
    "set_chronicle_role",
    "set_members_online",
    "set_role_permissions",
    "step_down",
    "sync_members",
    "sync_server",
    "update_chronicle",
    "update_role",
    "update_server",
    "visible_channels",
]
