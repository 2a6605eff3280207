"""What a channel is: text, voice or a category, with a slug of its own and a right to moderate."""

import pytest
from django.db import IntegrityError, transaction

from chronicle.models import Server, ServerChannel, ServerRole, TextChannel, VoiceChannel
from chronicle.principal import MANAGE_MESSAGES, Principal
from chronicle.rights import can
from testing.personas import World

pytestmark = pytest.mark.engine
Kind = ServerChannel.Kind


@pytest.mark.req("S000-54")
def test_a_text_channel_has_what_the_specification_names(world: World) -> None:
    TextChannel.objects.create(
        server=world.server, name="The Tavern", description="Talk", position=3, is_private=True
    )
    made = TextChannel.objects.get(server=world.server, name="The Tavern")
    assert (made.slug, made.description, made.position, made.is_private) == ("the-tavern", "Talk", 3, True)
    assert made.kind == Kind.TEXT
    assert made.created_at is not None
    assert made.discord_id is None


@pytest.mark.req("S000-55")
def test_a_voice_channel_has_a_limit(world: World) -> None:
    VoiceChannel.objects.create(server=world.server, name="Crypt", user_limit=5)
    made = VoiceChannel.objects.get(server=world.server, name="Crypt")
    assert (made.slug, made.user_limit, made.kind) == ("crypt", 5, Kind.VOICE)
    assert not TextChannel.objects.filter(pk=made.pk).exists()


@pytest.mark.req("S000-56")
def test_slugs_are_unique_in_a_server_and_only_there(world: World) -> None:
    def slug(server: Server, kind: int = Kind.TEXT) -> str:
        return ServerChannel.objects.create(server=server, name="Élysée", kind=kind).slug

    assert [slug(world.server), slug(world.server), slug(world.server, Kind.CATEGORY)] == [
        "elysee",
        "elysee-2",
        "category-elysee",
    ]
    assert slug(world.other_server) == "elysee"
    with pytest.raises(IntegrityError), transaction.atomic():
        ServerChannel.objects.create(server=world.server, name="?", slug="elysee")


@pytest.mark.req("S000-56")
def test_position_orders_listings(world: World) -> None:
    for name, position in (("second", 12), ("first", 11), ("third", 13)):
        TextChannel.objects.create(server=world.server, name=name, position=position)
    names = [row.name for row in ServerChannel.objects.filter(server=world.server, position__gte=11)]
    assert names == ["first", "second", "third"]


def test_moderators_moderate_where_the_channel_does_not_say_otherwise(world: World) -> None:
    channel = TextChannel.objects.create(server=world.server, name="tavern")
    moderator = ServerRole.objects.get(server=world.server, system=ServerRole.System.MODERATOR)
    assert moderator.permissions[MANAGE_MESSAGES] == "allow"
    member = world.server.members.get(user=world.jonas)

    def moderates() -> bool:
        return bool(can(Principal(world.jonas), "channel.moderate", channel))

    assert not moderates()
    member.roles.add(moderator)
    assert moderates()
    channel.permissions = {str(moderator.pk): {"manage_messages": "deny"}}
    assert not moderates()


def test_a_role_may_moderate_one_channel(world: World) -> None:
    channel = TextChannel.objects.create(server=world.server, name="tavern")
    role = ServerRole.objects.create(server=world.server, name="Bouncer", position=3)
    world.server.members.get(user=world.jonas).roles.add(role)
    channel.permissions = {str(role.pk): {"manage_messages": "allow"}}
    assert can(Principal(world.jonas), "channel.moderate", channel)
    assert not can(Principal(world.mira), "channel.moderate", channel)
    assert not can(Principal(world.jonas), "channel.manage", channel)
