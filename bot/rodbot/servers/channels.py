"""`/server channel …`, `/server delete` and `/server restore`: channels of this server, and of servers made on the web.

What comes from Discord is named and ordered in Discord; what is ours of it can be changed here.
"""

from collections.abc import Callable
from uuid import UUID

from discord import app_commands
from discord.app_commands import Range

from contract import endpoints, servers
from contract.channels import CHANNEL_LABELS, ChangeChannel, Channel, CreateChannel
from contract.servers import ServerBrief
from contract.translation import _, n_
from rodbot.core.calls import call, send
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Values, add_command, checked_input, command, field_option
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import MESSAGE, clip, escape, join_lines

group = app_commands.Group(name="channel", description="Channels of this server, or of one on the web")
Words = Range[str, 1, 100]
NO_CATEGORY = "-"
DESCRIPTION, LINE = 150, 300


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


async def _web_servers(interaction: Interaction) -> list[ServerBrief]:
    """The servers of this person whose channels do not come from Discord."""
    mine = await call(interaction, endpoints.LIST_SERVERS, servers.ListServers())
    return [row for row in mine.results if not row.mirrored]


async def _server_names(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    return matching([(str(row.id), row.name) for row in await _web_servers(interaction)], query)


async def _server(interaction: Interaction, text: str | None) -> UUID | None:
    """The server that is meant: None for the one of the command. Raises Refused."""
    if text is None or (found := _uuid(text)):
        return found if text else None
    named = [row for row in await _web_servers(interaction) if row.name.casefold() == text.casefold()]
    if len(named) != 1:
        raise Refused(_("Choose one of your servers from the list."))
    return named[0].id


async def _channels(interaction: Interaction, server: str | None) -> list[Channel]:
    given = servers.GetServer(server=await _server(interaction, server))
    return (await call(interaction, endpoints.LIST_CHANNELS, given)).results


async def _channel_names(interaction: Interaction, server: str | None, query: str) -> list[tuple[str, str]]:
    rows = await _channels(interaction, server)
    return matching([(str(row.id), _name_of(row)) for row in rows], query)


async def _category_names(interaction: Interaction, server: str | None, query: str) -> list[tuple[str, str]]:
    rows = [row for row in await _channels(interaction, server) if row.type == "category"]
    names = [(str(row.id), row.name) for row in rows]
    return matching([(NO_CATEGORY, _("No category")), *names], query)


SERVER_NAMES = completion(_server_names, "web servers")
SERVER = Option("server", Words, "One of your servers on the web (default: this one)", complete=SERVER_NAMES)
WHICH = Option("channel", Words, "Channel", True, completion(_channel_names, "channels", "server"))
CATEGORY = Option("category", Words, "Category", complete=completion(_category_names, "categories", "server"))
KIND = Option("type", str, "Kind", choices=tuple((label, kind) for kind, label in CHANNEL_LABELS.items()))


def _name_of(row: Channel) -> str:
    return row.name if row.type in ("voice", "category") else f"#{row.name}"


def _mention(row: Channel) -> str:
    return f"<#{row.discord_id}>" if row.discord_id else f"**{escape(_name_of(row), 100)}**"


def _line(row: Channel) -> str:
    facts = [_("category")] if row.type == "category" else []
    facts += [_("voice")] if row.type == "voice" else []
    facts += [_("private")] if row.is_private else []
    facts += [_("archived")] if row.archived else []
    if row.slow_mode:
        wait = n_("{count} second", "{count} seconds", row.slow_mode)
        facts.append(_("a message every {time}", time=wait))
    if row.user_limit:
        facts.append(n_("up to {count} person", "up to {count} people", row.user_limit))
    line = f"{_mention(row)} ({', '.join(facts)})" if facts else _mention(row)
    return f"{line}: {escape(row.description, DESCRIPTION)}" if row.description else line


def _shown(row: Channel) -> Reply:
    return Reply(content=clip(_line(row), MESSAGE))


async def _list(interaction: Interaction, values: Values) -> Reply:
    rows = await _channels(interaction, values.get("server"))
    listed = [row for row in rows if row.type != "category"]
    if not listed:
        return Reply(content=_("There is no channel that you can see."))
    lines = []
    for category in [None, *(row for row in rows if row.type == "category")]:
        inside = [row for row in listed if row.category_id == (category.id if category else None)]
        lines += [f"__{escape(category.name, 100)}__"] if category and inside else []
        lines += [clip(_line(row), LINE) for row in inside]
    return Reply(content=clip(join_lines(lines, MESSAGE, 40), MESSAGE))


async def _meant(interaction: Interaction, values: Values) -> dict[str, object]:
    """What was typed, with the server's id in place of its name."""
    return {**values, "server": await _server(interaction, values.get("server"))}


async def _create(interaction: Interaction, values: Values) -> Reply:
    meant = await _meant(interaction, values)
    if meant.get("category") == NO_CATEGORY:
        meant["category"] = None
    return _shown(await send(interaction, endpoints.CREATE_CHANNEL, meant))


async def _edit(interaction: Interaction, values: Values) -> Reply:
    meant = await _meant(interaction, values)
    chosen = {name for name, value in meant.items() if value is not None} - {"server", "channel"}
    if not chosen:
        raise Refused(_("Choose what to change."))
    if meant["category"] != NO_CATEGORY:
        return _shown(await send(interaction, endpoints.CHANGE_CHANNEL, meant))
    given = {name: value for name, value in meant.items() if value is not None} | {"category": None}
    return _shown(await call(interaction, endpoints.CHANGE_CHANNEL, checked_input(ChangeChannel, given)))


def _changing(**fields: object) -> Callable[[Interaction, Values], Work]:
    async def change(interaction: Interaction, values: Values) -> Reply:
        meant = {**await _meant(interaction, values), **fields}
        return _shown(await send(interaction, endpoints.CHANGE_CHANNEL, meant))

    return change


async def _private(interaction: Interaction, values: Values) -> Reply:
    meant = await _meant(interaction, values)
    hidden = meant.pop("off") is not True
    return _shown(await send(interaction, endpoints.CHANGE_CHANNEL, meant, is_private=hidden))


async def _delete(interaction: Interaction, values: Values) -> Reply:
    await send(interaction, endpoints.DELETE_CHANNEL, await _meant(interaction, values))
    return Reply(content=_("Deleted: {name}.", name=escape(values["name"], 100)))


async def _delete_server(interaction: Interaction, values: Values) -> Reply:
    await send(interaction, endpoints.DELETE_SERVER, await _meant(interaction, values))
    text = _("{name} is closed. You can restore it for thirty days.", name=escape(values["name"], 100))
    return Reply(content=text)


async def _restore_server(interaction: Interaction, values: Values) -> Reply:
    await send(interaction, endpoints.RESTORE_SERVER, await _meant(interaction, values))
    return Reply(content=_("The server is open again, as it was."))


NAME = Option("name", Words, "New name")
TYPED = Option("name", Words, "Its name once more, to confirm", True)
ABOUT = Option("description", Range[str, 1, 1024], "What it is for")
PEOPLE = field_option(
    CreateChannel, "user_limit", "Of a voice channel: people at most (0: any number)", "people"
)
SECONDS = field_option(
    CreateChannel, "slow_mode", "Seconds between two messages of one person (0: no wait)", "seconds"
)
add_command(group, "list", "List the channels that you can see", [SERVER], _list)
add_command(
    group,
    "create",
    "New channel in a server on the web",
    [
        Option("name", Words, "Name", True),
        KIND,
        CATEGORY,
        ABOUT,
        Option("private", bool, "Hide it from everybody but roles you allow", field="is_private"),
        SECONDS,
        PEOPLE,
        SERVER,
    ],
    _create,
)
add_command(
    group,
    "edit",
    "Rename, describe or move a channel",
    [
        WHICH,
        NAME,
        ABOUT,
        CATEGORY,
        Option("before", Words, "Put it above this channel", complete=WHICH.complete),
        PEOPLE,
        SERVER,
    ],
    _edit,
)
add_command(
    group,
    "slow-mode",
    "Let people wait between two messages in the chat here",
    [WHICH, Option("seconds", SECONDS.kind, SECONDS.description, True, field="slow_mode"), SERVER],
    _changing(),
)
add_command(
    group,
    "private",
    "Hide a channel from everybody but roles you allow",
    [WHICH, Option("off", bool, "Open it to all members again"), SERVER],
    _private,
)
add_command(
    group,
    "archive",
    "Keep a channel readable, and let nobody write in it",
    [WHICH, SERVER],
    _changing(archived=True),
)
add_command(
    group,
    "restore",
    "Let people write in an archived channel again",
    [WHICH, SERVER],
    _changing(archived=False),
)
add_command(group, "delete", "Delete a channel with all that was said in it", [WHICH, TYPED, SERVER], _delete)
OWN = Option("server", Words, "One of your servers on the web", True, SERVER_NAMES)
delete = command("delete", "Delete a server on the web: it closes at once", [OWN, TYPED], _delete_server)
restore = command("restore", "Restore a server deleted in the last thirty days", [OWN], _restore_server)
