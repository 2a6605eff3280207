"""The mirror of a guild: by difference, idempotent, in a constant number of statements."""

from testing.personas import World


def test_a_new_guild_has_its_system_roles_and_a_default_chronicle(world: World) -> None:
    names = set(world.server.roles.values_list("system", flat=True)) - {""}
    assert names == {"ADMIN", "MODERATOR", "STORYTELLER", "MEMBER"}
    assert world.chronicle.name == "Night Court"
    assert world.server.owner == world.olga
