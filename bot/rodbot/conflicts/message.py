"""The message of a conflict in its channel, and its buttons. The backend decides who may press them.

The message is the same for all, so it is made of what everybody at the table may see. A press does not change it:
the feed brings the new state, from whatever door it came."""

import asyncio
from typing import Final
from uuid import UUID

import discord

from contract import conflicts, endpoints
from contract.conflicts import Conflict, ConflictChanged, OneConflict, Participant
from contract.labels import label
from contract.translation import _
from rodbot.conflicts import cards
from rodbot.conflicts.cards import DECLARE, GATHER
from rodbot.core.backend import BackendError
from rodbot.core.bot import bot_of
from rodbot.core.calls import call
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.forms import Form, FormModal
from rodbot.core.mentions import mention
from rodbot.core.options import input_of
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, view_of
from rodbot.core.places import require_postable
from rodbot.core.reply import LiveUpdate, Reply
from rodbot.core.respond import respond
from rodbot.core.text import clip, escape

KIND: Final = "conflict"
STYLES = {
    "primary": discord.ButtonStyle.primary,
    "success": discord.ButtonStyle.success,
    "danger": discord.ButtonStyle.danger,
}
MOVED_ON, ENDED, RUNNING, NOT_ROLLED = "moved_on", "conflict_ended", "conflict_running", "not_rolled"
POOL = "pool"
FORM_WAITS = 2.0
BUTTONS = 24


# The message


def render(conflict: Conflict, *, local: bool = False) -> Reply:
    """The message in the channel; `conflict` is what everybody at the table may see."""
    current = conflict.mention if conflict.open else None
    return Reply(
        content=cards.content(conflict),
        embeds=[cards.embed(conflict, local=local)],
        view=_buttons(conflict) if conflict.open else view_of(),
        notify=[int(current)] if current else [],
        ping=int(current) if current and current != conflict.starter.discord_id else None,
        live=(KIND, conflict.id),
        pinned=conflict.open,
        public=True,
    )


def _buttons(conflict: Conflict) -> discord.ui.View:
    return view_of(
        Join(conflict.id) if conflict.phase == GATHER and conflict.rolls != POOL else None,
        Declare(conflict.id) if conflict.phase == DECLARE else None,
        *(
            Move(move.move, conflict.id, move.mark, _(move.label), STYLES.get(move.style))
            for move in conflict.moves[:BUTTONS]
        ),
    )


async def _refresh(interaction: Interaction, conflict: UUID) -> None:
    """Bring the pressed message up to date, as it shows an old state."""
    message = interaction.message
    if message is None or message.flags.ephemeral or interaction.guild_id is None:
        return
    answer = await call(
        interaction, endpoints.GET_CONFLICT, conflicts.GetConflict(conflict=conflict, table=True)
    )
    update = LiveUpdate(interaction.guild_id, message.channel.id, message.id, KIND, answer.conflict)
    bot_of(interaction).live_messages.show(update)


# Its buttons


class Move(PersistentButton, template=rf"init:([a-z_]{{1,16}}):{ID}:([\w.:-]{{0,40}})"):
    """A move of the person who runs the conflict. A move whose mark is old is refused, so nothing is moved twice."""

    def __init__(
        self,
        move: str,
        conflict: UUID | str,
        mark: str,
        label: str = "…",
        style: discord.ButtonStyle | None = None,
    ) -> None:
        self.move, self.conflict, self.mark = move, UUID(str(conflict)), mark
        custom_id = f"init:{move}:{conflict}:{mark}"
        super().__init__(custom_id, label, style or discord.ButtonStyle.secondary)

    async def used(self, interaction: Interaction) -> Reply:
        move = conflicts.MoveConflict(move=self.move, conflict=self.conflict, mark=self.mark or None)
        try:
            await call(interaction, endpoints.MOVE_CONFLICT, move)
        except BackendError as error:
            if error.code in (MOVED_ON, ENDED):
                await _refresh(interaction, self.conflict)
            raise
        return Reply(silent=True)


class Declare(PersistentButton, template=rf"initdeclare:{ID}"):
    """Opens the form in which a player declares an action."""

    def __init__(self, conflict: UUID | str) -> None:
        self.conflict = UUID(str(conflict))
        super().__init__(f"initdeclare:{conflict}", _("Declare"), discord.ButtonStyle.success)

    async def callback(self, interaction: Interaction) -> None:
        """Discord takes a form as the first answer only, so there is no deferring here."""
        loading = asyncio.create_task(
            call(interaction, endpoints.GET_CONFLICT, conflicts.GetConflict(conflict=self.conflict))
        )
        finished, _pending = await asyncio.wait({loading}, timeout=FORM_WAITS)
        conflict = loading.result().conflict if finished and loading.exception() is None else None
        if conflict and conflict.phase == DECLARE:
            await interaction.response.send_modal(_declare_form(conflict))
            return
        await respond(interaction, self._refused(interaction, loading))

    async def _refused(self, interaction: Interaction, loading: asyncio.Task[OneConflict]) -> Reply:
        conflict = (await loading).conflict
        if conflict.phase == DECLARE:
            raise Refused(
                _("That took too long. Press it again, or use {command}.", command=mention("init declare"))
            )
        await _refresh(interaction, self.conflict)
        raise Refused(
            _(
                "You can’t declare anything in this phase ({phase}).",
                phase=escape(_(conflict.phase_label), 60),
            )
        )


