"""`/storyteller …`: the desk in Discord. The backend decides who is a storyteller."""

from collections.abc import Callable
from typing import Literal

from discord import app_commands
from discord.app_commands import Range

from rodbot.characters.calls import CharacterCalls
from rodbot.core.bot import Interaction, bot_of
from rodbot.core.completion import completion, matching
from rodbot.core.embeds import linkable
from rodbot.core.options import Option, Short, Values, command, number
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.desk import submissions
from rodbot.desk.calls import DeskCalls
from rodbot.desk.models import Desk, Line

group = app_commands.Group(
    name="storyteller", description="Storytellers: the characters of your chronicle", guild_only=True
)
MOST = 5
STATES = Literal["waiting", "locked", "unlocked", "active", "draft", "dead", "archived"]


async def _everyone(interaction: Interaction, _: str | None, query: str) -> list[tuple[str, str]]:
    desk = await DeskCalls.of(interaction).desk(query)
    return [(line.id, f"{line.name} — {line.owner}") for line in desk.characters]


async def _note_titles(interaction: Interaction, _: str | None, query: str) -> list[tuple[str, str]]:
    notes = await DeskCalls.of(interaction).notes(None)
    return matching([(note.id, note.title) for note in notes], query)


EVERYONE = completion(_everyone, "desk")
CHARACTER = Option("character", Short, "Which character", True, EVERYONE)
ABOUT = Option(
    "character", Short, "About which character; the whole chronicle if left out", complete=EVERYONE
)


# desk


async def _desk(interaction: Interaction, values: Values) -> Reply:
    desk = await DeskCalls.of(interaction).desk(values.get("search") or "", values.get("state") or "")
    return Reply(content=_overview(desk, linkable(desk.url, bot_of(interaction).config.sandbox)))


def _overview(desk: Desk, url: str | None) -> str:
    counted = "1 character" if desk.total == 1 else f"{desk.total} characters"
    lines = [f"{counted}; {desk.waiting or 'nothing'} waiting for you.", *map(_line, desk.characters[:40])]
    if url:
        lines.append(f"All of it, live: {url}")
    return clip(join_lines(lines, MESSAGE, 45), MESSAGE)


def _line(line: Line) -> str:
    marks = [*(["locked"] if line.locked else []), *(["waiting"] if line.waiting else [])]
    state = f" ({', '.join(marks)})" if marks else ""
    return f"• {escape(line.name, 60)}, {escape(line.splat, 30)} of {escape(line.owner, 60)}{state}"


group.add_command(
    command(
        "desk",
        "All characters of the chronicle at a glance",
        [
            Option("search", Short, "Part of a character's or a player's name"),
            Option("state", STATES, "Only those that are so"),
        ],
        _desk,
    )
)


# lock, unlock


def _locking(locked: bool) -> Callable[[Interaction, Values], Work]:
    async def lock(interaction: Interaction, values: Values) -> Reply:
        change = {"path": "locked", "op": "set", "value": locked}
        answer = await CharacterCalls.of(interaction).change(values["character"], [change])
        state = "locked: its player changes the trackers, and proposes the rest" if locked else "open again"
        return Reply(content=f"{escape(answer.name, 60)} is {state}.")

    return lock


group.add_command(command("lock", "Lock a sheet: only trackers can be changed", [CHARACTER], _locking(True)))
group.add_command(command("unlock", "Open a locked sheet again", [CHARACTER], _locking(False)))


# review


async def _review(interaction: Interaction, values: Values) -> Reply:
    return submissions.listed(await DeskCalls.of(interaction).waiting())


group.add_command(command("review", "What players have submitted: look, comment, decide", [], _review))


# award

CHARACTERS = tuple(f"character{n}" for n in range(1, MOST + 1))


async def _award(interaction: Interaction, values: Values) -> Reply:
    named = [values[name] for name in CHARACTERS if values.get(name)]
    awarded = await DeskCalls.of(interaction).award(named or None, values["amount"], values["reason"])
    names = join_lines([escape(name, 60) for name in awarded], 1500, 100)
    return Reply(content=clip(f"{values['amount']} experience each for:\n{names}", MESSAGE))


group.add_command(
    command(
        "award",
        "Experience for several at once, or for everyone in play",
        [
            number("amount", 1, 1000, "How much each of them gets", required=True),
            Option("reason", Range[str, 1, 200], "What for", True),
            *(
                Option(name, Short, "Who gets it; everyone in play if nobody is named", complete=EVERYONE)
                for name in CHARACTERS
            ),
        ],
        _award,
    )
)


# notes


async def _add_note(interaction: Interaction, values: Values) -> Reply:
    body = {name: values.get(name) for name in ("title", "text", "character")}
    note = await DeskCalls.of(interaction).add_note(body)
    about = f" about {escape(note.character, 60)}" if note.character else ""
    return Reply(content=f"Noted{about}: {escape(note.title, 100)}. Only storytellers see it.")


async def _list_notes(interaction: Interaction, values: Values) -> Reply:
    notes = await DeskCalls.of(interaction).notes(values.get("character"))
    if not notes:
        return Reply(content="There are no notes yet.")
    lines = [
        f"**{escape(note.title, 100)}**{f' ({escape(note.character, 60)})' if note.character else ''}"
        f"{f': {escape(note.text, 300)}' if note.text else ''}"
        for note in notes
    ]
    return Reply(content=clip(join_lines(lines, MESSAGE, 25), MESSAGE))


async def _remove_note(interaction: Interaction, values: Values) -> Reply:
    removed = await DeskCalls.of(interaction).remove_note(values["note"])
    return Reply(content=f"Removed: {escape(removed.title, 100)}.")


NOTE = Option("note", Short, "Which note", True, completion(_note_titles, "notes"))
TITLE = Option("title", Range[str, 1, 100], "A title", True)
TEXT = Option("text", Range[str, 1, 4000], "What to remember")
group.add_command(command("note", "Write down what only storytellers see", [TITLE, TEXT, ABOUT], _add_note))
group.add_command(command("notes", "Read the storytellers' notes", [ABOUT], _list_notes))
group.add_command(command("forget", "Remove a note", [NOTE], _remove_note))
