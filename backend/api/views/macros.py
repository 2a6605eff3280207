"""Macros and roll requests for pages and clients."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import rolls as shapes
from api.views.base import answer_json, body_of, chronicle_of, principal_of, uuid
from api.views.rolls import Body, answer, ask_of
from discordauth.models import CustomUser
from haven.services import Reference
from rolls import serializers
from rolls.services import macros, requests
from rolls.services.requests import Wanted
from rolls.shapes import MacroOut, MacrosOut, RequestOut, RequestsOut, RollAnswerOut
from rules.errors import Invalid


class MacrosView(APIView):
    @extend_schema(operation_id="macros_list", parameters=shapes.MACROS_QUERY, responses=MacrosOut)
    def get(self, request: Request) -> Response:
        """The macros of a character."""
        query = request.query_params
        meant = Reference(str(uuid(query.get("character"), "character")))
        found = macros.listed(principal_of(request), meant, query.get("q", "")[:100], False, limit=50)
        return Response({"results": [serializers.macro(one) for one in found]})

    @extend_schema(request=shapes.MacroIn, responses={201: MacroOut})
    def post(self, request: Request) -> Response:
        document = body_of(request)
        meant = Reference(str(uuid(document.get("character"), "character")))
        return answer_json(
            request, lambda who, cause: _macro(macros.create(who, meant, _fields(document))), 201
        )


class MacroView(APIView):
    @extend_schema(request=shapes.MacroChangeIn, responses=MacroOut)
    def patch(self, request: Request, macro_id: UUID) -> Response:
        """Changes the named fields, no others."""
        fields = _fields(body_of(request))
        return answer_json(request, lambda who, cause: _macro(macros.edit(who, str(macro_id), fields, None)))

    @extend_schema(request=None, responses=MacroOut)
    def delete(self, request: Request, macro_id: UUID) -> Response:
        return answer_json(request, lambda who, cause: _macro(macros.remove(who, str(macro_id), None)))


class RunMacroView(APIView):
    @extend_schema(request=shapes.RunMacroIn, responses={201: RollAnswerOut})
    def post(self, request: Request, macro_id: UUID) -> Response:
        """Rolls a macro; what the body names differs this once."""
        asked = ask_of(principal_of(request), body_of(request))
        return answer(request, lambda who, cause: macros.run(who, str(macro_id), asked, cause, None), 201)


class CopyMacroView(APIView):
    @extend_schema(request=shapes.CopyMacroIn, responses={201: MacroOut})
    def post(self, request: Request, macro_id: UUID) -> Response:
        """A shared macro for a character of one's own."""
        meant = Reference(str(uuid(body_of(request).get("character"), "character")))
        return answer_json(request, lambda who, cause: _macro(macros.copy(who, str(macro_id), meant)), 201)


def _fields(document: Body) -> dict[str, Any]:
    return {name: document[name] for name in macros.FIELDS if document.get(name) is not None}


def _macro(row: Any) -> dict[str, Any]:
    return {"macro": serializers.macro(row)}


class RequestsView(APIView):
    @extend_schema(operation_id="roll_requests_list", parameters=shapes.REQUESTS_QUERY, responses=RequestsOut)
    def get(self, request: Request) -> Response:
        """The newest requests of a chronicle with their answers, open ones first."""
        who = principal_of(request)
        chronicle = chronicle_of(who, request.query_params.get("chronicle"))
        if chronicle is None:
            raise Invalid.field("chronicle", "Of which chronicle?")
        return Response({"results": requests.listed(who, chronicle)})

    @extend_schema(request=shapes.RequestIn, responses={201: RequestOut})
    def post(self, request: Request) -> Response:
        """A storyteller asks named players for a roll."""
        who, document = principal_of(request), body_of(request)
        chronicle, wanted = chronicle_of(who, document.get("chronicle")), _wanted(document)
        return answer_json(
            request,
            lambda who, cause: {
                "request": requests.as_json(requests.ask(who, chronicle, wanted, cause), who)
            },
            201,
        )


class RequestView(APIView):
    @extend_schema(responses=RequestOut)
    def get(self, request: Request, request_id: UUID) -> Response:
        """The summary so far."""
        who = principal_of(request)
        return Response({"request": requests.as_json(requests.find(who, request_id), who)})


class AnswerRequestView(APIView):
    @extend_schema(request=shapes.AnswerIn, responses={201: RollAnswerOut})
    def post(self, request: Request, request_id: UUID) -> Response:
        """Rolls what was asked for, once."""
        asked = ask_of(principal_of(request), body_of(request))

        def work(who: Any, cause: Any) -> dict[str, Any]:
            made, row = requests.answer(who, request_id, asked, cause)
            return made.answer(who) | {"request": requests.as_json(row, who)}

        return answer_json(request, work, 201)


class CloseRequestView(APIView):
    @extend_schema(request=None, responses=RequestOut)
    def post(self, request: Request, request_id: UUID) -> Response:
        """No more answers."""
        return answer_json(
            request,
            lambda who, cause: {"request": requests.as_json(requests.close(who, request_id, cause), who)},
        )


def _wanted(document: Body) -> Wanted:
    options = document.get("options")
    if options is not None and not isinstance(options, dict):
        raise Invalid.field("options", "A JSON object is expected.")
    return Wanted(
        players=_players(document.get("players")),
        pool=document.get("pool"),
        system=document.get("system") or None,
        options=options or {},
        text=document.get("text") or "",
        hide_difficulty=document.get("hide_difficulty") or False,
        minutes=60 if document.get("minutes") is None else document["minutes"],
    )


def _players(value: Any) -> list[CustomUser]:
    if not isinstance(value, list) or not 1 <= len(value) <= requests.MAX_PLAYERS:
        raise Invalid.field("players", f"Name 1 to {requests.MAX_PLAYERS} players.")
    wanted = {uuid(one, "players") for one in value}
    found = list(CustomUser.objects.filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise Invalid.field("players", "One of these people is not here.")
    return found
