"""Sample servers to try chat by hand: `cd backend && python seed_chat_data.py` (docs/CHAT.md).

Three servers with text and voice channels, and everybody who has an account as a member. Again, it adds only what is
missing. Exit codes: 0 done, 1 not.
"""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chronicle.models import Server
    from discordauth.models import CustomUser
    from timeline.services import Cause

# Server → its text channels and its voice channels.
SERVERS = {
    "City by Night": (("general", "rumours", "out-of-character"), ("The Elysium",)),
    "Storytellers’ Corner": (("general", "advice"), ("Table talk",)),
    "Rooftop Watch": (("general", "sightings"), ("Radio", "Campfire")),
}
NO_TABLES = "The database lacks tables of this version. Run: python manage.py migrate"
NO_DATABASE = "The database does not answer: {error}\nCheck DATABASE_URL in .env, and that the database runs."


def main() -> int:
    _set_up()
    from django.db import OperationalError, ProgrammingError, connection, transaction

    try:
        with connection.cursor() as cursor:
            if "chat_messages" not in connection.introspection.table_names(cursor):
                print(NO_TABLES, file=sys.stderr)
                return 1
        with transaction.atomic():
            for line in seed():
                print(line)
    except (OperationalError, ProgrammingError) as error:
        print(NO_DATABASE.format(error=error), file=sys.stderr)
        return 1
    return 0


def seed() -> list[str]:
    """Add what is missing, and say of each server what it has now."""
    from chronicle.models import Server, ServerChannel
    from discordauth.models import CustomUser

    people = list(CustomUser.objects.filter(is_active=True).order_by("date_joined", "id"))
    said = []
    for name, channels in SERVERS.items():
        server = Server.objects.filter(name=name, discord_id=None, deleted_at=None).first()
        server = server or _found(name, people)
        _add_channels(server, channels)
        _add_members(server, people)
        count = ServerChannel.objects.filter(server=server).count()
        said.append(f"{name}: {count} channels, {server.members.count()} members")
    return said


def _found(name: str, people: "list[CustomUser]") -> "Server":
    from chronicle.models import Server
    from chronicle.services import found_server

    owner = next((user for user in people if user.is_superuser), people[0] if people else None)
    return found_server(Server(name=name, owner=owner, edition_chosen=True), _cause())


def _add_channels(server: "Server", channels: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    from chronicle.models import ServerChannel
    from chronicle.principal import Principal
    from chronicle.services import create_channel
    from contract.channels import CreateChannel

    there = set(ServerChannel.objects.filter(server=server).values_list("name", flat=True))
    for kind, names in zip(("text", "voice"), channels, strict=True):
        for name in names:
            if name not in there:
                wanted = CreateChannel.model_validate({"server": server.pk, "name": name, "type": kind})
                create_channel(server, wanted, principal=Principal.system(), cause=_cause())


def _add_members(server: "Server", people: "list[CustomUser]") -> None:
    from chronicle.services import add_member

    there = set(server.members.values_list("user_id", flat=True))
    for user in people:
        if user.pk not in there:
            add_member(server, user, cause=_cause())


def _cause() -> "Cause":
    from timeline.services import Cause

    return Cause(actor=None, door="system")


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
