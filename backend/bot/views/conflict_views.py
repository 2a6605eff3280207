"""Conflicts in Discord: of the channel that a command is given in."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import Acting, act, chronicle_of
from bot.serializers import conflict as bodies
from bot.views.base import BotView
from bot.views.character_views.common import body, player, text_mode
from bot.views.roll_views.common import Body, answer_json
from conflicts import selectors, shapes, verbs
from conflicts.serializers import as_the_table_sees_it, conflict_json
from conflicts.services.common import Call, meant


def _call(acting: Acting, document: Body) -> Call:
    return Call(
        acting.principal,
        acting.cause,
        acting.chronicle,
        acting.channel_id,
        player(document.get("player")),
    )


class ConflictsView(BotView):
    @extend_schema(request=bodies.StartIn, responses={201: shapes.ConflictOut})
    def post(self, request: Request) -> Response:
        """Begins one in this channel."""
        acting, document = act(request), body(request)
        return answer_json(request, acting, lambda: verbs.start(_call(acting, document), document), 201)


class ConflictListView(BotView):
    @extend_schema(request=bodies.ActingIn, responses=shapes.ConflictsOut)
    def post(self, request: Request) -> Response:
        """Those of the chronicle: what runs, then the last that ended."""
        acting = act(request)
        found = selectors.listed(acting.principal, chronicle_of(acting))
        return Response({"results": found} | text_mode(acting))


class LookConflictView(BotView):
    @extend_schema(request=bodies.LookIn, responses=shapes.ConflictOut)
    def post(self, request: Request) -> Response:
        acting, document = act(request), body(request)
        found = meant(_call(acting, document), document.get("conflict"))
        table = document.get("table") is True
        shown = as_the_table_sees_it(found) if table else conflict_json(found, acting.principal)
        return Response({"conflict": shown} | text_mode(acting))


class TimeView(BotView):
    @extend_schema(request=bodies.TimeIn, responses=shapes.TimePassedOut)
    def post(self, request: Request) -> Response:
        """The scene, the night or the session is over: so is what lasted until then."""
        acting, document = act(request), body(request)
        return answer_json(request, acting, lambda: verbs.time(_call(acting, document), document))


class VerbView(BotView):
    verb = ""

    def post(self, request: Request) -> Response:
        acting, document = act(request), body(request)
        named = document.get("conflict")
        return answer_json(
            request, acting, lambda: verbs.do(self.verb, _call(acting, document), named, document)
        )


def _view(verb: str) -> type[VerbView]:
    described = extend_schema(
        operation_id=f"conflicts_{verb}",
        description=verbs.VERBS[verb].label,
        request=bodies.VERBS_IN[verb],
        responses=shapes.ConflictDoneOut,
    )
    made: type[VerbView] = type(f"Conflict{verb.title()}View", (VerbView,), {"verb": verb})
    return extend_schema_view(post=described)(made)


VERB_VIEWS = {verb: _view(verb) for verb in verbs.VERBS}
