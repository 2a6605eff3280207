"""`/preferences`: what a person wants of the bot."""

from contract import endpoints
from contract.translation import LANGUAGES, _
from rodbot.core.calls import send
from rodbot.core.discord_types import Interaction
from rodbot.core.options import AUTOMATIC, LANGUAGE_CHOICES, Option, Values, command, yes
from rodbot.core.reply import Reply
from rodbot.core.text import on_or_off

LABELS = {
    "direct_messages": "Direct messages about storytellers’ decisions",
    "text_mode": "Answers in plain text, for screen readers",
}


async def _set_preferences(interaction: Interaction, values: Values) -> Reply:
    language = values["language"] and values["language"].removeprefix(AUTOMATIC)
    preferences = await send(interaction, endpoints.SET_PREFERENCES, values, language=language)
    lines = [f"{_(label)}: {on_or_off(getattr(preferences, name))}" for name, label in LABELS.items()]
    reads = _(LANGUAGES[preferences.language]) if preferences.language else _("as in Discord")
    return Reply(content="\n".join([*lines, _("Language: {language}", language=reads)]))


set_preferences = command(
    "preferences",
    "Show or change your settings for this bot",
    [
        *(yes(name, label) for name, label in LABELS.items()),
        Option("language", str, "The language that you read in", choices=LANGUAGE_CHOICES),
    ],
    _set_preferences,
)
