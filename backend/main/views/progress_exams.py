"""Exams on the web: the list, one exam, sitting it by the server's clock; certificates, which anybody can look at."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from chronicle import rights
from chronicle.principal import Principal
from contract.exams import MAX_QUESTIONS, Exam, Sitting
from contract.labels import translated
from contract.translation import _
from discordauth.models import CustomUser
from discordauth.signals import network_of
from haven.selectors import chronicles_of
from main.listening import live
from main.navigation import Link, Name, Place, in_progress
from main.pages import PageRequest, page, show
from main.parts import back, new_key, part, posts, principal_of, submit
from progress.exams import picture
from progress.models import Paper
from progress.operations import exams as operations
from progress.serializers import exams as shown
from progress.services import certificates, papers, sittings
from timeline import limits

SITTING = "/progress/sittings/{sitting}/"


def exam_place(current: str, *between: Link) -> Place:
    return in_progress("exams", current, Link(_("Exams"), reverse("exams")), *between)


def title(exam: Exam) -> str:
    return exam.title if exam.standard else Name(exam.title)


@part
@require_GET
def exams(request: PageRequest) -> HttpResponse:
    principal, user = principal_of(request), cast(CustomUser, request.user)
    found = [translated(exam) for exam in shown.exams(principal)]
    return show(
        request,
        "main/progress/exams.html",
        {
            "place": in_progress("exams", _("Exams")),
            "standard": [exam for exam in found if exam.standard],
            "own": [exam for exam in found if not exam.standard],
            "tables": [
                row for row in chronicles_of(principal) if rights.can(principal, "chronicle.tell", row)
            ],
            "certificates": map(translated, shown.certificates(certificates.of_user(user)).results),
            "live": live(request),
            "key": new_key(),
        },
    )


@part
@require_GET
def exam(request: PageRequest, exam_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    paper = papers.find(principal, exam_id)
    found = translated(shown.exam(principal, paper))
    mine = [row for row in certificates.of_user(cast(CustomUser, request.user)) if _is_of(row.paper, paper)]
    return show(
        request,
        "main/progress/exam.html",
        {
            "place": exam_place(title(found)),
            "exam": found,
            "results": shown.results(principal, paper),
            "certificate": mine[0] if mine else None,
            "live": live(request),
            "key": new_key(),
        },
    )


def _is_of(certified: Paper | None, paper: Paper) -> bool:
    return certified is not None and papers.first_of(certified) == papers.first_of(paper)


start = posts(operations.START, "/progress/sittings/{answer.id}/")


@part
@require_GET
def sitting(request: PageRequest, sitting_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    row = sittings.find(principal, sitting_id)
    found = translated(shown.sitting(row))
    called = found.title if row.paper.slug else Name(found.title)
    over = found.finished_at is not None
    above = Link(called, reverse("exam", args=[found.exam]))
    place = exam_place(_("Result"), above) if over else exam_place(called)
    template = "main/progress/result.html" if over else "main/progress/sitting.html"
    return show(request, template, {"place": place, "sitting": found, "live": live(request)})


@part
@require_POST
def answer(request: PageRequest, sitting_id: UUID) -> HttpResponse:
    """Save all that is ticked; the script gets the state beside the clock, a plain form its page."""
    given = {"sitting": str(sitting_id), "answers": _ticked(request)}
    if not given["answers"]:
        return _state(request, shown.sitting(sittings.find(principal_of(request), sitting_id)))
    found = submit(request, operations.ANSWER, given, text=False).sitting
    return _state(request, found) if request.htmx else redirect(SITTING.format(sitting=sitting_id))


@part
@require_POST
def hand_in(request: PageRequest, sitting_id: UUID) -> HttpResponse:
    given = {"sitting": str(sitting_id), "answers": _ticked(request)}
    submit(request, operations.HAND_IN, given, text=False)
    return back(request, SITTING.format(sitting=sitting_id))


def _ticked(request: HttpRequest) -> list[dict[str, object]]:
    """The chosen option of each question, from controls called `q1`, `q2`, …"""
    chosen = {number: request.POST.get(f"q{number}", "") for number in range(1, MAX_QUESTIONS + 1)}
    return [
        {"question": number, "choice": int(place) if place.isdecimal() and len(place) < 3 else place}
        for number, place in chosen.items()
        if place
    ]


@part
@require_GET
def clock(request: PageRequest, sitting_id: UUID) -> HttpResponse:
    """The time left and what is saved, by the server."""
    return _state(request, shown.sitting(sittings.find(principal_of(request), sitting_id)))


def _state(request: HttpRequest, found: Sitting) -> HttpResponse:
    return show(request, "main/progress/exam-state.html", {"sitting": found})


@page
@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody who has the code."""
    _spend(request)
    row = certificates.find(code)
    found = translated(shown.certificate(row))
    context = {
        "place": Place(_("Certificate")),
        "certificate": found,
        "name": picture.name_on(found),
        "described": picture.described(found),
        "mine": row.user_id is not None and row.user_id == Principal.for_user(request.user).id,
        "key": new_key(),
    }
    return show(request, "main/progress/certificate.html", context)


@page
@require_safe
def certificate_picture(request: HttpRequest, code: str) -> HttpResponse:
    _spend(request)
    found = shown.certificate(certificates.find(code))
    answer = HttpResponse(picture.png(found), content_type="image/png")
    answer["Cache-Control"] = "public, max-age=300"
    answer["Content-Disposition"] = f'inline; filename="certificate-{found.code}.png"'
    return answer


def _spend(request: HttpRequest) -> None:
    """Nobody tries codes by the thousand."""
    if network := network_of(request):
        limits.spend({"certificates by address": network})


rename_certificate = posts(operations.RENAME_CERTIFICATE, "/certificates/{code}/", keep_empty=True)
