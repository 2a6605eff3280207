"""`/storyteller …`: the desk in Discord. Who is a storyteller, the backend decides."""

from typing import Any, Literal

from discord import app_commands
from discord.app_commands import Range

from rodbot.characters.cards import linkable
from rodbot.core import caller as facts
from rodbot.core.caller import Facts
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.desk import submissions as desk_components
from rodbot.desk.models import Desk, Line
from rodbot.dice.options import Ask, Interaction, Short, Values, completing, number

group = app_commands.Group(
    name="storyteller", description="Storytellers: the characters of your chronicle", guild_only=True
)
MOST = 5
STATES = Literal["waiting", "locked", "unlocked", "active", "draft", "dead", "archived"]


def _everyone(interaction: Interaction) -> Ask:
    async def ask(who: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
        found = await facts.bot(interaction).backend.desk.desk(who, q)
        return [(one.id, f"{one.name} — {one.owner}") for one in found.characters]

    return ask


def _notes(interaction: Interaction) -> Ask:
    async def ask(who: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
        found = await facts.bot(interaction).backend.desk.notes(who, None)
        return [(one.id, one.title) for one in found if q.casefold() in one.title.casefold()]

    return ask


NAMED = completing(_everyone, "desk", option="-")
WHO = Option("character", Short, "Which character", True, NAMED)
ABOUT = Option("character", Short, "About which character; the whole chronicle if left out", complete=NAMED)


# desk


async def _desk(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _shown(interaction, values.get("search") or "", values.get("state") or ""))


async def _shown(interaction: Interaction, search: str, state: str) -> Reply:
    found = await facts.bot(interaction).backend.desk.desk(facts.of(interaction), search, state)
    return Reply(content=_told(found, linkable(found.url, facts.bot(interaction).config.sandbox)))


def _told(found: Desk, url: str | None) -> str:
    counted = "1 character" if found.total == 1 else f"{found.total} characters"
    lines = [f"{counted}; {found.waiting or 'nothing'} waiting for you.", *map(_line, found.characters[:40])]
    if url:
        lines.append(f"All of it, live: {url}")
    return clip(joined(lines, MESSAGE, 45), MESSAGE)


def _line(one: Line) -> str:
    marks = [*(["locked"] if one.locked else []), *(["waiting"] if one.waiting else [])]
    told = f" ({', '.join(marks)})" if marks else ""
    return f"• {plain(one.name, 60)}, {plain(one.splat, 30)} of {plain(one.owner, 60)}{told}"


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


async def _set_lock(interaction: Interaction, name: str, locked: bool) -> Reply:
    change = {"path": "locked", "op": "set", "value": locked}
    done = await facts.bot(interaction).backend.change(facts.of(interaction), name, [change])
    told = "locked: its player changes the trackers, and proposes the rest" if locked else "open again"
    return Reply(content=f"{plain(done.name, 60)} is {told}.")


async def _lock(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _set_lock(interaction, values["character"], True))


async def _unlock(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _set_lock(interaction, values["character"], False))


group.add_command(command("lock", "Lock a sheet: only trackers can be changed", [WHO], _lock))
group.add_command(command("unlock", "Open a locked sheet again", [WHO], _unlock))


# review


async def _review(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _waiting(interaction))


async def _waiting(interaction: Interaction) -> Reply:
    calls = facts.bot(interaction).backend.desk
    return desk_components.listed(await calls.waiting(facts.of(interaction)))


group.add_command(command("review", "What players have submitted: look, comment, decide", [], _review))


# award

CHARACTERS = tuple(f"character{n}" for n in range(1, MOST + 1))


async def _award(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _awarded(interaction, values))


async def _awarded(interaction: Interaction, values: Values) -> Reply:
    named = [values[name] for name in CHARACTERS if values.get(name)]
    calls = facts.bot(interaction).backend.desk
    got = await calls.award(facts.of(interaction), named or None, values["amount"], values["reason"])
    names = joined([plain(one, 60) for one in got], 1500, 100)
    return Reply(content=clip(f"{values['amount']} experience each for:\n{names}", MESSAGE))


group.add_command(
    command(
        "award",
        "Experience for several at once, or for everyone in play",
        [
            number("amount", 1, 1000, "How much each of them gets", required=True),
            Option("reason", Range[str, 1, 200], "What for", True),
            *(
                Option(name, Short, "Who gets it; everyone in play if nobody is named", complete=NAMED)
                for name in CHARACTERS
            ),
        ],
        _award,
    )
)


# notes


async def _note(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _noted(interaction, values))


async def _noted(interaction: Interaction, values: Values) -> Reply:
    body = {name: values.get(name) for name in ("title", "text", "character")}
    made = await facts.bot(interaction).backend.desk.add_note(facts.of(interaction), body)
    about = f" about {plain(made.character, 60)}" if made.character else ""
    return Reply(content=f"Noted{about}: {plain(made.title, 100)}. Only storytellers see it.")


async def _listed(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _all_notes(interaction, values.get("character")))


async def _all_notes(interaction: Interaction, character: str | None) -> Reply:
    found = await facts.bot(interaction).backend.desk.notes(facts.of(interaction), character)
    if not found:
        return Reply(content="There are no notes yet.")
    lines = [
        f"**{plain(one.title, 100)}**{f' ({plain(one.character, 60)})' if one.character else ''}"
        f"{f': {plain(one.text, 300)}' if one.text else ''}"
        for one in found
    ]
    return Reply(content=clip(joined(lines, MESSAGE, 25), MESSAGE))


async def _forget(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _forgotten(interaction, values["note"]))


async def _forgotten(interaction: Interaction, note: str) -> Reply:
    gone = await facts.bot(interaction).backend.desk.remove_note(facts.of(interaction), note)
    return Reply(content=f"Removed: {plain(gone.title, 100)}.")


NOTE = Option("note", Short, "Which note", True, completing(_notes, "notes", option="-"))
TITLE = Option("title", Range[str, 1, 100], "A title", True)
WORDS = Option("text", Range[str, 1, 4000], "What to remember")
group.add_command(command("note", "Write down what only storytellers see", [TITLE, WORDS, ABOUT], _note))
group.add_command(command("notes", "Read the storytellers' notes", [ABOUT], _listed))
group.add_command(command("forget", "Remove a note", [NOTE], _forget))
