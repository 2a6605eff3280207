"""`/preferences`: what a person wants of the bot."""

from discord import app_commands

from contract import endpoints
from contract.people import SetPreferences
from contract.translation import LANGUAGES, _
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.options import AUTOMATIC, LANGUAGE_CHOICES, input_of
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import on_or_off

LABELS = {
    "direct_messages": "Direct messages about storytellers’ decisions",
    "text_mode": "Answers in plain text, for screen readers",
}


@app_commands.command(name="preferences", description="Show or change your settings for this bot")
@app_commands.describe(**LABELS, language="The language that you read in")
@app_commands.choices(language=LANGUAGE_CHOICES)
@replying
async def set_preferences(
    interaction: Interaction,
    direct_messages: bool | None = None,
    text_mode: bool | None = None,
    language: str | None = None,
) -> Reply:
    wanted = {"direct_messages": direct_messages, "text_mode": text_mode}
    chosen = None if language is None else language.removeprefix(AUTOMATIC)
    given = input_of(SetPreferences, wanted, language=chosen)
    preferences = await call(interaction, endpoints.SET_PREFERENCES, given)
    lines = [f"{_(label)}: {on_or_off(getattr(preferences, name))}" for name, label in LABELS.items()]
    reads = _(LANGUAGES[preferences.language]) if preferences.language else _("as in Discord")
    return Reply(content="\n".join([*lines, _("Language: {language}", language=reads)]))
