"""Why somebody may do something in a server."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.actions import ACTIONS
from contract.base import Answer, Person, Reference, one_of
from contract.channels import ChannelRef
from contract.members import RoleRef
from contract.servers import ServerInput, Who
from contract.translation import N_

# What a role may allow, the greatest first.
PERMISSION_LABELS = {
    "manage_server": N_("Manage the server"),
    "manage_roles": N_("Manage roles"),
    "manage_members": N_("Manage members"),
    "manage_chronicles": N_("Manage chronicles"),
    "manage_channels": N_("Manage channels"),
    "manage_messages": N_("Manage messages"),
    "invite_members": N_("Invite members"),
    "storyteller": N_("Storyteller"),
    "observe": N_("Observe"),
    "run_conflicts": N_("Run conflicts"),
    "create_character": N_("Create characters"),
    "view_server": N_("See the server"),
}
# What a permission check asks besides these.
CHECKED_LABELS = {
    "administrator": N_("Administrator"),
    "locked": N_("Locked sheet"),
    "manage_channel": N_("Manage the channel"),
    "owner": N_("Player"),
    "position": N_("Position"),
    "private": N_("Private channel"),
    "roller": N_("Who rolled"),
    "send_messages": N_("Write in the channel"),
    "view_channel": N_("See the channel"),
    "visibility": N_("Visibility"),
}


class ExplainPermission(ServerInput):
    """About the character, channel, role or roll that is named."""

    user: Who | None = None
    action: Annotated[str, Field(max_length=50), one_of(ACTIONS)]
    chronicle: Annotated[Reference | None, Field(description="Id, or in Discord its name")] = None
    character: Annotated[Reference | None, Field(description="Id or name")] = None
    channel: ChannelRef | None = None
    role: RoleRef | None = None
    roll: UUID | None = None


class Link(Answer):
    """Who spoke, about which permission, and what they said."""

    by: Annotated[str, Field(description="platform, owner, role, nobody, chronicle or the thing itself")]
    name: str
    permission: str
    says: str
    role: UUID | None = None
    position: int | None = None
    chronicle: UUID | None = None


class PermissionExplained(Answer):
    """`words`: the action, after “may”. `chain`: in the order in which it was asked."""

    user: Person
    action: str
    words: str
    allowed: bool
    reason: str
    chain: list[Link]
