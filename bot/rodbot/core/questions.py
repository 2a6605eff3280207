"""Commands that wait for somebody to say which character they mean.

A command does not fit into a custom id, so it waits in this process: for a quarter of an hour, and not across a
restart. A later choice explains itself.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import discord

from contract.refusals import Candidate
from contract.translation import _
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.text import clip

WAITS = 15 * 60.0
MOST = 2000
NAME = "whose"
# Under this key an interaction carries the character that was chosen.
CHOSEN = "chosen_character"

Repeat = Callable[[Interaction], Awaitable[None]]
_waiting: OrderedDict[str, tuple[float, int, Repeat]] = OrderedDict()


def ask(interaction: Interaction, characters: list[Candidate], repeat: Repeat) -> discord.ui.View:
    """A menu of the characters that fit; choosing one carries the command on."""
    token = secrets.token_hex(8)
    _waiting[token] = time.monotonic(), interaction.user.id, repeat
    while len(_waiting) > MOST:
        _waiting.popitem(last=False)
    owners = {character.owner for character in characters}
    options = [
        discord.SelectOption(
            label=clip(character.name, 100),
            value=str(character.id),
            description=clip(character.owner, 100) if len(owners) > 1 else None,
        )
        for character in characters[:25]
    ]
    view = discord.ui.View(timeout=None)
    select: discord.ui.Select[discord.ui.View] = discord.ui.Select(
        custom_id=f"{NAME}:{token}", placeholder=_("Which character?"), options=options
    )
    return view.add_item(select)


async def carry_on(interaction: Interaction, token: str, character: str) -> None:
    """Give the command again, once, for this character."""
    asked_at, asker, repeat = _waiting.get(token) or (0.0, 0, None)
    if asker and asker != interaction.user.id:
        raise Refused(_("This menu belongs to someone else. Use the command yourself to get your own."))
    _waiting.pop(token, None)
    if repeat is None or time.monotonic() - asked_at > WAITS:
        raise Refused(_("This menu has been used already, or it’s too old. Please use the command again."))
    interaction.extras[CHOSEN] = character
    await repeat(interaction)
