"""Dice on the web: the tray of a character, checks, macros; what a roll would be before it is made."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights
from chronicle.principal import Principal
from haven import selectors as characters
from haven.models import Character
from haven.services import Reference
from main import option_fields
from main.pages import PageRequest, show
from main.parts import back, new_key, part, principal_of, sent_once
from rolls import checks, selectors, services
from rolls.charts import odds_bars
from rolls.models import Macro
from rolls.roll_input import Sheet
from rolls.serializers import macro
from rolls.services import Answer, RollInput, macros
from rolls.systems import system_of
from rules.odds.chart import svg
from rules.options import declared
from timeline.services import Cause

RECENT = 10


def own(request: HttpRequest, character_id: UUID) -> tuple[Principal, Character]:
    """A character that this person may roll for."""
    principal = principal_of(request)
    character = characters.get(principal, character_id)
    rights.can(principal, "roll.make", character).require()
    return principal, character


@part
@require_GET
def tray(request: PageRequest, character_id: UUID) -> HttpResponse:
    principal, character = own(request, character_id)
    context = tray_context(principal, character, _meant_macro(request, principal))
    template = "main/parts/tray.html" if request.htmx else "main/dice.html"
    return show(request, template, context)


def _meant_macro(request: PageRequest, principal: Principal) -> Macro | None:
    """The macro that the form is filled from, to be changed."""
    reference = request.GET.get("macro", "")
    return macros.find_macro(principal, reference, None) if reference else None


def tray_context(principal: Principal, character: Character, filled: Macro | None = None) -> dict[str, Any]:
    system = system_of(character)
    values = filled.options if filled else {}
    sheet = Sheet(character, rights.character_level(principal, character))
    recent = selectors.recent(principal, character=character, limit=RECENT)
    return {
        "character": characters.character_for(principal, character.id),
        "system": system,
        "fields": option_fields.roll_fields(declared(system.asked).values(), values),
        "editing": macro(filled) if filled else None,
        "shared": _shared(principal, character),
        "traits": [
            {"slug": slug, "label": trait.label, "value": trait.dots} for slug, trait in sheet.traits.items()
        ],
        "checks": option_fields.offered_checks(character),
        "macros": [
            macro(row) for row in macros.listed(principal, Reference(str(character.id)), "", False, limit=50)
        ],
        "answers": [{"roll": roll} for roll in recent],
        "key": new_key(),
        "live": {"splats": [], "user": str(principal.id)},
        "stream": ":".join(str(part) for part in character.stream),
    }


def _shared(principal: Principal, character: Character) -> list[dict[str, Any]]:
    """Macros that others of the table offer."""
    server = character.chronicle.server if character.chronicle else None
    return [macro(row) for row in macros.listed(principal, Reference("", server), "", True, limit=50)]


def ask_of(request: HttpRequest, character: Character, form: Any) -> RollInput:
    system = system_of(character)
    pool: str = form.get("pool", "").strip()[:200]
    return RollInput(
        system=system.slug,
        pool=int(pool) if pool.isdecimal() and len(pool) < 4 else pool,
        options=option_fields.read_roll(system.asked, form),
        reference=Reference(str(character.id)),
        visibility=form.get("visibility") or "",
        hide_difficulty=form.get("hide_difficulty") == "yes",
        note=form.get("note", "").strip(),
    )


@part
@require_GET
def odds(request: PageRequest, character_id: UUID) -> HttpResponse:
    """What stands above the button: what this roll would be."""
    principal, character = own(request, character_id)
    if not request.GET.get("pool", "").strip():
        return show(request, "main/parts/odds.html", {})
    chances = services.odds(principal, ask_of(request, character, request.GET))
    return show(request, "main/parts/odds.html", drawn(chances))


def drawn(result: dict[str, Any]) -> dict[str, Any]:
    """Odds with their chart; its labels are escaped where it is drawn."""
    chances = result["chances"]
    label = result["pool"]["told"]
    chart = svg(f"Odds: {label}", odds_bars(chances)) if chances else ""
    return {"odds": result, "chart": chart, "numbers": _numbers(chances) if chances else []}


def _numbers(chances: dict[str, Any]) -> list[tuple[int, float, float]]:
    """`(successes, exactly so many, at least so many)`; what lies beyond those that are told counts as more."""
    rows, at_least = [], chances["beyond"]
    for place, exactly in reversed(list(enumerate(chances["successes"], chances["least"]))):
        at_least += exactly
        rows.append((place, exactly, min(1.0, at_least)))
    return rows[::-1]


@part
@require_POST
def roll(request: PageRequest, character_id: UUID) -> HttpResponse:
    _, character = own(request, character_id)
    asked = ask_of(request, character, request.POST)
    made = sent_once(request, lambda principal, cause: str(services.roll(principal, asked, cause).roll.id))
    return answered(request, made, character_id)


@part
@require_POST
def check(request: PageRequest, character_id: UUID) -> HttpResponse:
    """A press; `roll` is whose follow-up it is."""
    _, character = own(request, character_id)
    slug, offered_by = request.POST.get("check", "")[:30], request.POST.get("roll") or None
    options = _options_of_offer(request, slug, offered_by)
    asked = RollInput(options=options, reference=Reference(str(character.id)), note="")
    made = sent_once(
        request,
        lambda principal, cause: str(services.check(principal, slug, asked, cause, offered_by).roll.id),
    )
    return answered(request, made, character_id)


def _options_of_offer(request: HttpRequest, slug: str, offered_by: str | None) -> dict[str, Any]:
    if offered_by is not None and slug in checks.FOLLOW_UPS:
        return dict(checks.FOLLOW_UPS[slug][1])
    return dict(checks.kind(slug).options.read_form(request.POST))


def answered(request: PageRequest, roll_id: str, character_id: UUID | None) -> HttpResponse:
    """The roll as it stands now, with what may still be done with it."""
    principal = principal_of(request)
    if not request.htmx:
        home = f"/characters/{character_id}/dice/" if character_id else f"/rolls/{roll_id}/"
        return back(request, home, f"#roll-{roll_id}")
    return show(request, "main/parts/roll.html", roll_context(principal, roll_id))


def roll_context(principal: Principal, roll_id: Any) -> dict[str, Any]:
    return {"answer": Answer(selectors.get(principal, roll_id)).answer(principal), "key": new_key()}


@part
@require_POST
def save_macro(request: PageRequest, character_id: UUID) -> HttpResponse:
    """Keeps what stands in the tray's form under a name."""
    _, character = own(request, character_id)
    asked = ask_of(request, character, request.POST)
    wanted = {
        "name": request.POST.get("macro", "").strip(),
        "pool": asked.pool,
        "system": asked.system,
        "options": dict(asked.options),
        "note": asked.note,
        "shared": request.POST.get("shared") == "yes",
    }
    changed = request.POST.get("macro_id", "")

    def save(principal: Principal, cause: Cause) -> str:
        if changed:
            return str(macros.edit(principal, changed, wanted, None).id)
        return str(macros.create(principal, Reference(str(character.id)), wanted).id)

    saved = sent_once(request, save)
    return _macros(request, character, UUID(saved) if changed else None)


