"""`/progress reset`, for admins: what would go, a form that asks for the word RESET, and a button that undoes it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import get_args
from uuid import UUID

import discord
from discord.ui import TextInput

from contract import endpoints
from contract.resets import (
    SCOPES,
    WORD,
    ConfirmReset,
    PreviewReset,
    ProgressReset,
    ResetPreview,
    ResetScope,
    ResetSummary,
    UndoReset,
)
from contract.translation import _, n_
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.forms import Form, FormModal
from rodbot.core.options import Option, Values, checked_input, command, field_option
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, view_of
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import escape, timestamp

EVERYTHING = UUID(int=0)


def preview(found: ResetPreview) -> Reply:
    """What would go, with a button that asks for the word."""
    head = (
        _("**This resets the progress in “{name}”.** It would take away:", name=escape(found.name, 100))
        if found.name
        else _("**This resets the progress of everybody, on every server.** It would take away:")
    )
    stays = _("Accounts, profiles, certificates, sessions and attendance stay.")
    undo = n_("You can undo it for {count} day.", "You can undo it for {count} days.", found.undo_days)
    lines = [head, *_counts(found.summary), "", f"{stays} {undo}"]
    return Reply(content="\n".join(lines), view=view_of(Ask(found.scope, found.id or EVERYTHING)))


def _counts(summary: ResetSummary) -> Iterator[str]:
    yield "• " + n_("{count} drill", "{count} drills", summary.practice_sessions_deleted)
    yield "• " + n_(
        "{count} exam that was sat", "{count} exams that were sat", summary.paper_attempts_deleted
    )
    yield "• " + n_("{count} badge", "{count} badges", summary.rewards_deleted)
    yield "• " + n_("the points of {count} player", "the points of {count} players", summary.users_reset)
    yield "• " + n_(
        "{count} place on leaderboards", "{count} places on leaderboards", summary.leaderboard_entries_reset
    )


def done(found: ProgressReset) -> Reply:
    lines = [_("**Progress was reset.** This is gone:"), *_counts(found.summary)]
    if found.restore_point is None or found.undo_until is None:
        return Reply(content="\n".join(lines), view=view_of())
    lines += ["", _("You can undo it until {time}.", time=timestamp(found.undo_until, "f"))]
    return Reply(content="\n".join(lines), view=view_of(Undo(found.restore_point)))


class Ask(PersistentButton, template=rf"resetask:({'|'.join(get_args(ResetScope))}):{ID}"):
    """Opens the form that asks for the word. The backend decides who may send it."""

    def __init__(self, scope: str, place: UUID | str) -> None:
        self.scope, self.place = scope, str(place)
        super().__init__(f"resetask:{scope}:{place}", _("Reset…"), discord.ButtonStyle.danger)

    async def callback(self, interaction: Interaction) -> None:
        word = TextInput[FormModal](
            label=_("Type {word} to confirm", word=WORD), custom_id="word", max_length=20
        )
        form = FormModal(f"reset-{self.scope}", self.place, _("Reset progress"), word)
        await interaction.response.send_modal(form)


class Undo(PersistentButton, template=rf"resetundo:{ID}"):
    def __init__(self, point: UUID | str) -> None:
        self.point = str(point)
        super().__init__(f"resetundo:{point}", _("Undo the reset"))

    async def used(self, interaction: Interaction) -> Reply:
        await call(interaction, endpoints.UNDO_RESET, UndoReset(point=UUID(self.point)))
        return Reply(content=_("**The reset was undone.** What was earned since stays."), view=view_of())


async def _confirm(scope: str, interaction: Interaction, place: str, form: dict[str, str]) -> Reply:
    named = {} if scope == "all" else {"id": place}
    given = checked_input(ConfirmReset, {"scope": scope, "word": form.get("word", ""), **named})
    return done(await call(interaction, endpoints.CONFIRM_RESET, given))


def _form(scope: str) -> Form:
    handle: Callable[[Interaction, str, dict[str, str]], Work] = partial(_confirm, scope)
    return Form(f"reset-{scope}", handle)


async def _reset(interaction: Interaction, values: Values) -> Reply:
    return preview(await send(interaction, endpoints.PREVIEW_RESET, values))


COMMANDS = (
    command(
        "reset",
        "For admins: take everybody’s progress away, or what was earned here; can be undone",
        [
            Option(
                "scope",
                str,
                "What to reset (default: everything)",
                choices=tuple((label, scope) for scope, label in SCOPES.items()),
            ),
            field_option(PreviewReset, "season", "The name of the season, if you reset one"),
        ],
        _reset,
    ),
)
PERSISTENT: PersistentItems = (Ask, Undo)
FORMS = tuple(map(_form, SCOPES))
