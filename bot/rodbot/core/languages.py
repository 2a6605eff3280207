"""The language of each message: what one person reads is in theirs, what a channel reads in that of the server.

A person's is what the backend answered in last (it knows their setting), else that of their Discord client. A server's
is its setting, which the feed brings, else what Discord says of the guild.
"""

import discord
from cachetools import LRUCache

from contract.translation import ENGLISH, best
from rodbot.core.discord_types import Interaction

REMEMBERED = 10_000


class Languages:
    """What is known of people and servers. In direct messages everything is for one person."""

    def __init__(self) -> None:
        self._people: LRUCache[int, str] = LRUCache(REMEMBERED)
        self._servers: dict[int, str] = {}

    def remember(self, person_id: int, language: str) -> None:
        """The backend answered this person in this language."""
        self._people[person_id] = language

    def choose(self, guild_id: int, language: str) -> None:
        """The server has chosen this language; "" for none."""
        self._servers[guild_id] = language

    def of_person(self, interaction: Interaction) -> str:
        return self._people.get(interaction.user.id) or best(str(interaction.locale))

    def of_reader(self, person_id: int, otherwise: str = "") -> str:
        """Of somebody to whom the bot writes by itself; `otherwise` is their own choice."""
        return otherwise or self._people.get(person_id) or ENGLISH

    def of_server(self, guild: discord.Guild | None) -> str:
        if guild is None:
            return ENGLISH
        return self._servers.get(guild.id) or best(str(guild.preferred_locale))
