"""`/storyteller …`: the desk in Discord. The backend decides who is a storyteller."""

from collections.abc import Callable
from typing import Literal

from discord import app_commands

from contract import desk, endpoints
from contract.translation import _, n_
from rodbot.characters.trait_options import set_to
from rodbot.core.bot import bot_of
from rodbot.core.calls import call, send
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.embeds import linkable
from rodbot.core.options import Option, Short, Values, add_command, field_option
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.desk import submissions

group = app_commands.Group(
    name="storyteller", description="For storytellers: the characters of your chronicle", guild_only=True
)
MOST = 5
STATES = Literal["waiting", "locked", "unlocked", "active", "draft", "dead", "archived"]


async def _everyone(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    found = await call(interaction, endpoints.GET_DESK, desk.GetDesk(search=query[:50]))
    return [(str(row.id), f"{row.name} — {row.owner.name}") for row in found.characters]


async def _note_titles(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    notes = (await call(interaction, endpoints.LIST_NOTES, desk.ListNotes())).results
    return matching([(str(note.id), note.title) for note in notes], query)


EVERYONE = completion(_everyone, "desk")
CHARACTER = Option("character", Short, "Character", True, EVERYONE)
ABOUT = field_option(desk.AddNote, "character", "Character (default: the whole chronicle)", complete=EVERYONE)


# desk


async def _desk(interaction: Interaction, values: Values) -> Reply:
    found = await send(interaction, endpoints.GET_DESK, values)
    return Reply(content=_overview(found, linkable(found.url, bot_of(interaction).config.sandbox)))


def _overview(found: desk.Desk, url: str | None) -> str:
    waiting = len(found.submissions)
    requests = n_("{count} request is waiting for you.", "{count} requests are waiting for you.", waiting)
    head = [
        n_("{count} character.", "{count} characters.", found.total),
        requests if waiting else _("Nothing is waiting for you."),
    ]
    lines = [" ".join(head), *map(_line, found.characters[:40])]
    if url:
        lines.append(_("The whole desk, live: {url}", url=url))
    return clip(join_lines(lines, MESSAGE, 45), MESSAGE)


def _line(row: desk.DeskCharacter) -> str:
    marks = [*([_("locked")] if row.locked else []), *([_("request waiting")] if row.submission else [])]
    state = f" ({', '.join(marks)})" if marks else ""
    return f"• {escape(row.name, 60)}, {escape(_(row.splat_label), 30)} – {escape(row.owner.name, 60)}{state}"


add_command(
    group,
    "desk",
    "All characters of the chronicle at a glance",
    [
        field_option(desk.GetDesk, "search", "Part of a character’s or player’s name"),
        Option("state", STATES, "Only characters in this state"),
    ],
    _desk,
)


# lock, unlock


def _locking(locked: bool) -> Callable[[Interaction, Values], Work]:
    async def lock(interaction: Interaction, values: Values) -> Reply:
        changes = [set_to("locked")(locked)]
        answer = await send(interaction, endpoints.CHANGE_CHARACTER, values, changes=changes)
        name = escape(answer.character.name, 60)
        if locked:
            return Reply(
                content=_(
                    "{name} is locked: the player can change trackers and request everything else.", name=name
                )
            )
        return Reply(content=_("{name} is unlocked.", name=name))

    return lock


add_command(group, "lock", "Lock a sheet: only its trackers can be changed", [CHARACTER], _locking(True))
add_command(group, "unlock", "Unlock a sheet", [CHARACTER], _locking(False))


# review


async def _review(interaction: Interaction, values: Values) -> Reply:
    waiting = await call(interaction, endpoints.LIST_WAITING, desk.ListWaiting())
    return submissions.listed(waiting.results)


add_command(group, "review", "Review players’ requests", [], _review)


# award

CHARACTERS = tuple(f"character{n}" for n in range(1, MOST + 1))


async def _award(interaction: Interaction, values: Values) -> Reply:
    named = [values[name] for name in CHARACTERS if values.get(name)]
    awarded = (await send(interaction, endpoints.AWARD, values, characters=named or None)).changes
    names = join_lines([escape(change.character.name, 60) for change in awarded], 1500, 100)
    head = _("{amount} Experience each for:", amount=values["amount"])
    return Reply(content=clip(f"{head}\n{names}", MESSAGE))


add_command(
    group,
    "award",
    "Award Experience to several characters, or to everyone in play",
    [
        field_option(desk.Award, "amount", "Experience for each of them"),
        field_option(desk.Award, "reason", "Reason"),
        *(
            Option(name, Short, "Character (default: everyone in play)", complete=EVERYONE)
            for name in CHARACTERS
        ),
    ],
    _award,
)


# notes


async def _add_note(interaction: Interaction, values: Values) -> Reply:
    note = (await send(interaction, endpoints.ADD_NOTE, values)).note
    title = escape(note.title, 100)
    if not note.character:
        return Reply(content=_("Note saved: {title}. Only storytellers can see it.", title=title))
    name = escape(note.character.name, 60)
    return Reply(
        content=_("Note about {name} saved: {title}. Only storytellers can see it.", name=name, title=title)
    )


async def _list_notes(interaction: Interaction, values: Values) -> Reply:
    notes = (await send(interaction, endpoints.LIST_NOTES, values)).results
    if not notes:
        return Reply(content=_("There are no notes yet."))
    lines = [
        f"**{escape(note.title, 100)}**{f' ({escape(note.character.name, 60)})' if note.character else ''}"
        f"{f': {escape(note.text, 300)}' if note.text else ''}"
        for note in notes
    ]
    return Reply(content=clip(join_lines(lines, MESSAGE, 25), MESSAGE))


async def _remove_note(interaction: Interaction, values: Values) -> Reply:
    removed = (await send(interaction, endpoints.REMOVE_NOTE, values)).note
    return Reply(content=_("Note deleted: {title}.", title=escape(removed.title, 100)))


NOTE = Option("note", Short, "Note", True, completion(_note_titles, "notes"))
TITLE = field_option(desk.AddNote, "title", "Title")
TEXT = field_option(desk.AddNote, "text", "Text")
add_command(group, "note", "Write a note that only storytellers can see", [TITLE, TEXT, ABOUT], _add_note)
add_command(group, "notes", "Read the storytellers’ notes", [ABOUT], _list_notes)
add_command(group, "forget", "Delete a note", [NOTE], _remove_note)
