"""System roles, and the mirror of Discord's roles."""

from collections.abc import Collection, Mapping
from uuid import UUID

from chronicle.models import Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import (
    ADMIN_POSITION,
    ADMINISTRATOR,
    ALL_PERMISSIONS,
    CREATE_CHARACTER,
    MANAGE_MEMBERS,
    MANAGE_MESSAGES,
    MANAGE_SERVER,
    MEMBER_POSITION,
    MODERATOR_POSITION,
    STORYTELLER,
    STORYTELLER_POSITION,
    VIEW_SERVER,
    Principal,
)
from chronicle.rights import can
from chronicle.services.change import ours_alone
from contract.guilds import GuildRole
from contract.translation import _
from rules.errors import Invalid
from rules.text import clean

System = ServerRole.System
ALLOW = "allow"
SYSTEM_ROLES: tuple[tuple[str, str, int, str, tuple[str, ...]], ...] = (
    (System.ADMIN, "Admin", ADMIN_POSITION, "#8c1c2b", (ADMINISTRATOR,)),
    (System.MODERATOR, "Moderator", MODERATOR_POSITION, "#3b6ea5", (MANAGE_MEMBERS, MANAGE_MESSAGES)),
    (System.STORYTELLER, "Storyteller", STORYTELLER_POSITION, "#7a4fa3", (STORYTELLER,)),
    (System.MEMBER, "Member", MEMBER_POSITION, "#99aab5", (VIEW_SERVER, CREATE_CHARACTER)),
)
# Discord's permission bits.
ADMINISTRATOR_BIT, MANAGE_GUILD_BIT = 1 << 3, 1 << 5
MIRRORED_BITS = {ADMINISTRATOR_BIT: ADMINISTRATOR, MANAGE_GUILD_BIT: MANAGE_SERVER}
MIRRORED_COLUMNS = ("name", "color", "position", "permissions")


def add_system_roles(server: Server) -> None:
    ServerRole.objects.bulk_create(
        ServerRole(
            server=server,
            system=system,
            name=name,
            position=position,
            color=color,
            permissions=dict.fromkeys(allowed, ALLOW),
        )
        for system, name, position, color, allowed in SYSTEM_ROLES
    )


def grant_system_role(member: ServerMember, system: str) -> None:
    member.roles.add(ServerRole.objects.get(server_id=member.server_id, system=system))


def permissions_of_bits(bits: int) -> frozenset[str]:
    """Return the permissions that Discord's permission bits grant here."""
    return frozenset(name for bit, name in MIRRORED_BITS.items() if bits & bit)


def sync_roles(server: Server, facts: Collection[GuildRole]) -> None:
    """Make the mirrored roles equal to these by difference; permissions set here, such as storyteller, stay."""
    wanted = {role.id: role for role in facts}
    mirrored = {
        role.discord_id: role for role in ServerRole.objects.filter(server=server, discord_id__isnull=False)
    }
    gone = [role.pk for key, role in mirrored.items() if key not in wanted]
    if gone:
        remove_roles(server, gone)
    new = [
        ServerRole(server=server, discord_id=key, **_columns(role, {}))
        for key, role in wanted.items()
        if key not in mirrored
    ]
    with ours_alone("roles"):
        ServerRole.objects.bulk_create(new)
    changed = [role for key, role in mirrored.items() if key in wanted and _apply(role, wanted[key])]
    if changed:
        ServerRole.objects.bulk_update(changed, MIRRORED_COLUMNS)


def remove_roles(server: Server, role_ids: Collection[UUID]) -> None:
    """Delete roles of a locked server, along with their entries in channel permissions."""
    gone = {str(pk) for pk in role_ids}
    touched = []
    for channel in ServerChannel.objects.filter(server=server):
        if gone & channel.permissions.keys():
            channel.permissions = {
                pk: verdicts for pk, verdicts in channel.permissions.items() if pk not in gone
            }
            touched.append(channel)
    if touched:
        ServerChannel.objects.bulk_update(touched, ["permissions"])
    ServerRole.objects.filter(pk__in=role_ids).delete()


def _columns(facts: GuildRole, kept: Mapping[str, str]) -> dict[str, object]:
    own = {name: verdict for name, verdict in kept.items() if name not in MIRRORED_BITS.values()}
    return {
        "name": clean(facts.name, 100) or "role",
        "color": f"#{facts.color & 0xFFFFFF:06x}" if facts.color else "#99aab5",
        "position": facts.position,
        "permissions": own | dict.fromkeys(sorted(permissions_of_bits(int(facts.permissions or 0))), ALLOW),
    }


def _apply(role: ServerRole, facts: GuildRole) -> bool:
    """Set the columns that differ; return whether any did."""
    columns = _columns(facts, role.permissions)
    differs = any(getattr(role, name) != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(role, name, value)
    return differs


def mark_storytellers(server: Server, discord_ids: Collection[str], principal: Principal) -> None:
    """Make exactly these mirrored roles storyteller roles."""
    mirrored = list(ServerRole.objects.filter(server=server, discord_id__isnull=False))
    unknown = set(discord_ids) - {role.discord_id for role in mirrored}
    if unknown:
        raise Invalid.field(
            "storyteller_roles", _("There’s no such role in this server (or we don’t know it yet).")
        )
    changed = []
    for role in mirrored:
        document = {name: verdict for name, verdict in role.permissions.items() if name != STORYTELLER}
        if role.discord_id in discord_ids:
            document[STORYTELLER] = ALLOW
        if document != role.permissions:
            can(principal, "role.edit", role).require()
            role.permissions = document
            changed.append(role)
    if changed:
        ServerRole.objects.bulk_update(changed, ["permissions"])


def check_name(text: str) -> str:
    name = clean(text, 101)
    if not name or len(name) > 100:
        raise Invalid.field("name", _("A role’s name has 1 to 100 characters."))
    return name


def check_permissions(document: Mapping[str, str]) -> dict[str, str]:
    """Validate a permission document written by hand. Raises Invalid."""
    if document.keys() - ALL_PERMISSIONS:
        known = ", ".join(sorted(ALL_PERMISSIONS))
        raise Invalid.field("permissions", _("There are no permissions but {names}.", names=known))
    return dict(document)
