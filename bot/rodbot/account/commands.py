"""`/preferences`: what a person wants of the bot; `/supporter`: what their support gives them."""

from contract import endpoints
from contract.people import SetPreferences
from contract.translation import LANGUAGES, _
from contract.zones import zones
from rodbot.core.bot import bot_of
from rodbot.core.calls import send
from rodbot.core.completion import value_completion
from rodbot.core.discord_types import Interaction
from rodbot.core.options import AUTOMATIC, LANGUAGE_CHOICES, Option, Values, command, field_option, yes
from rodbot.core.reply import Reply
from rodbot.core.text import escape, on_or_off

LABELS = {
    "direct_messages": "Direct messages about storytellers’ decisions",
    "text_mode": "Answers in plain text, for screen readers",
}


ZONES = value_completion(tuple(zones()))


async def _set_preferences(interaction: Interaction, values: Values) -> Reply:
    language = values["language"] and values["language"].removeprefix(AUTOMATIC)
    preferences = await send(interaction, endpoints.SET_PREFERENCES, values, language=language)
    lines = [f"{_(label)}: {on_or_off(getattr(preferences, name))}" for name, label in LABELS.items()]
    reads = _(LANGUAGES[preferences.language]) if preferences.language else _("as in Discord")
    lines += [
        _("Time zone: {zone}", zone=preferences.timezone or "UTC"),
        _("Language: {language}", language=reads),
    ]
    return Reply(content="\n".join(lines))


set_preferences = command(
    "preferences",
    "Show or change your settings for this bot",
    [
        *(yes(name, label) for name, label in LABELS.items()),
        Option("language", str, "The language that you read in", choices=LANGUAGE_CHOICES),
        field_option(
            SetPreferences,
            "timezone",
            "Where you live, such as Berlin: your days start at midnight there",
            complete=ZONES,
        ),
    ],
    _set_preferences,
)


async def _show_supporter(interaction: Interaction, values: Values) -> Reply:
    found = await send(interaction, endpoints.GET_SUPPORTER, values)
    lines = [
        (
            _(
                "You’re a supporter: {tier} (level {level}). Thank you!",
                tier=escape(found.tier, 50),
                level=found.level,
            )
            if found.level
            else _("You aren’t a supporter at the moment.")
        ),
        _(
            "You can have {characters} characters, and {macros} macros for each.",
            characters=found.limits.characters,
            macros=found.limits.macros,
        ),
    ]
    if found.can_link and not found.linked:
        address = f"{bot_of(interaction).config.site_url}/account/"
        lines.append(_("Do you support us on Patreon? Link your account: {address}", address=address))
    return Reply(content="\n".join(lines))


show_supporter = command(
    "supporter", "Show your level as a supporter, and what it gives you", [], _show_supporter
)
