"""Scenes of chat on pages: the log of one, those of a chronicle; and the cards of rolls on the chat page."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from chat.operations import scenes as operations
from chat.selectors import scenes as reading
from chronicle.call import chronicle_seen_by
from chronicle.door import parse
from contract import chat_scenes as shapes
from contract.chat_game import MAX_ROLLS
from contract.labels import translated
from contract.rolls import GetRoll, RollAnswer
from contract.translation import _
from main.navigation import Link, Name, in_chronicle
from main.pages import PageRequest, show
from main.parts import call_of, new_key, part, principal_of
from rolls.operations import rolls
from rules.errors import GameError


@part
@require_GET
def log(request: PageRequest, scene_id: UUID) -> HttpResponse:
    """Show the log of a scene, some lines at a time; `after` is the place to go on from."""
    call = call_of(request)
    asked = {
        "scene": str(scene_id),
        "after": request.GET.get("after", ""),
        "asides": request.GET.get("asides", ""),
    }
    found = operations.LOG.run(call, parse(shapes.GetLog, asked, text=True))
    chronicle = chronicle_seen_by(call.principal, found.scene.chronicle.id)
    above = Link(_("Scenes"), reverse("scenes", args=[chronicle.id]))
    context: dict[str, object] = {
        "place": in_chronicle(call.principal, chronicle, "", Name(found.scene.title), above),
        "scene": found.scene,
        "lines": found.lines,
        "next": found.lines[-1].seq if found.more else None,
        "asides": asked["asides"],
    }
    return show(request, "main/scene.html", context)


@part
@require_GET
def listed(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """Show the closed scenes of a chronicle, the newest first."""
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    asked = {"chronicle": str(chronicle_id), "before": request.GET.get("before", "")}
    given = parse(shapes.ListScenes, asked, text=True)
    found = reading.closed(principal, chronicle, given.before)
    context: dict[str, object] = {
        "place": in_chronicle(principal, chronicle, "", _("Scenes")),
        "chronicle": chronicle,
        "scenes": found.results,
        "before": found.results[-1].id if found.more else None,
    }
    return show(request, "main/scenes.html", context)


@part
@require_GET
def roll_cards(request: PageRequest) -> HttpResponse:
    """Show some rolls as this reader sees them, with what they may do; those out of sight are left out."""
    call = call_of(request)
    answers: list[RollAnswer] = []
    for text in request.GET.get("rolls", "").split(",")[:MAX_ROLLS]:
        try:
            answers.append(translated(rolls.GET.run(call, parse(GetRoll, {"roll": text}))))
        except GameError:
            continue
    return show(request, "main/parts/talk-rolls.html", {"answers": answers, "key": new_key()})
