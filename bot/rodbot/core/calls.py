"""Calls of the bot API in the name of the person behind an interaction."""

from contract.endpoints import AnswerT, Endpoint, InputT
from contract.translation import language
from rodbot.core.bot import bot_of
from rodbot.core.caller import caller_of
from rodbot.core.discord_types import Interaction
from rodbot.core.options import Values, input_of
from rodbot.core.questions import CHOSEN


async def call(
    interaction: Interaction, endpoint: Endpoint[InputT, AnswerT], given: InputT, suffix: str = ""
) -> AnswerT:
    """Do this in the name of the person behind the interaction; a second write needs a `suffix` of its own.

    Where they were asked which character they mean, it is the chosen one's.
    """
    if (chosen := interaction.extras.get(CHOSEN)) and "character" in type(given).model_fields:
        given = given.model_copy(update={"character": chosen})
    bot, caller = bot_of(interaction), caller_of(interaction)
    answer = await bot.backend.call(endpoint, caller, given, suffix)
    if not caller.shared_locale:
        bot.languages.remember(interaction.user.id, language())
    return answer


async def send(
    interaction: Interaction, endpoint: Endpoint[InputT, AnswerT], values: Values, **fields: object
) -> AnswerT:
    """Call with an input of what was typed (`input_of`) and of `fields`."""
    return await call(interaction, endpoint, input_of(endpoint.input, values, **fields))
