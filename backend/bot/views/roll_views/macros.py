"""Macros: listed, made, changed, run, copied."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import act, look
from bot.serializers import roll as shapes
from bot.views.base import BotView
from bot.views.character_views.common import body, reference
from bot.views.roll_views.common import Body, answer, answer_json, ask_of
from rolls import serializers
from rolls.services import macros
from rolls.shapes import MacroOut, MacrosOut, RollAnswerOut
from rules.errors import GameError


class MacrosView(BotView):
    @extend_schema(parameters=shapes.MACROS_QUERY, responses=MacrosOut)
    def get(self, request: Request) -> Response:
        """A character's macros, or those that others share; for completion, so never an error."""
        acting, query = look(request), request.query_params
        meant = reference(acting, {"character": query.get("character") or None})
        shared, typed = query.get("shared") == "1", query.get("q", "")[:100]
        try:
            found = macros.listed(acting.principal, meant, typed, shared)
        except GameError:
            found = []
        return Response({"results": [serializers.macro(one) for one in found]})

    @extend_schema(request=shapes.MacroIn, responses={201: MacroOut})
    def post(self, request: Request) -> Response:
        acting, document = act(request), body(request)
        meant = reference(acting, document)
        return answer_json(
            request,
            acting,
            lambda: _told(macros.create(acting.principal, meant, _fields(document))),
            201,
        )

    @extend_schema(request=shapes.MacroChangeIn, responses=MacroOut)
    def patch(self, request: Request) -> Response:
        """Changes the named fields, no others."""
        acting, document = act(request), body(request)
        meant = reference(acting, document)
        return answer_json(
            request,
            acting,
            lambda: _told(
                macros.edit(acting.principal, document.get("macro") or "", _fields(document), meant)
            ),
        )

    @extend_schema(request=shapes.NamedMacroIn, responses=MacroOut)
    def delete(self, request: Request) -> Response:
        acting, document = act(request), body(request)
        meant = reference(acting, document)
        return answer_json(
            request,
            acting,
            lambda: _told(macros.remove(acting.principal, document.get("macro") or "", meant)),
        )


class RunMacroView(BotView):
    @extend_schema(request=shapes.RunMacroIn, responses={201: RollAnswerOut})
    def post(self, request: Request) -> Response:
        """Rolls a macro; what the body names differs this once."""
        acting, document = act(request), body(request)
        meant, asked = reference(acting, document), ask_of(acting, document)
        return answer(
            request,
            acting,
            lambda: macros.run(acting.principal, document.get("macro") or "", asked, acting.cause, meant),
            201,
        )


class CopyMacroView(BotView):
    @extend_schema(request=shapes.NamedMacroIn, responses={201: MacroOut})
    def post(self, request: Request) -> Response:
        """A shared macro for a character of one's own."""
        acting, document = act(request), body(request)
        meant = reference(acting, document)
        return answer_json(
            request,
            acting,
            lambda: _told(macros.copy(acting.principal, document.get("macro") or "", meant)),
            201,
        )


def _fields(document: Body) -> dict[str, Any]:
    return {name: document[name] for name in macros.FIELDS if document.get(name) is not None}


def _told(row: Any) -> dict[str, Any]:
    return {"macro": serializers.macro(row)}
