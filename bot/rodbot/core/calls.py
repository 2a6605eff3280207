"""Calls of the bot API in the name of the person behind an interaction."""

from contract.endpoints import AnswerT, Endpoint, InputT
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.discord_types import Interaction


async def call(
    interaction: Interaction, endpoint: Endpoint[InputT, AnswerT], given: InputT, suffix: str = ""
) -> AnswerT:
    """Do this in the name of the person behind the interaction; a second write needs a `suffix` of its own."""
    return await bot_of(interaction).backend.call(endpoint, caller_of(interaction), given, suffix)
