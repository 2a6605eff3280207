"""Conflicts for pages and clients: the same verbs as in Discord."""

from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers.conflicts import StartIn
from api.views.base import acting_cause_of, answer_json, body_of, chronicle, principal_of
from chronicle.models import Chronicle
from chronicle.principal import Principal
from conflicts import selectors, shapes, verbs
from conflicts.serializers import conflict_json
from conflicts.services.common import Call, find
from rules.errors import Invalid
from timeline.services import Cause


def _channel(who: Principal, place: Chronicle, value: object) -> str:
    """By Discord's id; none for a conflict of the web."""
    if value and value not in [one.discord_id for one in selectors.channels(who, place)]:
        raise Invalid.field("channel_id", "There is no such channel here.")
    return str(value or "")


class ConflictsView(APIView):
    @extend_schema(operation_id="conflicts_list", responses=shapes.ConflictsOut)
    def get(self, request: Request, chronicle_id: UUID) -> Response:
        """What runs, the newest first, then the last that ended."""
        who = principal_of(request)
        return Response({"results": selectors.listed(who, chronicle(who, chronicle_id))})

    @extend_schema(request=StartIn, responses={201: shapes.ConflictOut})
    def post(self, request: Request, chronicle_id: UUID) -> Response:
        document = body_of(request)

        def work(who: Principal, cause: Cause) -> dict[str, object]:
            place = chronicle(who, chronicle_id)
            channel = _channel(who, place, document.get("channel_id"))
            return verbs.start(Call(who, cause, place, channel), document)

        return answer_json(request, work, 201)


class TimeView(APIView):
    @extend_schema(request=shapes.TimeFields, responses=shapes.TimePassedOut)
    def post(self, request: Request, chronicle_id: UUID) -> Response:
        """The scene, the night or the session is over: so is what lasted until then."""
        document = body_of(request)
        return answer_json(
            request,
            lambda who, cause: verbs.time(Call(who, cause, chronicle(who, chronicle_id)), document),
        )


class ConflictView(APIView):
    @extend_schema(responses=shapes.ConflictOut)
    def get(self, request: Request, conflict_id: UUID) -> Response:
        who = principal_of(request)
        return Response({"conflict": conflict_json(find(who, conflict_id), who)})


class VerbView(APIView):
    verb = ""

    def post(self, request: Request, conflict_id: UUID) -> Response:
        document = body_of(request)

        def work(who: Principal, cause: Cause) -> dict[str, object]:
            call = Call(who, cause, verbs.in_chronicle_of(who, conflict_id), owner_id=cause.player_id)
            return verbs.do(self.verb, call, conflict_id, document)

        return answer_json(request, work, cause=acting_cause_of)


def _view(verb: str) -> type[VerbView]:
    described = extend_schema(
        operation_id=f"conflicts_{verb}",
        description=verbs.VERBS[verb].label,
        request=verbs.VERBS[verb].fields,
        responses=shapes.ConflictDoneOut,
    )
    made: type[VerbView] = type(f"Conflict{verb.title()}View", (VerbView,), {"verb": verb})
    return extend_schema_view(post=described)(made)


VERB_VIEWS = {verb: _view(verb) for verb in verbs.VERBS}