@part
@require_POST
def copy_macro(request: PageRequest, character_id: UUID, macro_id: UUID) -> HttpResponse:
    """One that the table shares, for this character."""
    _, character = own(request, character_id)
    reference = Reference(str(character.id))
    sent_once(request, lambda principal, cause: str(macros.copy(principal, str(macro_id), reference).id))
    return _macros(request, character)


@part
@require_POST
def run_macro(request: PageRequest, macro_id: UUID) -> HttpResponse:
    asked = RollInput(reference=None)
    made = sent_once(
        request,
        lambda principal, cause: str(macros.run(principal, str(macro_id), asked, cause, None).roll.id),
    )
    character = selectors.get(principal_of(request), made).character_id
    return answered(request, made, character)


@part
@require_POST
def remove_macro(request: PageRequest, macro_id: UUID) -> HttpResponse:
    row = macros.find_macro(principal_of(request), str(macro_id), None)
    sent_once(
        request, lambda principal, cause: str(macros.remove(principal, str(macro_id), None).character_id)
    )
    was_open = request.POST.get("macro_id") == str(macro_id)
    return _macros(
        request, characters.get(principal_of(request), row.character_id), macro_id if was_open else None
    )


def _macros(request: PageRequest, character: Character, closes: UUID | None = None) -> HttpResponse:
    """The list anew; the whole tray where its form stood open to change the macro that `closes`."""
    if not request.htmx:
        return back(request, f"/characters/{character.id}/dice/")
    context = tray_context(principal_of(request), character)
    if closes is None:
        return show(request, "main/parts/macros.html", context)
    answer = show(request, "main/parts/tray.html", context | {"closed": str(closes)})
    answer["HX-Retarget"], answer["HX-Reswap"] = ".tray", "outerHTML"
    return answer
