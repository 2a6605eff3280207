"""The log of a scene: what was said in it, in order, without what was out of character, deleted or not for all.

Read in pieces, so a scene of ten thousand messages takes no more memory than one of ten.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from django.db.models import Q, QuerySet

from chat.markdown.render import render
from chat.models import ChatMessage, Scene
from chat.rooms import find_room
from chat.selectors import scenes as reading
from chat.selectors.messages import readable
from chronicle.principal import Principal
from contract import chat_scenes as shapes
from contract.chat_game import RequestCard, RollCard
from contract.labels import translated
from contract.roll_requests import summary_of
from contract.rolls import BriefRoll
from contract.translation import _
from rules.visibility import TABLE

PIECE = 500
LOGGED = (ChatMessage.Kind.TEXT, ChatMessage.Kind.ROLL, ChatMessage.Kind.REQUEST)


def page(principal: Principal, given: shapes.GetLog) -> shapes.SceneLog:
    """Some lines of the log, after a place. Raises NotFound."""
    row = reading.get(principal, given.scene)
    found = list(islice(lines(principal, row, after=given.after, asides=given.asides), shapes.LINES + 1))
    shown = found[: shapes.LINES]
    return shapes.SceneLog(scene=reading.document(row), lines=shown, more=len(found) > len(shown))


def lines(
    principal: Principal, row: Scene, *, after: int = 0, asides: bool = False, html: bool = True
) -> Iterator[shapes.Line]:
    """The lines in their order, as this reader may read them: with `asides`, the whispers that are theirs.

    Without `html`, which takes most of the time, where nobody shows it.
    """
    found = _lines_for(principal, row, asides)
    while piece := list(found.filter(seq__gt=after).order_by("seq")[:PIECE]):
        yield from (_line(message, html) for message in piece)
        after = piece[-1].seq


def _lines_for(principal: Principal, row: Scene, asides: bool) -> "QuerySet[ChatMessage]":
    seen = Q(visibility__lte=int(TABLE))
    room = find_room(row.channel_id) if asides and row.channel_id else None
    if room is not None:
        seen = readable(principal, room)
    found = ChatMessage.objects.filter(seen, scene=row, deleted_at=None, is_ooc=False, kind__in=LOGGED)
    return found.only(
        "seq", "created_at", "voice", "user_name", "content", "named", "card", "kind", "visibility"
    )


def _line(message: ChatMessage, html: bool) -> shapes.Line:
    return shapes.Line(
        seq=message.seq,
        at=message.created_at,
        name=message.spoken_by,
        text=with_names(message.content, message.named or {}),
        html=render(message.content, message.named) if html else "",
        rolls=list(rolls_of(message)),
        aside=message.visibility > TABLE,
    )


def with_names(text: str, named: Mapping[str, str]) -> str:
    """The text as it was typed, with names in place of the ids of whom it mentions."""
    for token, name in named.items():
        text = text.replace(token, f"@{name}")
    return text


def rolls_of(message: ChatMessage) -> Iterator[str]:
    """Each roll on the card of a message as one sentence."""
    card = message.card or {}
    if "rolls" in card:
        for entry in RollCard.model_validate(card).rolls:
            yield in_words(entry.roll)
    elif "request" in card:
        for player in RequestCard.model_validate(card).request.players:
            if player.roll is not None:
                yield in_words(player.roll)


def in_words(roll: BriefRoll) -> str:
    """`Night Owl: Strength 3 + Brawl 2, difficulty 3 — 3 successes: Success, margin 0`"""
    shown = translated(roll)
    who = shown.name or shown.roller.name
    what = shown.pool.as_sum() or shown.title
    if shown.difficulty is not None:
        what = _("{pool}, difficulty {difficulty}", pool=what, difficulty=shown.difficulty)
    return f"{who}: {what} — {summary_of(shown)}"
