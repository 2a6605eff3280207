"""Channels of servers that were made on the web, as pages show them, and one such server that was deleted."""

from typing import Any

BOONS = "Who owes whom, and since when."
CHANNELS: tuple[dict[str, Any], ...] = (
    {"name": "welcome", "description": "Who we are, and when we play."},
    {"name": "In the city", "type": "category"},
    {"name": "elysium", "category": "In the city", "description": "Mind your manners: the Harpies listen."},
    {"name": "the-docks", "category": "In the city", "slow_mode": 30},
    {"name": "boons", "category": "In the city", "is_private": True, "description": BOONS},
    {"name": "At the table", "type": "category"},
    {"name": "The crypt", "category": "At the table", "type": "voice", "user_limit": 5},
    {"name": "old-season", "category": "At the table"},
)


def play(name: str) -> dict[str, object]:
    """Give Sam's server of this name its channels, with two people in one; delete another server of Sam's."""
    from chronicle import services
    from chronicle.models import Server
    from chronicle.principal import Principal
    from contract.channels import ChannelChanges, CreateChannel
    from discordauth.models import CustomUser
    from timeline.services import Cause

    server, sam = Server.objects.get(name=name), CustomUser.objects.get(global_name="Sam")
    by: dict[str, Any] = {"principal": Principal(sam), "cause": Cause(sam, "web")}
    made = {
        given["name"]: services.create_channel(server, CreateChannel.model_validate(given), **by)
        for given in CHANNELS
    }
    services.set_channel(server, "old-season", ChannelChanges(archived=True), **by)
    mira = CustomUser.objects.get(global_name="Mira")
    services.add_member(server, mira, cause=by["cause"], system_roles=["MODERATOR"])
    for person in (sam, mira):
        services.join_voice(server, "The crypt", person, principal=Principal(person))
    closed = services.create_server(sam, "Court of Ashes", cause=by["cause"])
    services.delete_server(closed, **by)
    return {
        "own_channel": made["elysium"].pk,
        "own_category": made["In the city"].pk,
        "own_voice": made["The crypt"].pk,
        "deleted": closed.pk,
    }
