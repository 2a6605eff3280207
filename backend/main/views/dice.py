"""Dice on the web: the tray of a character, checks, macros; what a roll would be before it is made."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights
from chronicle.door import parse
from chronicle.principal import Principal
from contract.labels import translated
from contract.macros import Macro
from contract.rolls import Chances, MakeRoll, Odds, RollAnswer
from contract.translation import _
from haven import selectors as characters
from haven.models import Character
from haven.services import Reference
from main import option_fields
from main.navigation import of_character
from main.pages import PageRequest, show
from main.parts import back, call_of, new_key, part, posts, principal_of, submit
from rolls import checks, selectors
from rolls.charts import odds_bars
from rolls.models import Macro as MacroRow
from rolls.operations import rolls as operations
from rolls.serializers import macro
from rolls.services import macros
from rolls.sheet import Sheet
from rolls.systems import system_of
from rules.options import Value, declared

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
    context["pool"] = context["pool"] or request.GET.get("pool", "")[:200]
    template = "main/parts/tray.html" if request.htmx else "main/dice.html"
    return show(request, template, context)


def _meant_macro(request: PageRequest, principal: Principal) -> MacroRow | None:
    """The macro that the form is filled from, to be changed."""
    reference = request.GET.get("macro", "")
    return macros.find_macro(principal, reference, None) if reference else None


def tray_context(
    principal: Principal, character: Character, filled: MacroRow | None = None
) -> dict[str, object]:
    system = system_of(character)
    values = filled.options if filled else {}
    sheet = Sheet(character, rights.character_level(principal, character))
    recent = selectors.recent(principal, character=character, limit=RECENT)
    return {
        "place": of_character(principal, character, _("Dice")),
        "character": characters.character_for(principal, character.id),
        "system": system,
        "fields": option_fields.roll_fields(declared(system.asked).values(), values),
        "editing": macro(filled) if filled else None,
        "pool": filled.pool if filled else "",
        "shared": _shared(principal, character),
        "traits": [
            {"slug": slug, "label": trait.label, "value": trait.dots} for slug, trait in sheet.traits.items()
        ],
        "checks": option_fields.offered_checks(character),
        "macros": [macro(row) for row in macros.listed(principal, Reference(str(character.id)), "", False)],
        "answers": [{"roll": translated(roll)} for roll in recent],
        "key": new_key(),
        "stream": ":".join(str(part) for part in character.stream),
    }


def _shared(principal: Principal, character: Character) -> list[Macro]:
    """Macros that others of the table offer."""
    server = character.chronicle.server if character.chronicle else None
    return [macro(row) for row in macros.listed(principal, Reference("", server), "", True)]


def fields_of(form: QueryDict, character: Character) -> dict[str, object]:
    """What stands in the tray's form, as the operations take it."""
    system = system_of(character)
    return {
        "character": str(character.id),
        "system": system.slug,
        "pool": form.get("pool", "").strip()[:200],
        "options": option_fields.read_roll(system.asked, form),
        "visibility": form.get("visibility", ""),
        "hide_difficulty": form.get("hide_difficulty", ""),
        "note": form.get("note", "").strip(),
    }


@part
@require_GET
def odds(request: PageRequest, character_id: UUID) -> HttpResponse:
    """What stands above the button: what this roll would be."""
    _, character = own(request, character_id)
    if not request.GET.get("pool", "").strip():
        return show(request, "main/parts/odds.html", {})
    given = parse(MakeRoll, fields_of(request.GET, character), text=True)
    return show(request, "main/parts/odds.html", drawn(operations.ODDS.run(call_of(request), given)))


def drawn(odds: Odds) -> dict[str, object]:
    """Odds with the bars of their chart and its numbers."""
    odds = translated(odds)
    chances = odds.chances
    bars = odds_bars(chances) if chances else []
    return {"odds": odds, "bars": bars, "numbers": _numbers(chances) if chances else []}


