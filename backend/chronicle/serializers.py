"""Servers and chronicles as one reader sees them, each with a constant number of queries."""

from collections import defaultdict
from collections.abc import Set
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from chronicle import features, house_rules, icons, read_only, tracker
from chronicle.models import Chronicle, Invite, Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, STORYTELLER, Principal
from chronicle.rights import can, moderators_manage_members
from chronicle.services.channels import channels_known_to
from chronicle.services.roles import ALLOW
from contract import channels, chronicles, invitations, members, servers
from contract.base import Named
from contract.translation import _

NAMES_SHOWN = 25
MOST_ROLES = 500
MODERATOR = ServerRole.System.MODERATOR
MOST_PEOPLE = 100


def server_for(server: Server, principal: Principal) -> servers.Server:
    """For its members."""
    can(principal, "server.view", server).require()
    counts = characters_by_chronicle(server.id)
    storytellers = storytellers_by_chronicle(server.id)
    rows = list(Chronicle.objects.filter(server=server, archived_at=None).order_by("id"))
    storytellers_only = tracker.storyteller_channel(server.settings)
    known = channels_known_to(principal, [server.tracker_channel, storytellers_only])
    default = next((row.id for row in rows if row.is_default), "")
    return servers.Server.from_object(
        server,
        url=f"{settings.SITE_URL}/?chronicle={default}",
        icon_url=icons.address(server),
        members=ServerMember.objects.filter(server=server).count(),
        characters=sum(counts.values()),
        chronicles=[
            servers.ServerChronicle.from_object(
                row,
                edition=row.own_edition or server.edition,
                default=bool(row.is_default),
                characters=counts[row.id],
                storytellers=list(
                    dict.fromkeys(person.name for person in storytellers[row.id] + storytellers[None])
                ),
            )
            for row in rows
        ],
        features=features_of(server),
        grace=grace_of(server),
        restorable_until=read_only.restorable_until(server),
        moderators_manage_members=moderators_manage_members(server),
        tracker_channel=server.tracker_channel if server.tracker_channel in known else None,
        tracker=tracker.shows(server.settings),
        storyteller_channel=storytellers_only if storytellers_only in known else None,
        storyteller_roles=_marked_roles(server),
        you=_you(server, principal),
    )


def characters_by_chronicle(server_id: UUID) -> dict[UUID, int]:
    """Count the living characters of a server's chronicles, through the relation: their app lies above this one."""
    living = Count("characters", filter=Q(characters__deleted_at=None))
    rows = Chronicle.objects.filter(server_id=server_id).annotate(living=living)
    return dict(rows.values_list("id", "living"))


def storytellers_by_chronicle(server_id: UUID) -> dict[UUID | None, list[Named]]:
    """Return chronicle → its storytellers; None → those of the whole server. By name; of each at most so many."""
    held = ServerMember.roles.through.objects.filter(
        servermember__server_id=server_id, serverrole__permissions__storyteller=ALLOW
    )
    rows = held.values_list(
        "serverrole__chronicle_id",
        "servermember__user_id",
        "servermember__nickname",
        "servermember__user__global_name",
        "servermember__user__discord_username",
        "servermember__user__username",
    )
    by_chronicle: dict[UUID | None, dict[UUID, str]] = defaultdict(dict)
    for chronicle_id, user_id, *names in rows:
        by_chronicle[chronicle_id][user_id] = next(filter(None, names), "")
    return defaultdict(list, {pk: _by_name(people) for pk, people in by_chronicle.items()})


def _by_name(people: dict[UUID, str]) -> list[Named]:
    listed = sorted(people.items(), key=lambda entry: entry[1].casefold())
    return [Named(id=pk, name=name) for pk, name in listed[:NAMES_SHOWN]]


def _storytellers(chronicle: Chronicle) -> list[Named]:
    """The storytellers of this chronicle: its own first, then those of the whole server."""
    by_chronicle = storytellers_by_chronicle(chronicle.server_id)
    own = by_chronicle[chronicle.id]
    return own + [person for person in by_chronicle[None] if person not in own]


def features_of(server: Server) -> list[servers.FeatureSwitch]:
    return [
        servers.FeatureSwitch(
            slug=feature.slug,
            label=_(feature.label),
            switches=_(feature.switches),
            on=features.is_on(server, feature.slug),
        )
        for feature in features.FEATURES.values()
    ]


def grace_of(server: Server) -> servers.Grace:
    return servers.Grace(
        left=server.left_at is not None,
        kept=server.kept_at is not None,
        resting=read_only.is_read_only(server),
        rests_from=read_only.read_only_from(server),
    )


def _marked_roles(server: Server) -> list[servers.MarkedRole]:
    """Discord's roles that make storytellers."""
    rows = ServerRole.objects.filter(server=server, discord_id__isnull=False)
    return [
        servers.MarkedRole.from_object(role, id=role.discord_id)
        for role in rows.only("name", "discord_id", "permissions")
        if role.permissions.get(STORYTELLER) == ALLOW
    ]


def _you(server: Server, principal: Principal) -> servers.You:
    permissions = principal.permissions(server.id)
    held = ServerRole.objects.filter(members__user_id=principal.id, server=server)
    return servers.You(
        roles=list(held.values_list("name", flat=True)),
        storyteller=STORYTELLER in permissions,
        admin=ADMINISTRATOR in permissions,
    )


