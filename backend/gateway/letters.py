"""Direct messages as the Discord process is offered them (`timeline.letters`). Blocking, as `gateway.feed_frames`."""

from collections.abc import Collection
from uuid import UUID

import orjson

from timeline import letters
from timeline.models import Letter


def offered(known: Collection[UUID]) -> tuple[set[UUID], list[str]]:
    """Which wait, and the frames of those that this process was not offered before."""
    waiting, fresh = letters.waiting(known)
    return waiting, [_frame(one) for one in fresh]


def _frame(letter: Letter) -> str:
    head = {
        "type": "letter",
        "id": str(letter.pk),
        "guild_id": letter.guild_id,
        "user_id": letter.user.discord_id,
    }
    return orjson.dumps(head | {"letter": letter.body}).decode()
