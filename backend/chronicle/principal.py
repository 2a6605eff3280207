"""Who asks: a user, nobody, or the system itself; with the permissions they have in each server.

Permissions are loaded with one query a server (or one for many, see `load`) and kept on the instance.
A principal that lives longer than a request, as on a socket, must `forget` when rights change.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, UUIDField

from chronicle.models import ServerMember, ServerRole
from discordauth.models import CustomUser
from timeline.prepared import Prepared, Slot

ADMINISTRATOR = "administrator"
MANAGE_SERVER = "manage_server"
MANAGE_ROLES = "manage_roles"
MANAGE_MEMBERS = "manage_members"
STORYTELLER = "storyteller"
CREATE_CHARACTER = "create_character"
VIEW_SERVER = "view_server"
ALL_PERMISSIONS = frozenset(
    {
        ADMINISTRATOR,
        MANAGE_SERVER,
        MANAGE_ROLES,
        MANAGE_MEMBERS,
        STORYTELLER,
        CREATE_CHARACTER,
        VIEW_SERVER,
    }
)
NONE: frozenset[str] = frozenset()
# What owning a server adds to the documents of one's roles; nothing overrules it.
_OWNS = {"owner": "allow"}


def resolve(documents: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """What the permission documents of somebody's roles, highest position first, add up to.

    For each name the highest role that says "allow" or "deny" decides; absent means: ask the next role.
    """
    verdicts: dict[str, str] = {}
    for document in documents:
        for name, verdict in document.items():
            if verdict in ("allow", "deny"):
                verdicts.setdefault(name, verdict)
    if verdicts.get(ADMINISTRATOR) == "allow":
        return ALL_PERMISSIONS
    return ALL_PERMISSIONS & {name for name, verdict in verdicts.items() if verdict == "allow"}


class Principal:
    def __init__(self, user: CustomUser | None = None, *, is_system: bool = False) -> None:
        self.user = user
        self.id: UUID | None = user.id if user else None
        self.name: str = user.display_name if user else ("System" if is_system else "")
        self.is_system = is_system
        self.is_platform_admin = is_system or bool(user and user.is_superuser)
        self._permissions: dict[UUID, frozenset[str]] = {}
        self._discord_roles: dict[UUID, frozenset[str]] = {}

    @classmethod
    def for_user(cls, user: Any) -> "Principal":
        """The principal of `request.user` or `scope["user"]`; a disabled account is nobody."""
        return cls(user) if user is not None and user.is_authenticated and user.is_active else cls()

    @classmethod
    def anonymous(cls) -> "Principal":
        return cls()

    @classmethod
    def system(cls) -> "Principal":
        """Commands and repairs: may do everything."""
        return cls(is_system=True)

    @property
    def is_anonymous(self) -> bool:
        return self.id is None and not self.is_system

    def permissions(self, server_id: UUID | None) -> frozenset[str]:
        if server_id is None:
            return NONE
        if self.is_platform_admin:
            return ALL_PERMISSIONS
        if self.id is None:
            return NONE
        if server_id not in self._permissions:
            self._permissions[server_id] = NONE
            self.learn(_standing_in(user=self.id, server=server_id))
        return self._permissions[server_id]

    def discord_roles(self, server_id: UUID) -> frozenset[str]:
        """The Discord ids of the roles held, as mirrored; from the same query as the permissions."""
        if self.id is not None and server_id not in self._discord_roles:
            self.learn(_standing_in(user=self.id, server=server_id))
        return self._discord_roles.get(server_id, frozenset())

    def load(self, server_ids: Iterable[UUID] | None = None) -> dict[UUID, frozenset[str]]:
        """One query for many servers, or for every server of this user. Returns what is known then."""
        if self.id is not None and server_ids is not None:
            wanted = set(server_ids) - self._permissions.keys()
            self._permissions.update(dict.fromkeys(wanted, NONE))
            if wanted:
                self.learn(_standing_of(self.id, Q(server_id__in=wanted)))
        elif self.id is not None:
            memberships = ServerMember.objects.filter(user_id=self.id).values("server_id")
            mine = Q(server_id__in=memberships) | Q(server__owner_id=self.id)
            self.learn(_standing_of(self.id, mine))
        return dict(self._permissions)

    def remember(self, server_id: UUID, permissions: frozenset[str]) -> None:
        """For a caller who has just loaded them anyway."""
        self._permissions[server_id] = permissions

    def forget(self, server_id: UUID | None = None) -> None:
        """Ask again next time: about one server, or about all."""
        if server_id is None:
            self._permissions.clear()
            self._discord_roles.clear()
        else:
            self._permissions.pop(server_id, None)
            self._discord_roles.pop(server_id, None)

    def learn(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Takes rows of STANDING, each with whether this user is a member of the server behind it."""
        documents: dict[UUID, list[Mapping[str, str]]] = defaultdict(list)
        discord_roles: dict[UUID, set[str]] = defaultdict(set)
        for server_id, owner_id, document, discord_id, is_member in rows:
            if owner_id is not None and owner_id == self.id:
                documents[server_id].append(_OWNS)
            if is_member:
                documents[server_id].append(document)
                discord_roles[server_id].add(discord_id)
        for server_id, found in documents.items():
            self._permissions[server_id] = ALL_PERMISSIONS if _OWNS in found else resolve(found)
            self._discord_roles[server_id] = frozenset(filter(None, discord_roles[server_id]))


# What is read of a role.
STANDING = ("server_id", "server__owner_id", "permissions", "discord_id")


def standing(servers: Q, held_by: Mapping[str, Any]) -> QuerySet[ServerRole]:
    """The roles that count for somebody in these servers, the highest first: those held, and those that everyone has,
    which are MEMBER and Discord's @everyone, whose id is the guild's. `held_by`: who, as the table of holders knows it.
    """
    held = ServerRole.members.through.objects.filter(serverrole_id=OuterRef("pk"), **held_by)
    everyones = Q(system=ServerRole.System.MEMBER) | Q(discord_id=F("server__discord_id"))
    return ServerRole.objects.filter(servers & (everyones | Exists(held))).order_by("-position", "id")


def _standing_of(user_id: Any, servers: Q) -> QuerySet:
    membership = ServerMember.objects.filter(server_id=OuterRef("server_id"), user_id=user_id)
    found = standing(servers, {"servermember__user_id": user_id})
    return found.values_list(*STANDING, Exists(membership))


_standing_in = Prepared(
    lambda: _standing_of(Slot("user", UUIDField()), Q(server_id=Slot("server", UUIDField())))
)
