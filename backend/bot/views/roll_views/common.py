"""What a body asks to roll, and how a roll is answered."""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import Acting
from bot.facts import optional
from bot.views.character_views.common import reference, scope_of, text_mode
from haven.services import Reference
from rod.retries import answer_once
from rolls.services import Answer, RollInput

Body = Mapping[str, Any]


def meant(acting: Acting, document: Body) -> Reference | None:
    """Whose roll: a character's, with null the default's, with false nobody's."""
    return None if document.get("character") is False else reference(acting, document)


def ask_of(acting: Acting, document: Body) -> RollInput:
    return RollInput(
        system=document.get("system") or None,
        pool=document.get("pool"),
        options=optional(document.get("options"), "options"),
        reference=meant(acting, document),
        chronicle=acting.chronicle,
        name=document.get("name") or "",
        visibility=document.get("visibility") or "",
        hide_difficulty=document.get("hide_difficulty") or False,
        note=document.get("note") or "",
    )


def answer(request: Request, acting: Acting, work: Callable[[], Answer], status: int = 200) -> Response:
    """Rolls at most once for the request's key."""
    return answer_json(request, acting, lambda: work().answer(acting.principal), status)


def answer_json(
    request: Request, acting: Acting, work: Callable[[], dict[str, Any]], status: int = 200
) -> Response:
    return answer_once(request, scope_of(acting), lambda: (status, work() | text_mode(acting)))
