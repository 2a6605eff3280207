"""The principal of a request: a user, an anonymous visitor or the system, with permissions per server and chronicle.

Permissions are loaded with one query a server (or one for many, see `load`) and kept on the instance. A role that
belongs to a chronicle counts there alone, and before the roles of the server.
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
MANAGE_CHRONICLES = "manage_chronicles"
MANAGE_CHANNELS = "manage_channels"
MANAGE_MESSAGES = "manage_messages"
INVITE_MEMBERS = "invite_members"
STORYTELLER = "storyteller"
OBSERVE = "observe"
RUN_CONFLICTS = "run_conflicts"
CREATE_CHARACTER = "create_character"
VIEW_SERVER = "view_server"
ALL_PERMISSIONS = frozenset(
    {
        ADMINISTRATOR,
        MANAGE_SERVER,
        MANAGE_ROLES,
        MANAGE_MEMBERS,
        MANAGE_CHRONICLES,
        MANAGE_CHANNELS,
        MANAGE_MESSAGES,
        INVITE_MEMBERS,
        STORYTELLER,
        OBSERVE,
        RUN_CONFLICTS,
        CREATE_CHARACTER,
        VIEW_SERVER,
    }
)
# What a role of one chronicle may say anything about.
IN_A_CHRONICLE = frozenset(
    {MANAGE_CHRONICLES, STORYTELLER, OBSERVE, RUN_CONFLICTS, CREATE_CHARACTER, INVITE_MEMBERS}
)
# Who sees all that storytellers see.
SEES_ALL = frozenset({STORYTELLER, OBSERVE})
NONE: frozenset[str] = frozenset()
# What is left in a server that was deleted, for its administrators, until it is restored or removed; and what is left
# in one that was removed, for its storytellers.
IN_DELETED = frozenset({ADMINISTRATOR, VIEW_SERVER, STORYTELLER, OBSERVE})
IN_REMOVED = frozenset({VIEW_SERVER, STORYTELLER, OBSERVE})
# Where the system roles stand: above every Discord role (there are at most 250), except MEMBER, which all overrule.
ADMIN_POSITION, MODERATOR_POSITION, STORYTELLER_POSITION, MEMBER_POSITION = 1003, 1002, 1001, -1
# Above every role.
OWNER_RANK = 1_000_000


def resolve(documents: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """Merge the permission documents of somebody's roles, given from the highest position down.

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
        # Server → chronicle → what is held there, where a role of that chronicle is held.
        self._inside: dict[UUID, dict[UUID, frozenset[str]]] = {}
        self._ranks: dict[UUID, int] = {}
        self._roles: dict[UUID, tuple[UUID, ...]] = {}
        self._discord_roles: dict[UUID, frozenset[str]] = {}
        self._closed: dict[UUID, bool] = {}

    @classmethod
    def for_user(cls, user: Any) -> "Principal":
        """Return the principal of `request.user` or `scope["user"]`; a disabled account counts as anonymous."""
        return cls(user) if user is not None and user.is_authenticated and user.is_active else cls()

    @classmethod
    def anonymous(cls) -> "Principal":
        return cls()

    @classmethod
    def system(cls) -> "Principal":
        """Return the principal of commands and repairs, which may do everything."""
        return cls(is_system=True)

    @property
    def is_admin(self) -> bool:
        """Whether this is somebody who may do what concerns everybody's progress."""
        return self.is_system or bool(self.user and self.user.is_active and self.user.is_admin)

    @property
    def is_anonymous(self) -> bool:
        return self.id is None and not self.is_system

    def permissions(self, server_id: UUID | None, chronicle_id: UUID | None = None) -> frozenset[str]:
        """Return the permissions in the server, or in one of its chronicles."""
        if server_id is None:
            return NONE
        if self.is_platform_admin:
            return ALL_PERMISSIONS
        if self.id is None:
            return NONE
        if server_id not in self._permissions:
            self._permissions[server_id] = NONE
            self.learn(_standing_in(user=self.id, server=server_id))
        if chronicle_id is not None and server_id in self._inside:
            return self._inside[server_id].get(chronicle_id, self._permissions[server_id])
        return self._permissions[server_id]

    def inside(self, server_id: UUID) -> dict[UUID, frozenset[str]]:
        """Return the permissions in those chronicles of the server where a chronicle role is held."""
        self.permissions(server_id)
        return self._inside.get(server_id, {})

    def roles(self, server_id: UUID) -> tuple[UUID, ...]:
        """Return the ids of the roles held, the highest first."""
        self.permissions(server_id)
        return self._roles.get(server_id, ())

    def rank(self, server_id: UUID) -> int:
        """Return the position of the highest role held: nobody changes or grants roles at or above their own rank.

        Who administrates stands as high as ADMIN, who manages the server as high as MODERATOR, whichever role says so.
        """
        held = self.permissions(server_id)
        if self.is_platform_admin:
            return OWNER_RANK
        ranks = [self._ranks.get(server_id, MEMBER_POSITION)]
        if ADMINISTRATOR in held:
            ranks.append(ADMIN_POSITION)
        if MANAGE_SERVER in held:
            ranks.append(MODERATOR_POSITION)
        return max(ranks)

    def is_closed(self, server_id: UUID) -> bool:
        """Return whether the server was deleted; known once the permissions in it are loaded."""
        self.permissions(server_id)
        return self._closed.get(server_id, False)

    def discord_roles(self, server_id: UUID) -> frozenset[str]:
        """Return the Discord ids of the mirrored roles held, from the same query as the permissions."""
        if self.id is not None and server_id not in self._discord_roles:
            self.learn(_standing_in(user=self.id, server=server_id))
        return self._discord_roles.get(server_id, frozenset())

    def load(self, server_ids: Iterable[UUID] | None = None) -> dict[UUID, frozenset[str]]:
        """Load permissions with one query for many servers, or for every server of this user, and return all known."""
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
        """Store permissions that the caller has just loaded."""
        gained = permissions - self._permissions.get(server_id, NONE)
        self._permissions[server_id] = permissions
        if server_id in self._inside:
            self._inside[server_id] = {pk: held | gained for pk, held in self._inside[server_id].items()}

    def forget(self, server_id: UUID | None = None) -> None:
        """Drop cached permissions of one server, or of all."""
        known: tuple[dict[UUID, Any], ...] = (
            self._permissions,
            self._inside,
            self._ranks,
            self._roles,
            self._discord_roles,
            self._closed,
        )
        for kept in known:
            if server_id is None:
                kept.clear()
            else:
                kept.pop(server_id, None)

    def learn(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Store rows of STANDING, each with whether this user is a member of its server."""
        standings: dict[UUID, _Standing] = defaultdict(_Standing)
        for row in rows:
            role_id, server_id, owner_id, chronicle_id, position, document, discord_id, *dates, is_member = (
                row
            )
            standings[server_id].deleted, standings[server_id].removed = (date is not None for date in dates)
            if owner_id is not None and owner_id == self.id:
                standings[server_id].owns = True
            if is_member:
                standings[server_id].roles.append(role_id)
                standings[server_id].take(chronicle_id, position, document, discord_id)
        for server_id, standing in standings.items():
            self._permissions[server_id] = standing.permissions()
            self._inside[server_id] = standing.inside()
            self._ranks[server_id] = OWNER_RANK if standing.owns else standing.rank
            self._roles[server_id] = tuple(standing.roles)
            self._discord_roles[server_id] = frozenset(filter(None, standing.discord_roles))
            self._closed[server_id] = standing.deleted


class _Standing:
    """Collect what a principal's roles in one server grant, read from the highest down."""

    def __init__(self) -> None:
        self.owns = self.deleted = self.removed = False
        self.rank = MEMBER_POSITION
        self.roles: list[UUID] = []
        self.documents: list[Mapping[str, str]] = []
        self.chronicles: dict[UUID, list[Mapping[str, str]]] = defaultdict(list)
        self.discord_roles: set[str | None] = set()

    def take(
        self, chronicle_id: UUID | None, position: int, document: Mapping[str, str], discord_id: str | None
    ) -> None:
        self.discord_roles.add(discord_id)
        if chronicle_id is None:
            self.documents.append(document)
            self.rank = max(self.rank, position)
        else:
            counted = {name: verdict for name, verdict in document.items() if name in IN_A_CHRONICLE}
            self.chronicles[chronicle_id].append(counted)

    def permissions(self) -> frozenset[str]:
        return self._left(ALL_PERMISSIONS if self.owns else resolve(self.documents))

    def _left(self, held: frozenset[str]) -> frozenset[str]:
        """Return what is left of permissions in a server that was deleted."""
        if self.removed:
            return held & IN_REMOVED
        if self.deleted:
            return held & IN_DELETED if ADMINISTRATOR in held else NONE
        return held

    def inside(self) -> dict[UUID, frozenset[str]]:
        if self.owns:
            return {}
        return {pk: self._left(resolve([*own, *self.documents])) for pk, own in self.chronicles.items()}


# What is read of a role.
STANDING = (
    "id",
    "server_id",
    "server__owner_id",
    "chronicle_id",
    "position",
    "permissions",
    "discord_id",
    "server__deleted_at",
    "server__removed_at",
)


def standing(servers: Q, held_by: Mapping[str, object]) -> QuerySet[ServerRole]:
    """The roles that count for somebody in these servers, the highest first: those held, and those that everyone has,
    which are MEMBER and Discord's @everyone, whose id is the guild's. `held_by`: who, as the table of holders knows it.
    """
    held = ServerRole.members.through.objects.filter(serverrole_id=OuterRef("pk"), **held_by)
    everyones = Q(system=ServerRole.System.MEMBER) | Q(discord_id=F("server__discord_id"))
    return ServerRole.objects.filter(servers & (everyones | Exists(held))).order_by("-position", "id")


def standing_of(user_id: UUID, server_id: UUID) -> list[ServerRole]:
    """Return the roles that count for a member, for callers that need to know which role decided."""
    return list(standing(Q(server_id=server_id), {"servermember__user_id": user_id}))


def _standing_of(user_id: Any, servers: Q) -> QuerySet[Any]:
    membership = ServerMember.objects.filter(server_id=OuterRef("server_id"), user_id=user_id)
    roles = standing(servers, {"servermember__user_id": user_id})
    return roles.values_list(*STANDING, Exists(membership))


_standing_in = Prepared(
    lambda: _standing_of(Slot("user", UUIDField()), Q(server_id=Slot("server", UUIDField())))
)
