"""Odds of any pool, and luck: actual against expected results."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chronicle import rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from contract.labels import translated
from contract.luck import SystemLuck
from contract.translation import N_, _
from haven import selectors as characters
from main import option_fields
from main.navigation import Place
from main.pages import PageRequest, page, show
from main.parts import address_without_blanks, part, principal_of
from main.views.dice import drawn
from rolls import services
from rolls.charts import course_svg, system_bars
from rolls.period import period
from rolls.services import RollInput
from rolls.services.luck import Of, luck
from rolls.systems import SYSTEMS, System
from rules.errors import GameError
from rules.options import declared

MAX_MEMBERS = 300
PERIODS = {"": N_("All time"), "7": N_("Last week"), "30": N_("Last month"), "365": N_("Last year")}


@page
@require_GET
def calculator(request: PageRequest) -> HttpResponse:
    """For everyone: no character, nothing is rolled."""
    slug = request.GET.get("system", "v5")
    system = SYSTEMS.get(slug, SYSTEMS["v5"])
    pool = request.GET.get("pool", "").strip()[:200]
    context: dict[str, object] = {
        "place": Place(_("Odds")),
        "systems": SYSTEMS.values(),
        "system": system,
        "pool": pool,
        "fields": _filled(system, request),
    }
    if pool:
        context |= _odds(request, system, pool)
    return show(request, "main/odds.html", context)


def _filled(system: System, request: PageRequest) -> list[option_fields.Field]:
    """With what was typed, right or wrong."""
    fields = option_fields.roll_fields(declared(system.asked).values(), sheet=False)
    return [replace(field, value=request.GET.get(field.name, "")) for field in fields]


def _odds(request: PageRequest, system: System, pool: str) -> dict[str, object]:
    try:
        options = option_fields.read_roll(system.asked, request.GET)
        number = int(pool) if pool.isdecimal() and len(pool) < 4 else pool
        return drawn(services.odds_of_nobody(RollInput(system=system.slug, pool=number, options=options)))
    except GameError as error:
        return {"problem": error.detail, "problems": error.data.get("fields", {})}


@part
@require_GET
def luck_page(request: PageRequest) -> HttpResponse:
    """One's own; of a character, or of everyone for storytellers; of one chronicle or all; of a period."""
    if clean := address_without_blanks(request):
        return redirect(clean)
    principal, query = principal_of(request), request.GET
    days = query.get("days", "")
    since, until = period(int(days) if days and days in PERIODS else None)
    chronicle = _chosen(query.get("chronicle", ""), characters.chronicles_of(principal))
    mine = characters.dashboard(principal)
    character = next((character for character in mine if str(character.id) == query.get("character")), None)
    chosen = characters.get(principal, character.id) if character else None
    whose = query.get("of", "") if chronicle else ""
    members = _members(chronicle) if chronicle else []
    other = next((member.user for member in members if str(member.user_id) == whose), None)
    player = None if chosen or whose == "everyone" else other or principal.user
    statistics = translated(luck(principal, Of(chosen, player, chronicle, since, until)))
    return show(
        request,
        "main/luck.html",
        {
            "place": Place(_("Luck")),
            "luck": statistics,
            "games": [_game(system) for system in statistics.systems if system.rolls],
            "meaning": _meaning(statistics.successes.deviation),
            "course": course_svg(_("The running difference"), statistics.course),
            "chronicles": [(row.id, row.full_name) for row in characters.chronicles_of(principal)],
            "characters": [(row.id, row.name) for row in mine],
            "periods": periods(),
            "query": query,
            "whose": _others(principal, chronicle, members),
        },
    )


def _game(system: SystemLuck) -> dict[str, object]:
    """Return what fell with the dice of one game, with its bars."""
    return {"luck": system, "bars": system_bars(system)}


def _meaning(deviation: float | None) -> str:
    """Say how unusual a difference is, in standard deviations."""
    if deviation is None:
        return ""
    size, lucky = abs(deviation), deviation > 0
    if size < 1:
        return _("That’s ordinary luck: two of three players are this close to the odds.")
    if size < 2:
        return (
            _("Lucky, but nothing unusual: about one in three players is this far from the odds.")
            if lucky
            else _("Unlucky, but nothing unusual: about one in three players is this far from the odds.")
        )
    return (
        _("Lucky: fewer than one in twenty players is this far from the odds.")
        if lucky
        else _("Unlucky: fewer than one in twenty players is this far from the odds.")
    )


def periods() -> list[tuple[str, str]]:
    return [(days, _(label)) for days, label in PERIODS.items()]


def _others(
    principal: Principal, chronicle: Chronicle | None, members: list[ServerMember]
) -> list[tuple[object, str]]:
    """Return whose luck in this chronicle its reader may choose besides their own."""
    everyone = bool(chronicle and rights.can(principal, "chronicle.characters", chronicle))
    others = [(member.user_id, member.display_name) for member in members if member.user_id != principal.id]
    return [("everyone", _("Everyone")), *others] if everyone else [*others]


def _members(chronicle: Chronicle) -> list[ServerMember]:
    members = ServerMember.objects.filter(server_id=chronicle.server_id).select_related("user")
    return list(members.order_by("user__global_name", "pk")[:MAX_MEMBERS])


def _chosen(text: str, among: list[Chronicle]) -> Chronicle | None:
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return next((choice for choice in among if choice.id == wanted), None)