def _numbers(chances: Chances) -> list[tuple[int, float, float]]:
    """`(successes, exactly so many, at least so many)`; what lies beyond those that are told counts as more."""
    rows, at_least = [], chances.beyond
    for place, exactly in reversed(list(enumerate(chances.successes, chances.least))):
        at_least += exactly
        rows.append((place, exactly, min(1.0, at_least)))
    return rows[::-1]


@part
@require_POST
def roll(request: PageRequest, character_id: UUID) -> HttpResponse:
    _, character = own(request, character_id)
    made = submit(request, operations.ROLL, fields_of(request.POST, character))
    return answered(request, made, character_id)


@part
@require_POST
def check(request: PageRequest, character_id: UUID) -> HttpResponse:
    """A press; `roll` is whose follow-up it is."""
    slug, offered_by = request.POST.get("check", "")[:30], request.POST.get("roll", "")
    fields = {"character": str(character_id), "check": slug, "roll": offered_by}
    options = _options_of_offer(request, slug, bool(offered_by))
    made = submit(request, operations.CHECK, fields | {"options": options})
    return answered(request, made, character_id)


def _options_of_offer(request: HttpRequest, slug: str, is_offered: bool) -> dict[str, Value]:
    if is_offered and slug in checks.FOLLOW_UPS:
        return dict(checks.FOLLOW_UPS[slug][1])
    options: dict[str, Value] = checks.kind(slug).options.read_form(request.POST)
    return options


def answered(request: PageRequest, answer: RollAnswer, character_id: UUID | None) -> HttpResponse:
    """The roll as it stands now, with what may still be done with it."""
    if not request.htmx:
        home = f"/characters/{character_id}/dice/" if character_id else f"/rolls/{answer.roll.id}/"
        return back(request, home, f"#roll-{answer.roll.id}")
    return show(request, "main/parts/rolled.html", {"answer": answer, "key": new_key()})


@part
@require_POST
def save_macro(request: PageRequest, character_id: UUID) -> HttpResponse:
    """Keep what stands in the tray's form under a name."""
    _, character = own(request, character_id)
    asked = fields_of(request.POST, character)
    wanted = {name: asked[name] for name in ("character", "pool", "system", "options", "note")}
    wanted |= {"name": request.POST.get("macro", "").strip(), "shared": request.POST.get("shared") == "yes"}
    changed = request.POST.get("macro_id", "")
    if changed:
        saved = submit(request, operations.CHANGE_MACRO, wanted | {"macro": changed}, text=False)
    else:
        saved = submit(request, operations.SAVE_MACRO, wanted, text=False)
    return _macros(request, character, saved.macro.id if changed else None)


@part
@require_POST
def copy_macro(request: PageRequest, character_id: UUID, macro_id: UUID) -> HttpResponse:
    """One that the table shares, for this character."""
    _, character = own(request, character_id)
    submit(request, operations.COPY_MACRO, {"macro": str(macro_id), "character": str(character_id)})
    return _macros(request, character)


run_macro = posts(
    operations.RUN_MACRO,
    lambda request, made: answered(request, made, made.roll.character.id if made.roll.character else None),
)


@part
@require_POST
def remove_macro(request: PageRequest, macro_id: UUID) -> HttpResponse:
    removed = submit(request, operations.DELETE_MACRO, {"macro": str(macro_id)}).macro
    character = characters.get(principal_of(request), removed.character.id)
    was_open = request.POST.get("macro_id") == str(macro_id)
    return _macros(request, character, macro_id if was_open else None)


def _macros(request: PageRequest, character: Character, closes: UUID | None = None) -> HttpResponse:
    """The list anew; the whole tray where its form stood open to change the macro that `closes`."""
    if not request.htmx:
        return back(request, f"/characters/{character.id}/dice/")
    context = tray_context(principal_of(request), character)
    if closes is None:
        return show(request, "main/parts/macros.html", context)
    answer = show(request, "main/parts/tray.html", context | {"closed": closes})
    answer["HX-Retarget"], answer["HX-Reswap"] = ".tray", "outerHTML"
    return answer
