"""The storyteller's desk in Discord: of the chronicle that the command was given in."""

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import Acting, act, chronicle_of
from bot.facts import text
from bot.serializers import desk as bodies
from bot.views.base import BotView
from bot.views.character_views.common import body, reference, text_mode
from bot.views.roll_views.common import answer_json
from chronicle.models import Chronicle
from desk import selectors, shapes
from desk.models import Submission
from desk.selectors import Filters
from desk.serializers import note_json, submission_json
from desk.services import awards, notes, submissions
from haven.serializers.operations import base_version
from haven.services import Reference
from haven.services.reference import find
from rules.errors import Invalid

Body = Mapping[str, Any]


def _named(acting: Acting, name: Any) -> str:
    """The id of a character of the server, by id or name. Raises as every other naming does."""
    return str(find(acting.principal, _reference(acting, name, "characters")).id)


def _reference(acting: Acting, name: Any, path: str) -> Reference:
    return Reference(text=text(name, path, 100), server=acting.server, channel_id=acting.channel_id)


class DeskView(BotView):
    @extend_schema(request=bodies.DeskIn, responses=shapes.DeskOut)
    def post(self, request: Request) -> Response:
        """All characters of the chronicle with their trackers, and what waits for a storyteller."""
        acting, document = act(request), body(request)
        filters = Filters(
            *(text(document.get(name) or "", name, 50) for name in ("search", "splat", "state"))
        )
        found = selectors.desk(acting.principal, chronicle_of(acting), filters)
        return Response(found | text_mode(acting))


class AwardsView(BotView):
    @extend_schema(request=bodies.AwardIn, responses={201: shapes.AwardOut})
    def post(self, request: Request) -> Response:
        """Experience for many: all get it, or nobody and `errors` says why for each."""
        acting, document = act(request), body(request)
        chronicle, who = chronicle_of(acting), acting.principal

        def work() -> dict[str, Any]:
            given = awards.award(
                who,
                chronicle,
                _awarded(acting, chronicle, document.get("characters")),
                document.get("amount"),
                document.get("reason"),
                acting.cause,
            )
            return {"changes": [one.answer(who) for one in given]}

        return answer_json(request, acting, work, 201)


def _awarded(acting: Acting, chronicle: Chronicle, named: Any) -> list[str]:
    if named is None:
        return selectors.active_ids(acting.principal, chronicle)
    if not isinstance(named, list) or len(named) > awards.MAX_CHARACTERS:
        raise Invalid.field("characters", f"Name 1 to {awards.MAX_CHARACTERS} characters.")
    return [_named(acting, one) for one in named]


class NotesView(BotView):
    @extend_schema(request=bodies.NotesIn, responses=shapes.NotesOut)
    def post(self, request: Request) -> Response:
        """The notes of the chronicle, or of one character; the newest first."""
        acting = act(request)
        about = _about(acting, body(request))
        found = notes.notes(acting.principal, chronicle_of(acting), about)
        return Response({"results": [note_json(one) for one in found[:25]]} | text_mode(acting))


def _about(acting: Acting, document: Body) -> Any:
    name = document.get("character")
    if name is None:
        return None
    return find(acting.principal, _reference(acting, name, "character")).id


class AddNoteView(BotView):
    @extend_schema(request=bodies.NoteIn, responses={201: shapes.NoteOut})
    def post(self, request: Request) -> Response:
        acting, document = act(request), body(request)
        chronicle, who = chronicle_of(acting), acting.principal
        title, words = document.get("title"), document.get("text")

        def work() -> dict[str, Any]:
            made = notes.add(who, chronicle, title, words, acting.cause, _about(acting, document))
            return {"note": note_json(made)}

        return answer_json(request, acting, work, 201)


class RemoveNoteView(BotView):
    @extend_schema(request=bodies.NamedNoteIn, responses=shapes.NoteOut)
    def post(self, request: Request) -> Response:
        acting, note = act(request), body(request).get("note")
        return answer_json(
            request,
            acting,
            lambda: {"note": note_json(notes.remove(acting.principal, note, acting.cause))},
        )


def _answer(request: Request, acting: Acting, work: Callable[[], Submission], status: int = 200) -> Response:
    return answer_json(
        request, acting, lambda: {"submission": submission_json(work(), acting.principal)}, status
    )


class SubmissionsView(BotView):
    @extend_schema(request=bodies.SubmissionIn, responses={201: shapes.SubmissionOut})
    def post(self, request: Request) -> Response:
        """Changes for a storyteller to approve; without any, the new character itself."""
        acting, document = act(request), body(request)
        wanted, seen = document.get("changes") or [], base_version(document.get("base_version"))
        if not isinstance(wanted, list):
            raise Invalid.field("changes", "A list of changes is expected.")
        meant, said = reference(acting, document), document.get("text")
        return _answer(
            request,
            acting,
            lambda: submissions.submit(acting.principal, meant, wanted, said, acting.cause, seen),
            201,
        )


class WaitingView(BotView):
    @extend_schema(request=bodies.DeskIn, responses=shapes.SubmissionsOut)
    def post(self, request: Request) -> Response:
        """What waits for a storyteller, the oldest first."""
        acting = act(request)
        found = selectors.waiting(acting.principal, chronicle_of(acting))[:25]
        return Response(
            {"results": [submission_json(one, acting.principal) for one in found]} | text_mode(acting)
        )


class LookSubmissionView(BotView):
    @extend_schema(request=bodies.NamedSubmissionIn, responses=shapes.SubmissionOut)
    def post(self, request: Request) -> Response:
        acting = act(request)
        found = submissions.get(acting.principal, body(request).get("submission"))
        return Response({"submission": submission_json(found, acting.principal)} | text_mode(acting))


class CommentView(BotView):
    @extend_schema(request=bodies.CommentIn, responses={201: shapes.SubmissionOut})
    def post(self, request: Request) -> Response:
        acting, document = act(request), body(request)
        row, said = document.get("submission"), document.get("text")
        return _answer(
            request, acting, lambda: submissions.comment(acting.principal, row, said, acting.cause), 201
        )


class ApproveView(BotView):
    @extend_schema(request=bodies.NamedSubmissionIn, responses=shapes.SubmissionOut)
    def post(self, request: Request) -> Response:
        """Applies the changes; what no longer fits is refused, and nothing happens."""
        acting, row = act(request), body(request).get("submission")
        return _answer(request, acting, lambda: submissions.approve(acting.principal, row, acting.cause))


class ReturnView(BotView):
    @extend_schema(request=bodies.ReturnIn, responses=shapes.SubmissionOut)
    def post(self, request: Request) -> Response:
        acting, document = act(request), body(request)
        row, reason = document.get("submission"), document.get("reason")
        return _answer(
            request, acting, lambda: submissions.send_back(acting.principal, row, reason, acting.cause)
        )


class WithdrawView(BotView):
    @extend_schema(request=bodies.NamedSubmissionIn, responses=shapes.SubmissionOut)
    def post(self, request: Request) -> Response:
        acting, row = act(request), body(request).get("submission")
        return _answer(request, acting, lambda: submissions.withdraw(acting.principal, row, acting.cause))
