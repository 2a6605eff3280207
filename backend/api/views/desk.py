"""The storyteller's desk for pages and clients."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import desk as bodies
from api.views.base import answer_json, body_of, chronicle, number, principal_of, uuid
from chronicle.principal import Principal
from desk import selectors, shapes
from desk.models import Submission
from desk.selectors import Filters
from desk.serializers import note_json, submission_json
from desk.services import awards, notes, submissions
from haven.serializers.operations import base_version
from haven.services import Reference
from rules.errors import Invalid
from timeline.services import Cause


class DeskView(APIView):
    @extend_schema(parameters=bodies.DESK_QUERY, responses=shapes.DeskOut)
    def get(self, request: Request, chronicle_id: UUID) -> Response:
        """All characters of the chronicle with their trackers, and what waits for a storyteller; 200 a page."""
        who, query = principal_of(request), request.query_params
        filters = Filters(*(query.get(name, "")[:50] for name in ("search", "splat", "state")))
        page = number(query.get("page"), "page") or 1
        return Response(selectors.desk(who, chronicle(who, chronicle_id), filters, page))


class AwardsView(APIView):
    @extend_schema(request=bodies.AwardIn, responses={201: shapes.AwardOut})
    def post(self, request: Request, chronicle_id: UUID) -> Response:
        """Experience for many: all get it, or nobody and `errors` says why for each."""
        document = body_of(request)

        def work(who: Principal, cause: Cause) -> dict[str, Any]:
            given = awards.award(
                who,
                chronicle(who, chronicle_id),
                document.get("characters"),
                document.get("amount"),
                document.get("reason"),
                cause,
            )
            return {"changes": [one.answer(who) for one in given]}

        return answer_json(request, work, 201)


class NotesView(APIView):
    @extend_schema(operation_id="notes_list", parameters=bodies.NOTES_QUERY, responses=shapes.NotesOut)
    def get(self, request: Request, chronicle_id: UUID) -> Response:
        """Storytellers' notes, the newest first."""
        who, about = principal_of(request), request.query_params.get("character")
        character = uuid(about, "character") if about else None
        found = notes.notes(who, chronicle(who, chronicle_id), character)
        return Response({"results": [note_json(one) for one in found]})

    @extend_schema(request=bodies.NoteIn, responses={201: shapes.NoteOut})
    def post(self, request: Request, chronicle_id: UUID) -> Response:
        document = body_of(request)
        title, text, about = (document.get(name) for name in ("title", "text", "character"))
        return answer_json(
            request,
            lambda who, cause: {
                "note": note_json(notes.add(who, chronicle(who, chronicle_id), title, text, cause, about))
            },
            201,
        )


class NoteView(APIView):
    @extend_schema(request=shapes.NoteChangeFields, responses=shapes.NoteOut)
    def patch(self, request: Request, note_id: UUID) -> Response:
        document = dict(body_of(request))
        return answer_json(
            request, lambda who, cause: {"note": note_json(notes.change(who, note_id, document, cause))}
        )

    @extend_schema(request=None, responses={200: shapes.NoteOut})
    def delete(self, request: Request, note_id: UUID) -> Response:
        return answer_json(request, lambda who, cause: {"note": note_json(notes.remove(who, note_id, cause))})


def _answer(request: Request, work: Callable[[Principal, Cause], Submission], status: int = 200) -> Response:
    return answer_json(
        request, lambda who, cause: {"submission": submission_json(work(who, cause), who)}, status
    )


class SubmissionsView(APIView):
    @extend_schema(request=bodies.SubmissionIn, responses={201: shapes.SubmissionOut})
    def post(self, request: Request) -> Response:
        """Changes for a storyteller to approve; without any, the new character itself."""
        document = body_of(request)
        wanted, seen = _operations(document), base_version(document.get("base_version"))
        meant, text = Reference(str(document.get("character"))), document.get("text")
        return _answer(
            request, lambda who, cause: submissions.submit(who, meant, wanted, text, cause, seen), 201
        )


def _operations(document: Any) -> list[Any]:
    wanted = document.get("changes") or []
    if not isinstance(wanted, list):
        raise Invalid.field("changes", "A list of changes is expected.")
    return wanted


class SubmissionView(APIView):
    @extend_schema(responses=shapes.SubmissionOut)
    def get(self, request: Request, submission_id: UUID) -> Response:
        """For its player and the storytellers; `diff` is against the sheet as it is now."""
        who = principal_of(request)
        return Response({"submission": submission_json(submissions.get(who, submission_id), who)})


class CommentsView(APIView):
    @extend_schema(request=shapes.TextFields, responses={201: shapes.SubmissionOut})
    def post(self, request: Request, submission_id: UUID) -> Response:
        text = body_of(request).get("text")
        return _answer(request, lambda who, cause: submissions.comment(who, submission_id, text, cause), 201)


class ApproveView(APIView):
    @extend_schema(request=None, responses=shapes.SubmissionOut)
    def post(self, request: Request, submission_id: UUID) -> Response:
        """Applies the changes; what no longer fits is refused, and nothing happens."""
        return _answer(request, lambda who, cause: submissions.approve(who, submission_id, cause))


class ReturnView(APIView):
    @extend_schema(request=shapes.ReasonFields, responses=shapes.SubmissionOut)
    def post(self, request: Request, submission_id: UUID) -> Response:
        reason = body_of(request).get("reason")
        return _answer(request, lambda who, cause: submissions.send_back(who, submission_id, reason, cause))


class WithdrawView(APIView):
    @extend_schema(request=None, responses=shapes.SubmissionOut)
    def post(self, request: Request, submission_id: UUID) -> Response:
        return _answer(request, lambda who, cause: submissions.withdraw(who, submission_id, cause))