def roles_of(server: Server) -> members.Roles:
    """The roles of the whole server with their permissions; one query."""
    rows = ServerRole.objects.filter(server=server, chronicle=None).annotate(held_by=Count("members"))
    results = [
        members.Role.from_object(role, system=role.system or None, members=role.held_by)
        for role in rows.order_by("-position", "id")[:MOST_ROLES]
    ]
    return members.Roles(server=server.id, results=results)


def my_servers(principal: Principal) -> servers.Servers:
    """The servers that somebody is in, by name; three queries."""
    rows = Server.objects.filter(members__user_id=principal.id).distinct().order_by("name", "id")
    principal.load()
    moderating = set(
        ServerRole.objects.filter(system=MODERATOR, members__user_id=principal.id).values_list(
            "server_id", flat=True
        )
    )
    return servers.Servers(
        results=[_brief_of(row, principal, moderating) for row in rows if can(principal, "server.view", row)]
    )


def _brief_of(row: Server, principal: Principal, moderating: Set[UUID]) -> servers.ServerBrief:
    lower = MODERATOR if row.id in moderating else ServerRole.System.MEMBER
    is_admin = ADMINISTRATOR in principal.permissions(row.id)
    return servers.ServerBrief.from_object(
        row,
        role=ServerRole.System.ADMIN if is_admin else lower,
        mirrored=row.is_mirrored,
        manages_channels=bool(can(principal, "server.channels", row)),
        restorable_until=read_only.restorable_until(row),
    )


TYPES: dict[int, str] = {
    **dict.fromkeys(ServerChannel.TEXTS, "text"),
    **dict.fromkeys(ServerChannel.VOICES, "voice"),
    **dict.fromkeys(ServerChannel.THREADS, "thread"),
    ServerChannel.Kind.CATEGORY: "category",
}


def type_of(row: ServerChannel) -> str:
    """Return what kind of channel it is, in a word."""
    return TYPES.get(row.kind, "other")


def channel_for(row: ServerChannel, principal: Principal) -> channels.Channel:
    rights = {
        verb: bool(can(principal, f"channel.{verb}", row)) for verb in ("view", "send", "moderate", "manage")
    }
    permissions = row.permissions if rights["manage"] else {}
    return channels.Channel.from_object(
        row,
        slug=row.slug or "",
        type=type_of(row),
        category=row.category.name if row.category else "",
        parent=row.parent_id,
        chronicle=row.chronicle_id,
        user_limit=row.user_limit or 0,
        archived=row.archived_at is not None,
        permissions=permissions,
        rights=rights,
    )


def invitation_of(row: Invite) -> invitations.Invitation:
    url = f"{settings.SITE_URL}/join/{row.code}/"
    return invitations.Invitation.from_object(row, url=url, made_by=row.made_by.as_person())


# Chronicles


def brief(row: Chronicle, principal: Principal) -> chronicles.ChronicleBrief:
    permissions = principal.permissions(row.server_id, row.id)
    return chronicles.ChronicleBrief.from_object(
        row,
        default=bool(row.is_default),
        archived=row.archived_at is not None,
        own_edition=row.own_edition or None,
        stream=f"chronicle:{row.id}",
        rights=chronicles.ChronicleRights(
            manage=bool(can(principal, "chronicle.manage", row)), storyteller=STORYTELLER in permissions
        ),
    )


def chronicle_for(row: Chronicle, principal: Principal) -> chronicles.Chronicle:
    return chronicles.Chronicle(
        **dict(brief(row, principal)),
        rules=rules_of(row),
        tenets=house_rules.tenets(row),
        people=people_of(row),
        members=ServerMember.objects.filter(server_id=row.server_id).count(),
        characters=characters_by_chronicle(row.server_id)[row.id],
        storytellers=_storytellers(row),
    )


def rules_of(row: Chronicle) -> list[chronicles.HouseRule]:
    return [
        chronicles.HouseRule.from_object(
            rule,
            label=_(rule.label),
            changes=_(rule.changes),
            value=house_rules.value(row, rule.slug),
            choices=[
                chronicles.RuleChoice(value=slug, label=_(label)) for slug, label in rule.choices.items()
            ],
        )
        for rule in house_rules.SWITCHES.values()
    ]


def people_of(row: Chronicle) -> list[chronicles.ChroniclePerson]:
    """Those who hold a role of the chronicle itself."""
    held = ServerMember.roles.through.objects.filter(serverrole__chronicle=row).exclude(serverrole__system="")
    rows = held.order_by("-serverrole__position", "servermember_id").select_related(
        "serverrole", "servermember__user"
    )
    return [
        chronicles.ChroniclePerson(
            id=holder.servermember.user_id,
            name=holder.servermember.display_name,
            role=holder.serverrole.system,
        )
        for holder in rows[:MOST_PEOPLE]
    ]


def member_of(row: ServerMember) -> chronicles.ChronicleMember:
    user = Named(id=row.user_id, name=row.user.display_name)
    return chronicles.ChronicleMember.from_object(
        row, user=user, roles=[role.name for role in row.roles.all()]
    )
