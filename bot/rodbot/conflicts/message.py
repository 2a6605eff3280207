"""The message of a conflict in its channel, and its buttons. Who may press them, the backend knows.

The message is the same for all, so it is only ever made of what everybody at the table may know. A press changes
nothing in it by itself: the feed brings what has become of it, from whatever door."""

import asyncio
import re
from typing import Any, Self

import discord
from discord.ui import Button, DynamicItem

from rodbot.conflicts import cards as conflict_cards
from rodbot.conflicts.calls import ConflictCalls
from rodbot.conflicts.models import DECLARE, GATHER, Conflict, Done
from rodbot.core import caller as facts
from rodbot.core.backend import BackendError
from rodbot.core.errors import Refused
from rodbot.core.models import Json
from rodbot.core.respond import Reply, run
from rodbot.core.text import clip, plain
from rodbot.feed.connection import Followed

Interaction = discord.Interaction[Any]
KIND = "conflict"
_ID = r"(?P<of>[0-9a-f-]{32,36})"
STYLES = {
    "primary": discord.ButtonStyle.primary,
    "success": discord.ButtonStyle.success,
    "danger": discord.ButtonStyle.danger,
}
MOVED_ON, ENDED, RUNNING, NOT_ROLLED = "moved_on", "conflict_ended", "conflict_running", "not_rolled"
POOL = "pool"
FORM_WAITS = 2.0
BUTTONS = 24


def calls(interaction: Interaction) -> ConflictCalls:
    return facts.bot(interaction).backend.conflicts


# The message


def shown(conflict: Conflict, *, local: bool = False) -> Reply:
    """The message in the channel; `conflict` is as the table knows it."""
    return Reply(
        content=conflict_cards.content(conflict),
        embeds=[conflict_cards.embed(conflict, local=local)],
        view=_buttons(conflict) if conflict.open else discord.ui.View(timeout=None),
        notify=[conflict.mention] if conflict.mention and conflict.open else [],
        calls=conflict.mention if conflict.open and conflict.mention != conflict.starter else None,
        follows=(KIND, conflict.id),
        pinned=conflict.open,
        public=True,
    )


def _buttons(conflict: Conflict) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    if conflict.phase == GATHER and conflict.rolls != POOL:
        view.add_item(TakePart(conflict.id))
    if conflict.phase == DECLARE:
        view.add_item(Declare(conflict.id))
    for one in conflict.moves[:BUTTONS]:
        view.add_item(Press(one.move, conflict.id, one.mark, one.label, STYLES.get(one.style)))
    return view


async def refreshed(interaction: Interaction, conflict: str) -> None:
    """The message that was pressed shows something old: it gets what is true now."""
    message = interaction.message
    if message is None or message.flags.ephemeral or interaction.guild_id is None:
        return
    body = await calls(interaction).as_table(facts.of(interaction), conflict)
    place = interaction.guild_id, message.channel.id, message.id
    facts.bot(interaction).followed.show(Followed(*place, KIND, body))


# Its buttons


