"""A chronicle on the web with its storytellers, house rules and tenets."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from chat.selectors import scenes
from chronicle import house_rules, read_only, rights, serializers
from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle, ServerMember
from chronicle.operations import chronicles as operations
from chronicle.operations import servers
from companion.selectors import campaigns
from contract.chronicles import HouseRule
from contract.translation import N_, _
from main.navigation import chronicle_itself
from main.pages import PageRequest, show
from main.parts import back, new_key, part, posts, principal_of, submit_form
from main.views.servers import editions, same_as_server

CHRONICLE_ROLES = {
    "STORYTELLER": N_("Storyteller"),
    "CO_STORYTELLER": N_("Co-storyteller"),
    "OBSERVER": N_("Observer"),
}
MOST = 300
SCENES = 5
HOME = "/chronicles/{chronicle}/"


@part
@require_GET
def chronicle(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    row = chronicle_seen_by(principal, chronicle_id)
    can = {
        name: bool(rights.can(principal, f"chronicle.{action}", row))
        for name, action in (("manages", "manage"), ("leads", "lead"), ("sees_all", "characters"))
    }
    about = serializers.chronicle_for(row, principal)
    named = {person.id for person in about.people}
    here = ServerMember.objects.filter(server_id=row.server_id).select_related("user")
    members = here.order_by("user__global_name", "pk")[:MOST] if can["leads"] else []
    return show(
        request,
        "main/chronicle.html",
        {
            "place": chronicle_itself(principal, row),
            "chronicle": row,
            "about": about,
            "by_role": [person for person in about.storytellers if person.id not in named],
            "rules": about.rules,
            "rule_choices": [_rule_field(rule) for rule in about.rules],
            "tenets": "\n".join(about.tenets),
            "members": [(member.user_id, member.display_name) for member in members],
            "chronicle_roles": [(role, _(label)) for role, label in CHRONICLE_ROLES.items()],
            "editions": editions(),
            "server_edition": same_as_server(row.server),
            "closed": read_only.read_only_reason(row),
            "public_page": _public_page(row),
            "scenes": scenes.closed(principal, row).results[:SCENES],
            "key": new_key(),
            **can,
        },
    )


def _public_page(row: Chronicle) -> str:
    """Where everybody watches it; "" for one that is not public."""
    is_public = campaigns.rows().filter(chronicle=row).exists()
    return reverse("public-campaign", args=[row.slug]) if is_public else ""


def _rule_field(rule: HouseRule) -> dict[str, object]:
    """Return a house rule as a menu of the form."""
    return {
        "name": f"r-{rule.slug}",
        "label": _(rule.label),
        "value": rule.value,
        "changes": _(rule.changes),
        "choices": [(choice.value, _(choice.label)) for choice in rule.choices],
    }


@part
@require_POST
def edit(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    form = request.POST
    rules = {slug: form[f"r-{slug}"] for slug in house_rules.SWITCHES if form.get(f"r-{slug}")}
    lines = [line.strip() for line in form.get("tenets", "").splitlines()]
    said = {"chronicle": str(chronicle_id), "tenets": list(filter(None, lines)), "rules": rules}
    submit_form(request, operations.CHANGE_CHRONICLE, said, keep_empty=True)
    return back(request, HOME.format(chronicle=chronicle_id))


people = posts(operations.SET_CHRONICLE_ROLE, HOME, keep_empty=True)
archive = posts(operations.CHANGE_CHRONICLE, HOME)
begin = posts(operations.CREATE_CHRONICLE, "/chronicles/{answer.id}/", keep_empty=True)
keep = posts(servers.KEEP_SERVER, "/servers/{server}/")
