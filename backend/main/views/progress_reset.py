"""The page on which admins reset everybody's progress, or undo the last reset."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from contract.resets import PreviewReset
from contract.translation import _
from main.navigation import in_progress
from main.pages import PageRequest, show
from main.parts import call_of, new_key, part, posts
from progress.models import RestorePoint
from progress.operations import resets
from progress.services import restore_points
from rules.errors import Conflict


@part
@require_GET
def overview(request: PageRequest) -> HttpResponse:
    """What a reset would take away, and the last one."""
    call = call_of(request)
    preview = resets.PREVIEW_RESET.run(call, PreviewReset())
    return show(
        request,
        "main/progress/reset.html",
        {
            "place": in_progress("reset", _("Reset progress")),
            "preview": preview,
            "last": RestorePoint.objects.select_related("made_by").order_by("-made_at").first(),
            "undo": _undoable(),
            "key": new_key(),
        },
    )


def _undoable() -> RestorePoint | None:
    try:
        return restore_points.to_undo()
    except Conflict:
        return None


confirm = posts(resets.CONFIRM_RESET, "/progress/reset/")
undo = posts(resets.UNDO_RESET, "/progress/reset/")