class Press(
    DynamicItem[Button[Any]],
    template=rf"init:(?P<move>[a-z_]{{1,16}}):{_ID}:(?P<mark>[\w.:-]{{0,40}})",
):
    """A move of who runs the conflict. The mark says as of when: what has moved on meanwhile is not moved again."""

    def __init__(
        self,
        move: str,
        conflict: str,
        mark: str,
        label: str = "…",
        style: discord.ButtonStyle | None = None,
    ) -> None:
        self.move, self.conflict, self.mark = move, conflict, mark
        super().__init__(
            Button(
                label=clip(label, 80),
                style=style or discord.ButtonStyle.secondary,
                custom_id=f"init:{move}:{conflict}:{mark}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["move"], match["of"], match["mark"])

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._moved(interaction), edit=True)

    async def _moved(self, interaction: Interaction) -> Reply:
        await moved(interaction, self.move, self.conflict, self.mark)
        return Reply(silent=True)


async def moved(interaction: Interaction, move: str, conflict: str, mark: str) -> Conflict:
    body: Json = {"move": move, "conflict": conflict, **({"mark": mark} if mark else {})}
    try:
        return await calls(interaction).move(facts.of(interaction), body)
    except BackendError as error:
        if error.code in (MOVED_ON, ENDED):
            await refreshed(interaction, conflict)
        raise


def named(conflict: Conflict) -> str:
    return f"**{plain(conflict.title, 100)}**" if conflict.title else "The conflict"


class _OfAConflict(DynamicItem[Button[Any]], template=rf"initnothing:{_ID}"):
    """A button for players, which knows its conflict and nothing else."""

    name = "nothing"
    label = ""

    def __init__(self, conflict: str) -> None:
        self.conflict = conflict
        custom_id, style = f"init{self.name}:{conflict}", discord.ButtonStyle.success
        super().__init__(Button(label=self.label, style=style, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["of"])


class Declare(_OfAConflict, template=rf"initdeclare:{_ID}"):
    """Opens the form in which one says what one does."""

    name, label = "declare", "Say what you do"

    async def callback(self, interaction: Interaction) -> None:
        """Discord takes a form as the first answer only, so there is no deferring here."""
        asked = asyncio.create_task(calls(interaction).now(facts.of(interaction), self.conflict))
        done, _ = await asyncio.wait({asked}, timeout=FORM_WAITS)
        found = asked.result() if done and asked.exception() is None else None
        if found and found.phase == DECLARE:
            await interaction.response.send_modal(DeclareForm(found))
            return
        await run(interaction, self._refused(interaction, asked))

    async def _refused(self, interaction: Interaction, asked: asyncio.Task[Conflict]) -> Reply:
        now = await asked
        if now.phase == DECLARE:
            raise Refused("That took too long. Press it again, or use `/init declare`.")
        await refreshed(interaction, self.conflict)
        raise Refused(f"Nothing is declared in this phase, “{plain(now.phase_label, 60)}”.")


class DeclareForm(discord.ui.Modal):
    """What is sent comes back through `forms`, so that a restart in between loses nothing."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(title="What do you do?", custom_id=f"declare:{conflict.id}")
        words = discord.ui.TextInput[Self](custom_id="action", max_length=150)
        self.add_item(discord.ui.Label(text="Action", component=words))
        if conflict.categories:
            kinds = [
                discord.SelectOption(label=clip(label, 100), value=slug)
                for slug, label in conflict.categories[:25]
            ]
            kind = discord.ui.Select[Self](custom_id="category", options=kinds)
            self.add_item(discord.ui.Label(text="What kind of action", component=kind))


async def declared(interaction: Interaction, conflict: str, given: dict[str, str]) -> Reply:
    body: Json = {"conflict": conflict, "action": given.get("action", "")}
    if given.get("category"):
        body["category"] = given["category"]
    return said(await calls(interaction).declare(facts.of(interaction), body))


class TakePart(_OfAConflict, template=rf"initenter:{_ID}"):
    """With one's default character: with the roll of an earlier round where that counts, else with a new one."""

    name, label = "enter", "Take part"

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._entered(interaction))

    async def _entered(self, interaction: Interaction) -> Reply:
        body: Json = {"conflict": self.conflict}
        try:
            return joined(await calls(interaction).join(facts.of(interaction), body))
        except BackendError as error:
            if error.code != NOT_ROLLED:
                raise
        return rolled(await calls(interaction).roll(facts.of(interaction), body, "-roll"))


def joined(answer: Done) -> Reply:
    who = f"**{plain(answer.name, 60)}** takes part" if answer.participant else "Everybody takes part who can"
    return Reply(content=f"{who}.")


def rolled(answer: Done) -> Reply:
    told = (
        f": {plain(answer.participant.roll, 80)}." if answer.participant and answer.participant.roll else "."
    )
    more = " Until the reveal `/init reroll` corrects the numbers." if answer.conflict.phase == GATHER else ""
    return Reply(content=f"**{plain(answer.name, 60)}**{told}{more}")


def said(answer: Done) -> Reply:
    return Reply(content=f"**{plain(answer.name, 60)}**: declared.")


# A conflict where one runs already


async def begun(interaction: Interaction, body: Json) -> Reply:
    """The new conflict, its message after it; or the question what is to become of the one that runs."""
    try:
        made = await calls(interaction).begin(facts.of(interaction), body)
    except BackendError as error:
        if error.code != RUNNING:
            raise
        return _question(error, body)
    hint = "Players enter with `/init roll` or `/init join`."
    local = facts.bot(interaction).config.sandbox
    return Reply(content=f"{named(made)} begins. {hint}", then=shown(made, local=local))


def _question(error: BackendError, body: Json) -> Reply:
    """The new title stands in the footer, where nothing acts: the button has no room for it."""
    running = str(error.data["conflict"])
    old = plain(str(error.data.get("title") or ""), 100) if error.data.get("title") else "A conflict"
    asked = discord.Embed(description=f"{old} runs in this channel. Is it to end for a new one?")
    if body.get("title"):
        asked.set_footer(text=body["title"])
    view = discord.ui.View(timeout=None).add_item(Replace(running, body.get("kind") or ""))
    return Reply(embeds=[asked], view=view)


class Replace(DynamicItem[Button[Any]], template=rf"initnew:{_ID}:(?P<kind>[0-9a-z_]{{0,16}})"):
    """Ends the conflict that was asked about, and no other, and begins the new one."""

    def __init__(self, conflict: str, kind: str) -> None:
        self.conflict, self.kind = conflict, kind
        custom_id = f"initnew:{conflict}:{kind}"
        super().__init__(Button(label="Confirm", style=discord.ButtonStyle.danger, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> Self:
        return cls(match["of"], match["kind"])

    async def callback(self, interaction: Interaction) -> None:
        asked = interaction.message.embeds if interaction.message else []
        title = asked[0].footer.text if asked else None
        body: Json = {"replace": self.conflict, **({"kind": self.kind} if self.kind else {})}
        await run(interaction, begun(interaction, {**body, **({"title": title} if title else {})}), edit=True)


PERSISTENT: tuple[type[DynamicItem[Any]], ...] = (Declare, Press, Replace, TakePart)
