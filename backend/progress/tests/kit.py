"""What tests of points share."""

from datetime import UTC, datetime
from typing import Any

from chronicle.call import Call
from chronicle.models import Server
from discordauth.models import CustomUser
from progress.models import PointEntry
from progress.services import ledger
from rules.notices import notice
from testing.personas import World
from timeline.services import Cause

MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)


def give(user: CustomUser, amount: int, key: str, source: str = "session", **more: Any) -> PointEntry | None:
    return ledger.award(
        user, amount, source, notice("points_login", streak=1), key, Cause(user, "web"), **more
    )


def switch_boards(server: Server, on: bool = True) -> None:
    server.features = server.features | {"boards": on}
    server.save(update_fields=["features"])


def call(world: World, name: str, **more: Any) -> Call:
    return Call(world.principal(name), Cause(getattr(world, name), "web"), **more)