def _declare_form(conflict: Conflict) -> FormModal:
    action = discord.ui.TextInput[FormModal](custom_id="action", max_length=conflicts.MAX_TEXT)
    items: list[discord.ui.Label[FormModal]] = [discord.ui.Label(text=_("Action"), component=action)]
    if conflict.categories:
        options = [
            discord.SelectOption(label=clip(_(category.label), 100), value=category.slug)
            for category in conflict.categories[:25]
        ]
        category = discord.ui.Select[FormModal](custom_id="category", options=options)
        items.append(discord.ui.Label(text=_("Kind of action"), component=category))
    return FormModal("declare", str(conflict.id), _("What do you do?"), *items)


async def _declare(interaction: Interaction, conflict: str, form: dict[str, str]) -> Reply:
    given = input_of(
        conflicts.Declare, {"action": "", **form}, conflict=conflict, category=form.get("category") or None
    )
    return declared(await call(interaction, endpoints.DECLARE, given))


class Join(PersistentButton, template=rf"initenter:{ID}"):
    """Joins with the default character: with the roll of an earlier round where that counts, else with a new one."""

    def __init__(self, conflict: UUID | str) -> None:
        self.conflict = UUID(str(conflict))
        super().__init__(f"initenter:{conflict}", _("Join"), discord.ButtonStyle.success)

    async def callback(self, interaction: Interaction) -> None:
        await respond(interaction, self.used(interaction))

    async def used(self, interaction: Interaction) -> Reply:
        join = conflicts.JoinConflict(conflict=self.conflict)
        try:
            return joined(await call(interaction, endpoints.JOIN_CONFLICT, join))
        except BackendError as error:
            if error.code != NOT_ROLLED:
                raise
        roll = conflicts.RollInitiative(conflict=self.conflict)
        return rolled(await call(interaction, endpoints.ROLL_INITIATIVE, roll, "-roll"))


# Answers


def named(conflict: Conflict) -> str:
    """Its title, or words in place of one."""
    return f"**{escape(conflict.title, 100)}**" if conflict.title else _("The conflict")


def participant_of(answer: ConflictChanged) -> Participant | None:
    """Whom the step was about."""
    return next((row for row in answer.conflict.participants if row.id == answer.participant), None)


def name_of(participant: Participant | None) -> str:
    return f"**{escape(participant.name if participant else '', 60)}**"


def joined(answer: ConflictChanged) -> Reply:
    participant = participant_of(answer)
    if participant is None:
        return Reply(content=_("Everybody who can has joined."))
    return Reply(content=_("{name} has joined.", name=name_of(participant)))


def rolled(answer: ConflictChanged) -> Reply:
    participant = participant_of(answer)
    roll = f": {escape(label(participant.roll.text), 80)}" if participant and participant.roll else ""
    lines = [f"{name_of(participant)}{roll}."]
    if answer.conflict.phase == GATHER:
        lines.append(
            _("You can correct the numbers with {command} until the reveal.", command=mention("init reroll"))
        )
    return Reply(content=" ".join(lines))


def declared(answer: ConflictChanged) -> Reply:
    return Reply(content=_("{name}: action declared.", name=name_of(participant_of(answer))))


# A new conflict where one runs already


async def start(interaction: Interaction, given: conflicts.StartConflict) -> Reply:
    """The new conflict, its message after it; or the question whether to end the one that runs."""
    require_postable(interaction)
    try:
        conflict = (await call(interaction, endpoints.START_CONFLICT, given)).conflict
    except BackendError as error:
        if error.code != RUNNING:
            raise
        return _question(error, given)
    text = _(
        "{conflict} has started. Players join with {roll} or {join}.",
        conflict=named(conflict),
        roll=mention("init roll"),
        join=mention("init join"),
    )
    return Reply(content=text, then=render(conflict, local=bot_of(interaction).config.sandbox))


def _question(error: BackendError, given: conflicts.StartConflict) -> Reply:
    """The new title stands in the footer, as the custom id of the button has no room for it."""
    old = escape(error.refusal.title, 100) if error.refusal.title else _("A conflict")
    asked = _("{conflict} is running in this channel. End it and start a new one?", conflict=old)
    question = discord.Embed(description=asked)
    if given.title:
        question.set_footer(text=given.title)
    button = Replace(str(error.refusal.conflict), given.kind or "")
    return Reply(embeds=[question], view=view_of(button))


class Replace(PersistentButton, template=rf"initnew:{ID}:([0-9a-z_]{{0,16}})"):
    """Ends the conflict that the question was about, and no other, and starts the new one."""

    def __init__(self, conflict: str, kind: str) -> None:
        self.conflict, self.kind = conflict, kind
        super().__init__(f"initnew:{conflict}:{kind}", _("End it and start"), discord.ButtonStyle.danger)

    async def used(self, interaction: Interaction) -> Reply:
        question = interaction.message.embeds if interaction.message else []
        title = question[0].footer.text if question else None
        given = input_of(
            conflicts.StartConflict, {}, replace=self.conflict, kind=self.kind or None, title=title
        )
        return await start(interaction, given)


PERSISTENT: PersistentItems = (Declare, Join, Move, Replace)
FORMS = (Form("declare", _declare, edit=False),)
