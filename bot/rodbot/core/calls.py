"""The base of each area's bot API calls."""

from typing import Self

from rodbot.core.backend import Backend
from rodbot.core.bot import Interaction, bot_of
from rodbot.core.caller import Caller, caller_of
from rodbot.core.models import Json


class Calls:
    """Bot API calls in the name of one caller."""

    def __init__(self, backend: Backend, caller: Caller) -> None:
        self._backend = backend
        self._caller = caller

    @classmethod
    def of(cls, interaction: Interaction) -> Self:
        """Calls in the name of the person behind this interaction."""
        return cls(bot_of(interaction).backend, caller_of(interaction))

    async def act(self, method: str, path: str, body: Json, suffix: str = "") -> Json:
        """A second call for the same interaction needs a `suffix` of its own for its idempotency key."""
        return await self._backend.act(method, path, self._caller, body, suffix)

    async def read(self, path: str, q: str, **filters: str | None) -> Json:
        """A read for completions of what was typed; filters that are empty or None are left out."""
        given = {name: value for name, value in filters.items() if value}
        return await self._backend.read(path, {**self._caller.query(), "q": q, **given})
