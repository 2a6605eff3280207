"""Rolls for pages and clients: the same services as the slash commands, through another door."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import rolls as shapes
from api.views.base import acting_cause_of, answer_json, body_of, chronicle_of, principal_of, user_of, uuid
from chronicle.principal import Principal
from discordauth.models import CustomUser
from haven import selectors as characters
from haven.models import Character
from haven.services import Reference
from rolls import selectors, services
from rolls.period import period
from rolls.selectors import PAGE
from rolls.services import Answer, RollInput
from rolls.services.luck import NOBODY, Of, luck
from rolls.shapes import CompletionsOut, LuckOut, OddsOut, RollAnswerOut, RollsOut
from rules.errors import Invalid, NotFound
from timeline.services import Cause

Body = Mapping[str, Any]


class RollsView(APIView):
    @extend_schema(operation_id="rolls_list", parameters=shapes.ROLLS_QUERY, responses=RollsOut)
    def get(self, request: Request) -> Response:
        """Newest first, of a chronicle or a character; one's own without either."""
        who, query = principal_of(request), request.query_params
        chronicle = chronicle_of(who, query.get("chronicle"))
        character = character_of(who, query.get("character"))
        found = selectors.recent(
            who,
            chronicle=chronicle,
            character=character,
            before=uuid(query["before"], "before") if query.get("before") else None,
            limit=_limit(query.get("limit")),
        )
        return Response({"results": found})

    @extend_schema(request=shapes.RollIn, responses={201: RollAnswerOut})
    def post(self, request: Request) -> Response:
        """Rolls a pool, stores it, and applies what follows for the character."""
        asked = ask_of(principal_of(request), body_of(request))
        return answer(request, lambda who, cause: services.roll(who, asked, cause), 201)


class CheckView(APIView):
    @extend_schema(request=shapes.CheckIn, responses={201: RollAnswerOut})
    def post(self, request: Request) -> Response:
        """A check: its dice, what it changes, and what may follow."""
        document = body_of(request)
        asked, slug = ask_of(principal_of(request), document), document.get("check")
        offered_by = document.get("roll")
        return answer(
            request, lambda who, cause: services.check(who, str(slug)[:30], asked, cause, offered_by), 201
        )


class RollView(APIView):
    @extend_schema(parameters=shapes.ROLL_QUERY, responses=RollAnswerOut)
    def get(self, request: Request, roll_id: UUID) -> Response:
        """A roll as it is now, with what may still be done with it; of picked `dice`, what they would do."""
        who, picked = principal_of(request), request.query_params.get("dice")
        found = selectors.get(who, roll_id)
        return Response(Answer(found, picked=_picked(picked) if picked else None).answer(who))


def _picked(value: str) -> list[int]:
    parts = value.split(",")
    if len(parts) > 50 or not all(one.isdecimal() and len(one) < 4 for one in parts):
        raise Invalid.field("dice", "Indexes with commas between them are expected.")
    return [int(one) for one in parts]


class RerollView(APIView):
    @extend_schema(request=shapes.RerollIn, responses={201: RollAnswerOut})
    def post(self, request: Request, roll_id: UUID) -> Response:
        """Rolls dice again, once, by a strategy or as picked."""
        document = body_of(request)
        strategy, dice = document.get("strategy"), document.get("dice")
        return answer(
            request,
            lambda who, cause: services.reroll(who, roll_id, cause, strategy=strategy, dice=dice),
            201,
        )


class ChooseView(APIView):
    @extend_schema(request=shapes.ChooseIn, responses=RollAnswerOut)
    def post(self, request: Request, roll_id: UUID) -> Response:
        """Decides an open outcome, once."""
        choice = body_of(request).get("choice") or ""
        return answer(request, lambda who, cause: services.choose(who, roll_id, choice, cause))


class RevealView(APIView):
    @extend_schema(request=None, responses=RollAnswerOut)
    def post(self, request: Request, roll_id: UUID) -> Response:
        """Makes a roll public."""
        return answer(request, lambda who, cause: services.reveal(who, roll_id, cause))


class StrikeView(APIView):
    @extend_schema(request=shapes.StrikeIn, responses=RollAnswerOut)
    def post(self, request: Request, roll_id: UUID) -> Response:
        """Leaves a roll out of the statistics, with a reason; or takes that back."""
        document = body_of(request)
        reason, undo = document.get("reason") or "", document.get("undo") or False
        return answer(request, lambda who, cause: services.strike(who, roll_id, cause, reason, undo))


class OddsView(APIView):
    @extend_schema(request=shapes.RollIn, responses=OddsOut)
    def post(self, request: Request) -> Response:
        """Exactly what such a roll would do; nothing is rolled."""
        who = principal_of(request)
        return Response(services.odds(who, ask_of(who, body_of(request))))


class PoolView(APIView):
    @extend_schema(operation_id="pool_list", parameters=shapes.POOL_QUERY, responses=CompletionsOut)
    def get(self, request: Request) -> Response:
        """A half-written pool with its last part completed; of a sheet that one may not roll for, numbers alone."""
        who, query = principal_of(request), request.query_params
        character = character_of(who, query.get("character"))
        return Response({"results": selectors.completions(who, character, query.get("q", ""))})


class LuckView(APIView):
    @extend_schema(parameters=shapes.LUCK_QUERY, responses=LuckOut)
    def get(self, request: Request) -> Response:
        """What fell against what was expected, over the rolls that the reader may see."""
        who, query = principal_of(request), request.query_params
        since, until = period(query.get("days"), query.get("since"), query.get("until"))
        chronicle = chronicle_of(who, query.get("chronicle"))
        character = character_of(who, query.get("character"))
        player = user_of(request)
        if query.get("player"):
            player = _player(query["player"])
        everyone = query.get("everyone") == "1" and chronicle is not None
        of = Of(character, None if everyone or character else player, chronicle, since, until)
        return Response(luck(who, of))


def _player(value: str) -> CustomUser:
    found = CustomUser.objects.filter(pk=uuid(value, "player")).first()
    if found is None:
        raise NotFound(NOBODY)
    return found


def ask_of(who: Principal, document: Body) -> RollInput:
    options = document.get("options")
    if options is not None and not isinstance(options, dict):
        raise Invalid.field("options", "A JSON object is expected.")
    named = document.get("character")
    return RollInput(
        system=document.get("system") or None,
        pool=document.get("pool"),
        options=options or {},
        reference=Reference(str(uuid(named, "character"))) if named else None,
        chronicle=chronicle_of(who, document.get("chronicle")),
        name=document.get("name") or "",
        visibility=document.get("visibility") or "",
        hide_difficulty=document.get("hide_difficulty") or False,
        note=document.get("note") or "",
    )


def answer(request: Request, work: Callable[[Principal, Cause], Answer], status: int = 200) -> Response:
    """Does it at most once for the request's key, and answers with it as this person may see it."""
    return answer_json(request, lambda who, cause: work(who, cause).answer(who), status, acting_cause_of)


def character_of(who: Principal, value: Any) -> Character | None:
    return characters.get(who, uuid(value, "character")) if value else None


def _limit(value: str | None) -> int:
    if not value:
        return PAGE
    if not value.isdecimal() or len(value) > 9 or not 1 <= int(value) <= PAGE:
        raise Invalid.field("limit", f"A number from 1 to {PAGE} is expected.")
    return int(value)
