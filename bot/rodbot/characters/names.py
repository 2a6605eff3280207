"""Autocomplete of characters and of their traits."""

from collections.abc import Sequence

from discord.app_commands import Choice

from contract import endpoints
from contract.characters import CharacterNames, ListNames, ListTraits
from contract.lookup import fold
from contract.translation import _
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.calls import call
from rodbot.core.completion import Completion, choices, within_deadline
from rodbot.core.discord_types import Interaction
from rodbot.core.suggestions import MAX_SHOWN, Suggestion, Suggestions

PAGE = 25


def character_names(splats: Sequence[str] = (), deleted: bool = False) -> Completion:
    """Autocomplete for an option that names a character."""

    async def complete(interaction: Interaction, current: str) -> list[Choice[str]]:
        return await within_deadline(_names(interaction, current, splats, deleted))

    return complete


async def _names(
    interaction: Interaction, current: str, splats: Sequence[str], deleted: bool
) -> list[Choice[str]]:
    caller, player, splat = caller_of(interaction), chosen_player(interaction), ",".join(splats)
    place = caller.reading()
    key = (
        place.actor,
        place.guild or "",
        place.channel_id or "",
        splat,
        player,
        "deleted" if deleted else "",
    )

    async def load(query: str) -> Suggestions:
        asked = ListNames(q=query, splat=splat or None, player=player or None, deleted=deleted)
        answer = await call(interaction, endpoints.LIST_NAMES, asked)
        names = tuple(Suggestion(str(name.id), name.label, name.name) for name in answer.results)
        return Suggestions(names, complete=not has_more(answer) and len(names) < MAX_SHOWN)

    suggestions = await bot_of(interaction).suggestions.get(key, fold(current), load)
    return choices((suggestion.value, suggestion.label) for suggestion in suggestions)


def has_more(names: CharacterNames, page: int = 0) -> bool:
    """Whether others follow on the next page."""
    return page * PAGE + len(names.results) < names.total


def chosen_player(interaction: Interaction) -> str:
    """The id in the option `player` so far, or nothing."""
    player = getattr(interaction.namespace, "player", None)
    return str(player.id) if player is not None else ""


def forget_names(interaction: Interaction) -> None:
    """Drop the person's cached suggestions after a change of names."""
    bot_of(interaction).suggestions.forget(str(interaction.user.id))


async def trait_names(interaction: Interaction, current: str) -> list[Choice[str]]:
    """Autocomplete of the traits of the character in the option `name`, with their values now."""
    return await within_deadline(_traits(interaction, current))


async def _traits(interaction: Interaction, query: str) -> list[Choice[str]]:
    character = getattr(interaction.namespace, "name", None) or None
    traits = await call(interaction, endpoints.LIST_TRAITS, ListTraits(character=character, q=query))
    return choices(
        (trait.path, f"{_(trait.label)}: {trait.now}" if trait.now else _(trait.label))
        for trait in traits.results
    )
