"""Practice: one drill at a time, a press for each answer."""

from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from contract.exams import SYSTEM_LABELS
from contract.practice import LEVEL_LABELS, Drill, DrillChanged
from contract.translation import _, p_
from discordauth.models import CustomUser
from main.listening import live
from main.navigation import in_progress
from main.pages import PageRequest, show
from main.parts import new_key, part, posts
from progress.operations import practice as operations
from progress.serializers.practice import drill_for
from progress.services import practice as drills


@part
@require_GET
def practice(request: PageRequest) -> HttpResponse:
    """The drill that is under way, else how the last one went and the start of another."""
    user = cast(CustomUser, request.user)
    row = drills.under_way(user) or drills.last(user)
    return show(
        request,
        "main/progress/practice.html",
        {
            "place": in_progress("practice", p_("drills", "Practice")),
            "live": live(request),
            **_shown(drill_for(row) if row else None),
        },
    )


def _answered(request: PageRequest, answer: DrillChanged) -> HttpResponse:
    """What changed of the page, or the page where there is no script."""
    if not request.htmx:
        return redirect("practice")
    return render(request, "main/progress/drill.html", _shown(answer.drill))


def _shown(drill: Drill | None) -> dict[str, object]:
    """What the part of the page that changes needs."""
    return {
        "drill": drill,
        "last": drill.answers[-1] if drill and drill.answers else None,
        "points_stop": bool(drill and drill.finished_at and drill.right and not drill.points),
        "systems": [(slug, _(label)) for slug, label in SYSTEM_LABELS.items()],
        "levels": [(number, _(label)) for number, label in LEVEL_LABELS.items()],
        "game": _(SYSTEM_LABELS[drill.system]) if drill else "",
        "level": _(LEVEL_LABELS[drill.level]) if drill else "",
        "key": new_key(),
    }


start = posts(operations.START, _answered)
answer = posts(operations.ANSWER, _answered)
finish = posts(operations.FINISH, _answered)
