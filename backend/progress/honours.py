"""Read badges and what waits for a storyteller, for one person."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import STORYTELLER, Principal
from chronicle.rights import rows_with_permission
from contract import badges as shapes
from contract.base import Named
from discordauth.models import CustomUser
from progress.badge_rules import GROUPS, Badge
from progress.badges import BADGES
from progress.eras import Eras
from progress.models import BadgeCount, HelpfulAct, Reward

MOST = 100
STATES = {"given": "confirmed", "waiting": "waiting", "refused": "refused"}
ORDER = list(GROUPS)


def badges_of(user: CustomUser) -> list[shapes.Badge]:
    """Those that somebody has, the newest first; then those that wait; then those that can still be won."""
    held = _rows(user, Reward.State.GIVEN, Reward.State.WAITING)
    chronicles = Chronicle.objects.filter(pk__in={row.scope for row in held if row.scope})
    names = {str(row.pk): Named(id=row.pk, name=row.name) for row in chronicles}
    found = [_shape(BADGES[row.badge], row.state, row=row, chronicle=names.get(row.scope)) for row in held]
    return [*found, *_open(user, {row.badge for row in held})]


def given_to(user: CustomUser) -> list[shapes.Badge]:
    """What others may be shown of somebody's badges: not in which chronicle."""
    return [_shape(BADGES[row.badge], row.state, row=row) for row in _rows(user, Reward.State.GIVEN)]


def _rows(user: CustomUser, *states: Reward.State) -> list[Reward]:
    rows = [row for row in Reward.objects.filter(user=user, state__in=states) if row.badge in BADGES]
    return sorted(rows, key=lambda row: (row.state == Reward.State.WAITING, -row.given_at.timestamp()))


def _open(user: CustomUser, held: set[str]) -> Iterator[shapes.Badge]:
    """Hidden ones are left out, and those per chronicle once one chronicle has given them."""
    counts: Counter[tuple[str, str]] = Counter()
    eras = Eras()
    for row in BadgeCount.objects.filter(user=user).exclude(badge__in=held):
        if row.era in eras.counting(row.scope):
            counts[row.badge, row.scope] += row.count
    most: dict[str, int] = {}
    for (slug, _), count in counts.items():
        most[slug] = max(most.get(slug, 0), count)
    for badge in sorted(BADGES.values(), key=lambda badge: ORDER.index(badge.group)):
        if badge.slug not in held and not badge.hidden:
            yield _shape(badge, "open", count=min(most.get(badge.slug, 0), badge.at))


def _shape(
    badge: Badge,
    state: str,
    *,
    row: Reward | None = None,
    chronicle: Named | None = None,
    count: int | None = None,
) -> shapes.Badge:
    return shapes.Badge(
        slug=badge.slug,
        group=badge.group,
        label=badge.label,
        why=badge.why,
        state=state,
        prestige=badge.prestige,
        chronicle=chronicle,
        at=badge.at,
        count=badge.at if count is None else count,
        given_at=row.given_at if row else None,
    )


def waiting_in(principal: Principal, chronicle: Chronicle) -> list[shapes.Honour]:
    """What waits for a storyteller of this chronicle, the oldest first. Raises NotAllowed."""
    rights.can(principal, "chronicle.honour", chronicle).require()
    rewards = Reward.objects.filter(state=Reward.State.WAITING, scope=str(chronicle.pk)).select_related(
        "user"
    )
    acts = HelpfulAct.objects.filter(chronicle=chronicle, state=HelpfulAct.State.WAITING)
    found = [honour_of_reward(row, chronicle) for row in rewards.order_by("pk")[:MOST] if row.badge in BADGES]
    rows = acts.select_related("helper", "reported_by", "chronicle").order_by("pk")[:MOST]
    return sorted([*found, *map(honour_of_act, rows)], key=lambda honour: honour.at)[:MOST]


def waiting_for(principal: Principal) -> list[tuple[Chronicle, int]]:
    """The chronicles of a storyteller in which something waits, with how much; three queries."""
    rows = Chronicle.objects.filter(rows_with_permission(principal, {STORYTELLER}, path=""))
    chronicles = list(rows.order_by("name", "pk"))
    acts = HelpfulAct.objects.filter(state=HelpfulAct.State.WAITING, chronicle__in=chronicles)
    counts = Counter(str(pk) for pk in acts.values_list("chronicle_id", flat=True))
    waiting = Reward.objects.filter(state=Reward.State.WAITING, scope__in=[str(row.pk) for row in chronicles])
    counts.update(waiting.values_list("scope", flat=True))
    return [(row, counts[str(row.pk)]) for row in chronicles if counts[str(row.pk)]]


def honour_of_reward(row: Reward, chronicle: Chronicle) -> shapes.Honour:
    badge = BADGES[row.badge]
    return shapes.Honour(
        id=row.pk,
        kind="badge",
        chronicle=Named(id=chronicle.pk, name=chronicle.name),
        user=row.user.as_person(),
        badge=badge.slug,
        label=badge.label,
        why=badge.why,
        state=STATES[row.state],
        at=row.given_at,
    )


def honour_of_act(row: HelpfulAct) -> shapes.Honour:
    return shapes.Honour(
        id=row.pk,
        kind="helpful",
        chronicle=Named(id=row.chronicle.pk, name=row.chronicle.name),
        user=row.helper.as_person(),
        text=row.text,
        reported_by=row.reported_by.as_person(),
        state=row.state,
        at=row.created_at,
    )


def act(row: HelpfulAct) -> shapes.HelpfulAct:
    return shapes.HelpfulAct(
        id=row.pk,
        chronicle=Named(id=row.chronicle.pk, name=row.chronicle.name),
        helper=row.helper.as_person(),
        reported_by=row.reported_by.as_person(),
        text=row.text,
        state=row.state,
    )


def page_of(chronicle: Chronicle) -> str:
    return f"{settings.SITE_URL}/chronicles/{chronicle.pk}/honours/"
