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
from main import check_fields, dice_fields
from main.pages import PageRequest, show
from main.parts import back, new_key, part, principal_of, sent_once
from rolls import checks, selectors, services
from rolls.asking import Sheet
from rolls.charts import odds_bars
from rolls.models import Macro
from rolls.serializers import macro
from rolls.services import Answer, Ask, macros
from rolls.systems import system_of
from rules.odds.chart import svg
from timeline.services import Cause

RECENT = 10


def own(request: HttpRequest, character_id: UUID) -> tuple[Principal, Character]:
    """A character that this person may roll for."""
    who = principal_of(request)
    character = characters.get(who, character_id)
    rights.can(who, "roll.make", character).require()
    return who, character


@part
@require_GET
def tray(request: PageRequest, character_id: UUID) -> HttpResponse:
    who, character = own(request, character_id)
    context = tray_context(who, character, _meant_macro(request, who))
    template = "main/parts/tray.html" if request.htmx else "main/dice.html"
    return show(request, template, context)


def _meant_macro(request: PageRequest, who: Principal) -> Macro | None:
    """The macro that the form is filled from, to be changed."""
    meant = request.GET.get("macro", "")
    return macros.find_macro(who, meant, None) if meant else None


def tray_context(who: Principal, character: Character, filled: Macro | None = None) -> dict[str, Any]:
    system = system_of(character)
    values = filled.options if filled else {}
    sheet = Sheet(character, rights.character_level(who, character))
    recent = selectors.recent(who, character=character, limit=RECENT)
    return {
        "character": characters.character_for(who, character.id),
        "system": system,
        "fields": dice_fields.filled(system.slug, values),
        "editing": macro(filled) if filled else None,
        "shared": _shared(who, character),
        "traits": [
            {"slug": slug, "label": trait.label, "value": trait.dots} for slug, trait in sheet.traits.items()
        ],
        "checks": check_fields.offered(character),
        "macros": [
            macro(row) for row in macros.listed(who, Reference(str(character.id)), "", False, limit=50)
        ],
        "answers": [{"roll": roll} for roll in recent],
        "key": new_key(),
        "live": {"splats": [], "user": str(who.id)},
        "stream": ":".join(str(part) for part in character.stream),
    }


def _shared(who: Principal, character: Character) -> list[dict[str, Any]]:
    """Macros that others of the table offer."""
    server = character.chronicle.server if character.chronicle else None
    return [macro(row) for row in macros.listed(who, Reference("", server), "", True, limit=50)]


def ask_of(request: HttpRequest, character: Character, form: Any) -> Ask:
    system = system_of(character).slug
    pool: str = form.get("pool", "").strip()[:200]
    return Ask(
        system=system,
        pool=int(pool) if pool.isdecimal() and len(pool) < 4 else pool,
        options=dice_fields.read(system, form),
        reference=Reference(str(character.id)),
        visibility=form.get("visibility") or "public",
        hide_difficulty=form.get("hide_difficulty") == "yes",
        note=form.get("note", "").strip(),
    )


@part
@require_GET
def odds(request: PageRequest, character_id: UUID) -> HttpResponse:
    """What stands above the button: what this roll would be."""
    who, character = own(request, character_id)
    if not request.GET.get("pool", "").strip():
        return show(request, "main/parts/odds.html", {})
    found = services.odds(who, ask_of(request, character, request.GET))
    return show(request, "main/parts/odds.html", drawn(found))


def drawn(found: dict[str, Any]) -> dict[str, Any]:
    """Odds with their chart; its labels are escaped where it is drawn."""
    chances = found["chances"]
    told = found["pool"]["told"]
    chart = svg(f"Odds: {told}", odds_bars(chances)) if chances else ""
    return {"odds": found, "chart": chart, "numbers": _numbers(chances) if chances else []}


def _numbers(chances: dict[str, Any]) -> list[tuple[int, float, float]]:
    """`(successes, exactly so many, at least so many)`; what lies beyond those that are told counts as more."""
    found, more = [], chances["beyond"]
    for place, exactly in reversed(list(enumerate(chances["successes"], chances["least"]))):
        more += exactly
        found.append((place, exactly, min(1.0, more)))
    return found[::-1]


@part
@require_POST
def roll(request: PageRequest, character_id: UUID) -> HttpResponse:
    _, character = own(request, character_id)
    asked = ask_of(request, character, request.POST)
    made = sent_once(request, lambda who, cause: str(services.make(who, asked, cause).roll.id))
    return answered(request, made, character_id)


@part
@require_POST
def check(request: PageRequest, character_id: UUID) -> HttpResponse:
    """A press; `roll` is whose follow-up it is."""
    _, character = own(request, character_id)
    slug, offered_by = request.POST.get("check", "")[:30], request.POST.get("roll") or None
    options = _options_of_offer(request, slug, offered_by, character.edition)
    asked = Ask(options=options, reference=Reference(str(character.id)), note="")
    made = sent_once(
        request, lambda who, cause: str(services.check(who, slug, asked, cause, offered_by).roll.id)
    )
    return answered(request, made, character_id)


def _options_of_offer(
    request: HttpRequest, slug: str, offered_by: str | None, edition: str
) -> dict[str, Any]:
    if offered_by is not None and slug in checks.FOLLOW_UPS:
        return dict(checks.FOLLOW_UPS[slug][1])
    return check_fields.read(slug, edition, request.POST)


def answered(request: PageRequest, roll_id: str, character_id: UUID | None) -> HttpResponse:
    """The roll as it stands now, with what may still be done with it."""
    who = principal_of(request)
    if not request.htmx:
        home = f"/characters/{character_id}/dice/" if character_id else f"/rolls/{roll_id}/"
        return back(request, home, f"#roll-{roll_id}")
    return show(request, "main/parts/roll.html", roll_context(who, roll_id))


def roll_context(who: Principal, roll_id: Any) -> dict[str, Any]:
    return {"answer": Answer(selectors.get(who, roll_id)).answer(who), "key": new_key()}


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

    def save(who: Principal, cause: Cause) -> str:
        if changed:
            return str(macros.edit(who, changed, wanted, None).id)
        return str(macros.create(who, Reference(str(character.id)), wanted).id)

    saved = sent_once(request, save)
    return _macros(request, character, UUID(saved) if changed else None)


@part
@require_POST
def copy_macro(request: PageRequest, character_id: UUID, macro_id: UUID) -> HttpResponse:
    """One that the table shares, for this character."""
    _, character = own(request, character_id)
    meant = Reference(str(character.id))
    sent_once(request, lambda who, cause: str(macros.copy(who, str(macro_id), meant).id))
    return _macros(request, character)


@part
@require_POST
def run_macro(request: PageRequest, macro_id: UUID) -> HttpResponse:
    asked = Ask(reference=None)
    made = sent_once(
        request, lambda who, cause: str(macros.run(who, str(macro_id), asked, cause, None).roll.id)
    )
    character = selectors.get(principal_of(request), made).character_id
    return answered(request, made, character)


@part
@require_POST
def remove_macro(request: PageRequest, macro_id: UUID) -> HttpResponse:
    row = macros.find_macro(principal_of(request), str(macro_id), None)
    sent_once(request, lambda who, cause: str(macros.remove(who, str(macro_id), None).character_id))
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
