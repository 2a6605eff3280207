"""What happens around the characters: people come, go and change roles, the guild is mirrored and set up."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from chronicle import services as guilds
from chronicle.models import Server, ServerMember, ServerRole
from chronicle.principal import ALL_PERMISSIONS
from chronicle.services.roles import ADMINISTRATOR_BIT
from haven.tests.community import Community
from haven.tests.kit import cause, principal
from haven.tests.strategies import NAMES, NO_NAMES, json_values
from rules.errors import Invalid, NotFound
from testing.community import set_server, update_chronicle, update_role
from testing.personas import (
    DISCORD_IDS,
    GUILD,
    NARRATOR,
    OTHER_GUILD,
    PLAYER,
    SYSTEM,
    TABLE_CHANNEL,
    TRACKER_CHANNEL,
    World,
    channel_facts,
    guild_facts,
    member_facts,
    role_facts,
)

PEOPLE = ("mira", "mira", "vesna", "olga", "root", "jonas", "sam", "nobody")
ROLES = (NARRATOR, PLAYER, GUILD, OTHER_GUILD, "710000000000000009", "710000000000000404")
CHANNELS = (TABLE_CHANNEL, TRACKER_CHANNEL, "720000000000000009", "", "\x00", "🦉")

people = st.sampled_from(PEOPLE)
members = st.sampled_from(["mira", "vesna", "olga", "jonas", "sam"])
picks = st.integers(0, 5)
role_sets = st.sets(st.sampled_from(ROLES), max_size=3)


class GuildRules(RuleBasedStateMachine):
    world: World
    community: Community

    @rule(who=members, roles=role_sets, bits=st.sampled_from([0, 0, ADMINISTRATOR_BIT]), other=st.booleans())
    def acts(self, who: str, roles: set[str], bits: int, other: bool) -> None:
        """Whoever uses a command is a member, with the roles that Discord says."""
        guild = (
            guild_facts(id=OTHER_GUILD, name="Other Court", owner_id=DISCORD_IDS["sam"])
            if other
            else guild_facts()
        )
        facts = member_facts(who, roles=frozenset(roles), permissions=bits)
        self.community.attempt(lambda: guilds.ensure_member(guild, facts, cause=SYSTEM))

    @rule(who=members)
    def leaves(self, who: str) -> None:
        user = getattr(self.world, who)
        self.community.attempt(lambda: guilds.remove_member(self.world.server, user.id, cause=SYSTEM))

    @rule(there=st.lists(members, unique=True), roles=role_sets, complete=st.booleans())
    def sync_members(self, there: list[str], roles: set[str], complete: bool) -> None:
        facts = [member_facts(who, roles=frozenset(roles), nick="🦉\x00" * 40) for who in there]
        span = guilds.EVERYONE if complete else None
        self.community.attempt(
            lambda: guilds.sync_members(self.world.server, facts, cause=SYSTEM, speaks_for=span)
        )

    @rule(
        guild=st.sampled_from([GUILD, GUILD, OTHER_GUILD]),
        name=st.sampled_from(["Night Court", "", "🦉", "\x00"]),
        owner=members,
        roles=role_sets,
        channels=st.sets(st.sampled_from(CHANNELS[:3])),
        bits=st.sampled_from([0, ADMINISTRATOR_BIT]),
    )
    def sync_guild(
        self, guild: str, name: str, owner: str, roles: set[str], channels: set[str], bits: int
    ) -> None:
        facts = guild_facts(
            id=guild,
            name=name,
            owner_id=DISCORD_IDS[owner],
            roles=tuple(role_facts(role_id, role_id, permissions=bits) for role_id in sorted(roles)),
            channels=tuple(channel_facts(channel_id, channel_id) for channel_id in sorted(channels)),
        )
        self.community.attempt(lambda: guilds.sync_server(facts, cause=SYSTEM))

    @rule()
    def bot_is_removed(self) -> None:
        self.community.attempt(lambda: guilds.leave_server(self.world.server, cause=SYSTEM))

    @rule(who=people, roles=role_sets)
    def name_storytellers(self, who: str, roles: set[str]) -> None:
        self._settings(who, lambda **more: set_server(self.world.server, storyteller_roles=roles, **more))

    @rule(who=people, channel=st.sampled_from(CHANNELS) | st.none())
    def choose_tracker(self, who: str, channel: str | None) -> None:
        self._settings(who, lambda **more: set_server(self.world.server, tracker_channel=channel, **more))

    @rule(who=people, edition=st.sampled_from(["5th", "20th", "9th", "", None, []]))
    def choose_edition(self, who: str, edition: Any) -> None:
        self._settings(who, lambda **more: set_server(self.world.server, edition=edition, **more))

    @rule(
        who=people,
        name=st.sampled_from([*NAMES, *NO_NAMES]),
        more=st.dictionaries(st.text(max_size=5), json_values, max_size=1),
    )
    def rename_chronicle(self, who: str, name: Any, more: dict[str, Any]) -> None:
        changes = {"name": name, "description": name} | more
        self._settings(who, lambda **by: update_chronicle(self.world.chronicle, changes, **by))

    @rule(
        who=people,
        pick=picks,
        document=st.dictionaries(
            st.sampled_from(sorted(ALL_PERMISSIONS)), st.sampled_from(["allow", "deny"]), max_size=2
        )
        | json_values,
    )
    def permit(self, who: str, pick: int, document: Any) -> None:
        roles = list(ServerRole.objects.filter(server=self.world.server).select_related("server"))
        role = roles[pick % len(roles)]
        self._settings(who, lambda **by: update_role(role, {"permissions": document}, **by))

    def _settings(self, who: str, work: Any) -> None:
        asked = principal(self.world, who)
        owner_id = Server.objects.values_list("owner_id", flat=True).get(pk=self.world.server.pk)
        is_member = ServerMember.objects.filter(server=self.world.server, user_id=asked.id).exists()
        done = self.community.attempt(lambda: work(principal=asked, cause=cause(self.world, who)))
        if not (is_member or asked.is_platform_admin or (asked.id is not None and asked.id == owner_id)):
            # What is no input at all is refused at the door, which knows nothing of the server.
            assert type(done) in (NotFound, Invalid), done
