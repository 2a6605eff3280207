"""What commands, buttons and forms use of the running client, so that none of them imports it."""

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from contract.translation import N_
from rodbot.core.backend import Backend
from rodbot.core.caller import Caller
from rodbot.core.config import Config
from rodbot.core.debug_channel import DebugChannel
from rodbot.core.discord_types import AppCommand, Interaction
from rodbot.core.languages import Languages
from rodbot.core.mentions import CommandIds
from rodbot.core.rate_limit import RateLimiter
from rodbot.core.reply import LiveUpdate, Reply
from rodbot.core.suggestions import SuggestionCache


class LiveMessages(Protocol):
    """Messages that are edited when what they show changes elsewhere."""

    async def keep(self, caller: Caller, posted: Reply, place: tuple[int, int, int]) -> None: ...

    def show(self, update: LiveUpdate) -> bool: ...


WITHOUT_MEMBERS = N_(
    "Discord doesn’t tell this bot who joins, leaves or gets a role. I learn it from each person’s next command here "
    "or sign-in on the web."
)


class Bot(Protocol):
    """The running Discord client, as far as the areas know it."""

    @property
    def config(self) -> Config: ...

    @property
    def backend(self) -> Backend: ...

    @property
    def debug(self) -> DebugChannel: ...

    @property
    def limiter(self) -> RateLimiter: ...

    @property
    def suggestions(self) -> SuggestionCache: ...

    @property
    def languages(self) -> Languages: ...

    @property
    def live_messages(self) -> LiveMessages: ...

    @property
    def emoji(self) -> Mapping[str, str]:
        """What stands in a message for a picture, by its name; those that Discord has."""
        ...

    @property
    def is_told_of_members(self) -> bool: ...

    @property
    def invite_url(self) -> str: ...

    def command_ids(self, guild_id: int | None) -> CommandIds: ...

    def commands_for(self, guild_id: int | None) -> Sequence[AppCommand]: ...


def bot_of(interaction: Interaction) -> Bot:
    """The client that received this interaction."""
    return cast(Bot, interaction.client)
