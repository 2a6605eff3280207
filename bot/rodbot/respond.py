"""How every interaction is answered: within a second directly, else deferred; always with something a
person can read.

The broad `except` here is the outermost handler of an interaction."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import discord

from rodbot import facts
from rodbot.errors import SLOW_DOWN, Refused, Trouble, trouble

log = logging.getLogger(__name__)

ACKNOWLEDGE_WITHIN = 1.0
NOBODY = discord.AllowedMentions.none()


@dataclass(slots=True)
class Reply:
    """`view` may hold persistent items only: nothing about it is kept in this process."""

    content: str | None = None
    embeds: list[discord.Embed] = field(default_factory=list)
    view: discord.ui.View | None = None


class _Failed(Reply):
    """An error's answer: it never replaces the message whose button was pressed."""


Work = Coroutine[Any, Any, Reply]


async def run(interaction: discord.Interaction[Any], work: Work, *, edit: bool = False) -> None:
    """Carry `work` out and answer with its reply; `edit` puts it in place of the message that was pressed."""
    task = asyncio.create_task(_guarded(interaction, _allowed(interaction, work)))
    done, _ = await asyncio.wait({task}, timeout=ACKNOWLEDGE_WITHIN)
    acknowledged = bool(done) or await _defer(interaction, edit)
    reply = await task
    if acknowledged:
        await _deliver(interaction, reply, edit)


async def _allowed(interaction: discord.Interaction[Any], work: Work) -> Reply:
    if not facts.bot(interaction).throttle.allows(interaction.user.id):
        work.close()
        raise Refused(SLOW_DOWN)
    return await work


async def _guarded(interaction: discord.Interaction[Any], work: Work) -> Reply:
    try:
        return await work
    except Exception as error:
        log.debug("Interaction %s ends in an error", interaction.id, exc_info=True)
        return _Failed(content=note(interaction, error).sentence)


def note(interaction: discord.Interaction[Any], error: Exception) -> Trouble:
    """Log what has to be logged, tell the debug channel, and give back what the person is told."""
    found = trouble(error)
    if found.report:
        where = _name(interaction)
        log.error("Reference %s in %s", found.reference, where, exc_info=error)
        facts.bot(interaction).debug.report(found.reference, where, error)
    return found


def _name(interaction: discord.Interaction[Any]) -> str:
    command = interaction.command
    if command is not None:
        return f"/{command.qualified_name}"
    data: Any = interaction.data or {}
    return str(data.get("custom_id", "an interaction")).split(":")[0]


async def _defer(interaction: discord.Interaction[Any], edit: bool) -> bool:
    """False if Discord no longer waits: the work goes on all the same, its fruit is on the sheet."""
    try:
        if edit:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
    except discord.HTTPException as error:
        log.warning("Discord does not wait for interaction %s: %s", interaction.id, error)
        return False
    return True


async def _deliver(interaction: discord.Interaction[Any], reply: Reply, edit: bool) -> None:
    try:
        await _send(interaction, reply, edit)
    except discord.NotFound as error:
        # The work itself is done; the person sees it on the sheet and in the history.
        log.warning("Discord no longer takes the answer to interaction %s: %s", interaction.id, error.text)
    except discord.HTTPException as error:
        await _apologise(interaction, error)


async def _send(interaction: discord.Interaction[Any], reply: Reply, edit: bool) -> None:
    replaces = edit and not isinstance(reply, _Failed)
    if interaction.response.is_done():
        await _fill(interaction, reply, replaces or not edit)
    elif replaces:
        await interaction.response.edit_message(
            content=reply.content, embeds=reply.embeds, view=reply.view, allowed_mentions=NOBODY
        )
    else:
        await interaction.response.send_message(
            **_parts(reply), view=reply.view or discord.utils.MISSING, ephemeral=True, allowed_mentions=NOBODY
        )


async def _fill(interaction: discord.Interaction[Any], reply: Reply, original: bool) -> None:
    """After a deferral: fill the waiting message, or (an error after a press) write a new one."""
    if original:
        await interaction.edit_original_response(**_parts(reply), view=reply.view, allowed_mentions=NOBODY)
        return
    await interaction.followup.send(
        **_parts(reply), view=reply.view or discord.utils.MISSING, ephemeral=True, allowed_mentions=NOBODY
    )


def _parts(reply: Reply) -> dict[str, Any]:
    return {"content": reply.content, "embeds": reply.embeds}


async def _apologise(interaction: discord.Interaction[Any], error: discord.HTTPException) -> None:
    """Discord refused the answer. What was asked is done, only showing it failed."""
    reply = _Failed(content=note(interaction, error).sentence)
    try:
        await _send(interaction, reply, edit=False)
    except discord.HTTPException as again:
        log.error("Not even the apology could be sent: %s", again)
