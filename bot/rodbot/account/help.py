"""`/help`: the topics of `contract/help.py`, one at a time, with a menu that leads to the others.

It is plain text for everybody, and asks the backend for nothing: it helps while that is away too.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import discord
from discord import app_commands

from contract.command_names import called
from contract.help import BY_SLUG, TOPICS, Example, Topic
from contract.translation import N_, _, p_
from rodbot.core.bot import WITHOUT_MEMBERS, bot_of
from rodbot.core.discord_types import AppCommand, ChatCommand, Command, Interaction
from rodbot.core.embeds import linkable
from rodbot.core.localised import MENUS, description_of, option_names
from rodbot.core.mentions import clickable, mention
from rodbot.core.options import Option, Values, command
from rodbot.core.persistent import PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, join_lines, units

COMMANDS = "commands"
# What the title takes of a message, and the count of what was left out.
TITLE = 100
CHOICES = (*((topic.title, topic.slug) for topic in TOPICS), (N_("See every command"), COMMANDS))


class Topics(PersistentSelect, template=r"help"):
    """The menu of topics; the chosen one takes the place of what is shown."""

    def __init__(self) -> None:
        options = [(slug, _(title)) for title, slug in CHOICES]
        super().__init__("help", _("What do you want to do?"), options)

    async def used(self, interaction: Interaction) -> Reply:
        return _shown(interaction, next(iter(self.values), ""))


async def _help(interaction: Interaction, values: Values) -> Reply:
    return _shown(interaction, values.get("topic") or "")


show_help = command(
    "help",
    "Learn how to do things, with examples",
    [Option("topic", str, "What you want to do (default: an overview)", choices=CHOICES)],
    _help,
)


def _shown(interaction: Interaction, slug: str) -> Reply:
    """A topic, the commands of this place, or the overview."""
    commands = bot_of(interaction).commands_for(interaction.guild_id)
    topic = BY_SLUG.get(slug)
    if topic:
        title, lines = _(topic.title), topic_lines(topic, commands)
    elif slug == COMMANDS:
        title, lines = _("Every command here"), _commands(interaction, commands)
    else:
        title, lines = _("What do you want to do?"), _overview(interaction)
    view = view_of(Topics(), *_links(interaction, slug if topic else ""))
    return Reply(content=join_lines([f"## {title}", *lines], MESSAGE, 80), view=view)


def _links(interaction: Interaction, slug: str) -> Iterator[discord.ui.Button[discord.ui.View]]:
    bot = bot_of(interaction)
    page = f"{bot.config.site_url}/help/" + (f"#{slug}" if slug else "")
    for label, address in ((_("Help on the web"), page), (_("Add to your server"), bot.invite_url)):
        url = linkable(address, bot.config.sandbox)
        if url:
            yield discord.ui.Button(label=label, url=url)


def _overview(interaction: Interaction) -> list[str]:
    lines = [
        _(
            "New here? Choose “{player}”, or “{storyteller}” if you’re the storyteller.",
            player=_(BY_SLUG["first-session"].title),
            storyteller=_(BY_SLUG["first-session-storyteller"].title),
        )
    ]
    if interaction.guild_id and interaction.permissions.manage_guild:
        lines.append(_("You manage this server: “{topic}” gets it ready.", topic=_(BY_SLUG["server"].title)))
    for readers, topics in groupby(TOPICS, key=lambda topic: topic.readers):
        lines.append(f"### {_(readers)}")
        lines += [f"**{_(topic.title)}**: {_(topic.about)}" for topic in topics]
    return lines


def topic_lines(topic: Topic, commands: Iterable[AppCommand]) -> list[str]:
    """The steps of a topic, each with those of its examples that can be typed here."""
    known = list(commands)
    lines: list[str] = []
    for number, step in enumerate(topic.steps, 1):
        examples = [example for example in step.examples if can_be_typed(example, known)]
        if examples or not step.examples:
            lines.append(f"**{number}.** {_(step.text)}")
            lines += [_example(example, known) for example in examples]
    return lines


def _example(example: Example, commands: Sequence[AppCommand]) -> str:
    """A command to click, with its options to type; in one piece where it cannot be clicked."""
    whole, clicked = typed(example, commands), clickable(example.name)
    options = whole.removeprefix(called(example.name)).strip()
    return " ".join(filter(None, (clicked, options and f"`{options}`"))) if clicked else f"`{whole}`"


def typed(example: Example, commands: Iterable[AppCommand]) -> str:
    """The example as it is typed in the current language."""
    found = _leaf(example.name.split(), commands)
    names = option_names(found) if found else {}
    options = [f"{names.get(name, name)}:{value}" for name, value in example.options.items()]
    return " ".join([called(example.name), *options])


def can_be_typed(example: Example, commands: Sequence[AppCommand]) -> bool:
    """Whether one of these commands has this name and these options."""
    found = _leaf(example.name.split(), commands)
    options = {option.display_name for option in found.parameters} if found else set()
    return found is not None and set(example.options) <= options


def _leaf(path: Sequence[str], commands: Iterable[AppCommand]) -> Command | None:
    for found in commands:
        if found.name != path[0] or isinstance(found, app_commands.ContextMenu):
            continue
        if isinstance(found, app_commands.Group):
            return _leaf(path[1:], found.commands) if path[1:] else None
        return None if path[1:] else found
    return None


def _commands(interaction: Interaction, commands: Iterable[AppCommand]) -> list[str]:
    """Where all of it does not fit in a message, Discord alone says what a command does, while it is typed."""
    known = list(commands)
    chat = [found for found in known if not isinstance(found, app_commands.ContextMenu)]
    menus = [f"“{p_(MENUS, found.name)}”" for found in known if isinstance(found, app_commands.ContextMenu)]
    before = [] if bot_of(interaction).is_told_of_members else [_(WITHOUT_MEMBERS)]
    after = []
    if menus and interaction.guild_id:
        after.append(_("In the menu of a person, under Apps: {menus}", menus=", ".join(menus)))
    whole = [*before, *map(line, chat), *after]
    if units("\n".join(whole)) < MESSAGE - TITLE:
        return whole
    alone = [mention(found.name) for found in chat if not isinstance(found, app_commands.Group)]
    groups = [line(found) for found in chat if isinstance(found, app_commands.Group)]
    return [*before, *groups, " ".join(alone), *after]


def line(found: ChatCommand) -> str:
    """A group on one line: Discord shows what its commands do while they are typed."""
    if isinstance(found, app_commands.Group):
        return f"`{called(found.name)}` {', '.join(called(child.name)[1:] for child in found.commands)}"
    return f"{mention(found.name)} {description_of(found)}"


PERSISTENT: PersistentItems = (Topics,)
