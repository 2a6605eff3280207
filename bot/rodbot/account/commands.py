"""`/preferences` and `/help`: what a person wants of the bot, and what it can do."""

from discord import app_commands

from contract import endpoints
from contract.people import SetPreferences
from contract.translation import LANGUAGES, _
from rodbot.core.bot import WITHOUT_MEMBERS, bot_of
from rodbot.core.calls import call
from rodbot.core.discord_types import Command, Interaction
from rodbot.core.options import AUTOMATIC, LANGUAGE_CHOICES, input_of
from rodbot.core.reply import Reply
from rodbot.core.respond import replying
from rodbot.core.text import MESSAGE, join_lines, on_or_off

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


@app_commands.command(name="help", description="What this bot can do")
@replying
async def show_help(interaction: Interaction) -> Reply:
    bot = bot_of(interaction)
    commands = bot.commands_for(interaction.guild_id)
    lines = [line(command) for command in commands if not isinstance(command, app_commands.ContextMenu)]
    menus = [f"“{menu.name}”" for menu in commands if isinstance(menu, app_commands.ContextMenu)]
    if menus and interaction.guild_id:
        lines.append(f"In the menu of a person, under Apps: {', '.join(menus)}")
    last = f"To have this bot on another server: <{bot.invite_url}>"
    if not bot.is_told_of_members:
        last = f"{WITHOUT_MEMBERS}\n{last}"
    return Reply(content=f"{join_lines(lines, MESSAGE - len(last) - 1, 60)}\n{last}")


def line(command: app_commands.Group | Command) -> str:
    """A group on one line: Discord shows what its commands do while they are typed."""
    if isinstance(command, app_commands.Group):
        return f"`/{command.name}` {', '.join(child.name for child in command.commands)}"
    return f"`/{command.name}` {command.description}"
