"""Calls of the bot API in the name of whoever is behind an interaction."""

from typing import Self

from contract.endpoints import AnswerT, Endpoint, InputT
from rodbot.core.backend import Backend
from rodbot.core.bot import bot_of
from rodbot.core.caller import Caller, caller_of
from rodbot.core.discord_types import Interaction
from rodbot.core.models import Json


async def call(
    interaction: Interaction, endpoint: Endpoint[InputT, AnswerT], given: InputT, suffix: str = ""
) -> AnswerT:
    """Do this in the name of the person behind the interaction; a second write needs a `suffix` of its own."""
    return await bot_of(interaction).backend.call(endpoint, caller_of(interaction), given, suffix)


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
        reading = self._caller.reading().model_dump(exclude_none=True)
        return await self._backend.read(path, {**reading, "q": q, **given})
