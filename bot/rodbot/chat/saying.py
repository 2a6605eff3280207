"""A message of the web's as Discord takes it: under its author's name, in pieces that fit, pinging only whom it may."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from contract.bridge_frames import BridgedMessage, OutgoingReply
from contract.translation import _
from rodbot.core.text import MESSAGE, clip, escape, units
from rodbot.dice.lines import roll_line

NAME = 80
EXCERPT = 80
# Names that Discord keeps for itself; a hair's breadth makes them another word.
_KEPT = re.compile("(?i)(?<=c)(?=lyde)|(?<=d)(?=iscord)")
_FENCE = re.compile(r"^\s*```(\w*)", re.MULTILINE)
# Where a long text is best cut, the best first.
_BREAKS = ("\n\n", "\n", ". ", " ")


@dataclass(frozen=True)
class Said:
    """Without a `name` the webhook speaks under its own."""

    name: str
    avatar_url: str
    pieces: tuple[str, ...]
    pings: tuple[int, ...]


def said(frame: BridgedMessage, left_out: Sequence[str] = ()) -> Said:
    """Who says what; at least one piece, which may be empty where files speak for themselves.

    `left_out` are the names of files that Discord does not get.
    """
    message = frame.message
    line = _reply_line(frame, message.reply) if message.reply else ""
    rolls = [roll_line(part) for shown in message.rolls for part in (shown.roll, *shown.attached)]
    files = [_("📎 {name} (only on the web)", name=escape(name, 100)) for name in left_out]
    return Said(
        webhook_name(message.name) if message.name else "",
        message.avatar_url if message.avatar_url.startswith(("http://", "https://")) else "",
        tuple(pieces("\n".join(filter(None, (line, message.text, *rolls, *files))))),
        tuple(int(user_id) for user_id in message.pings),
    )


def webhook_name(name: str) -> str:
    """The name as Discord takes it of a webhook: neither empty nor too long, and no word of its own."""
    return clip(_KEPT.sub("\u200a", " ".join(name.split())), NAME) or _("Somebody")


def _reply_line(frame: BridgedMessage, reply: OutgoingReply) -> str:
    """A webhook cannot answer: a small line says whom, with a link to what they said."""
    name = escape(reply.name or _("somebody"), 60)
    if reply.message_id:
        place = (frame.thread and frame.thread.id) or frame.channel_id
        name = f"[{name}](https://discord.com/channels/{frame.guild_id}/{place}/{reply.message_id})"
    excerpt = escape(reply.excerpt, EXCERPT) if reply.excerpt.strip() else ""
    return f"-# ↪ {name}" + (f": {excerpt}" if excerpt else "")


def pieces(text: str, limit: int = MESSAGE) -> list[str]:
    """Cut a long text where it hurts least; a block of code that is cut stays one in each piece."""
    found: list[str] = []
    rest = text
    while units(rest) > limit:
        head, rest = _cut(rest, limit - len("\n```"))
        language = _open_fence(head)
        if language is not None:
            head, rest = f"{head}\n```", f"```{language}\n{rest}"
        found.append(head)
    return [*found, rest] if rest or not found else found


def _cut(text: str, limit: int) -> tuple[str, str]:
    end = min(limit, len(text))
    while units(text[:end]) > limit:
        end -= max(1, (units(text[:end]) - limit) // 2)
    window = text[:end]
    for mark in _BREAKS:
        at = window.rfind(mark)
        if at > end // 2:
            return window[: at + len(mark)].rstrip(), text[at + len(mark) :]
    return window, text[end:]


def _open_fence(text: str) -> str | None:
    """The language of the block of code that the text ends in; None outside of one."""
    fences = _FENCE.findall(text)
    return fences[-1] if len(fences) % 2 else None


def allowed(message: Said) -> discord.AllowedMentions:
    """Only the members whom the author meant: never everyone, never a role."""
    people = [discord.Object(user_id) for user_id in message.pings]
    return discord.AllowedMentions(everyone=False, roles=False, users=people, replied_user=False)
