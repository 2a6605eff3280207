"""Everything that changes a pledge: calls of Patreon, linking and unlinking, and the end of one that nobody renews.

Locks: the pledge, the account, then tiers.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from contract.translation import _
from discordauth.models import CustomUser
from patreon.documents import DELETED, UPDATED, Membership
from patreon.models import MAX_NAME, UNKNOWN, Pledge, PledgeChange, SupporterTier
from rules.errors import Conflict
from rules.text import clean

log = logging.getLogger(__name__)

APPLIED, REPEATED, OUTDATED, OTHER_CAMPAIGN = "applied", "repeated", "outdated", "other_campaign"
LINKED, UNLINKED, LAPSED = "linked", "unlinked", "lapsed"
# After the charge that should have come: declined cards are tried again for a while.
GRACE = timedelta(days=14)


@transaction.atomic
def receive(patron_id: str, membership: Membership, event: str, rank: int, digest: str) -> str:
    """Apply a call of Patreon, unless it came before or a newer one did; return which of these it was.

    The documents say what came first: the newest date in them, then what happened (a deletion comes after an
    update, an update after a creation), and only then by when they arrive.
    """
    if settings.PATREON_CAMPAIGN_ID not in ("", membership.campaign_id):
        return OTHER_CAMPAIGN
    pledge = _locked(patron_id)
    if pledge.changes.filter(digest=digest).exists():
        return REPEATED
    # A document without a date says something of the pledge as it is known.
    moment = pledge.moment if membership.moment == UNKNOWN else membership.moment
    if (moment, rank) < (pledge.moment, pledge.rank):
        return OUTDATED
    if pledge.user is None and pledge.may_link and membership.discord_id:
        pledge.user = _free(membership.discord_id)
    _apply(pledge, membership, event, moment, rank, digest)
    return APPLIED


@transaction.atomic
def link(user: CustomUser, patron_id: str, membership: Membership) -> Pledge:
    """Link an account to the person that Patreon confirmed, with what they are entitled to now. Raises Conflict."""
    # Of two Patreon accounts that one person links at once, one is first.
    pledge = _locked(patron_id)
    CustomUser.objects.select_for_update().get(pk=user.pk)
    if pledge.user_id not in (None, user.pk):
        raise Conflict(
            _("This Patreon account belongs to somebody else’s account here. Unlink it there first."),
            code="patreon_taken",
        )
    if Pledge.objects.filter(user=user).exclude(pk=pledge.pk).exists():
        raise Conflict(
            _("Your account is linked to another Patreon account. Unlink that one first."),
            code="patreon_linked",
        )
    pledge.user, pledge.may_link = user, True
    # What was just asked for is newer than every call so far.
    _apply(pledge, membership, LINKED, max(membership.moment, pledge.moment), UPDATED)
    return pledge


@transaction.atomic
def unlink(user: CustomUser) -> bool:
    """Return whether there was a link."""
    pledge = Pledge.objects.select_for_update().filter(user=user).first()
    if pledge is None:
        return False
    before = list(pledge.tiers.all())
    pledge.user, pledge.may_link = None, False
    pledge.save()
    _note(pledge, UNLINKED, before, before)
    return True


def end_lapsed() -> int:
    """End the pledges whose next charge is long overdue: of those, Patreon tells us nothing any more."""
    overdue = {"next_charge_at__lt": timezone.now() - GRACE}
    return sum(_lapse(pk, overdue) for pk in Pledge.objects.filter(**overdue).values_list("pk", flat=True))


@transaction.atomic
def _lapse(pk: UUID, overdue: Mapping[str, datetime]) -> bool:
    pledge = Pledge.objects.select_for_update().filter(pk=pk, **overdue).first()
    if pledge is None:  # it was renewed in this moment
        return False
    before = list(pledge.tiers.all())
    pledge.next_charge_at = None
    pledge.save()
    pledge.tiers.clear()
    _note(pledge, LAPSED, before, [])
    return True


def _free(discord_id: str) -> CustomUser | None:
    """The account of this Discord id, locked, unless another pledge is theirs."""
    user = CustomUser.objects.select_for_update().filter(discord_id=discord_id).first()
    return None if user is None or Pledge.objects.filter(user=user).exists() else user


def _locked(patron_id: str) -> Pledge:
    Pledge.objects.get_or_create(patron_id=patron_id)
    return Pledge.objects.select_for_update().get(patron_id=patron_id)


def _apply(
    pledge: Pledge, membership: Membership, event: str, moment: datetime, rank: int, digest: str | None = None
) -> None:
    before = list(pledge.tiers.all())
    after = [] if rank == DELETED else [_tier(*tier) for tier in membership.tiers.items()]
    pledge.status, pledge.moment, pledge.rank = membership.status, moment, rank
    pledge.next_charge_at = membership.next_charge_at if after else None
    pledge.save()
    pledge.tiers.set(after)
    _note(pledge, event, before, after, moment=membership.moment, digest=digest)


def _tier(patreon_id: str, title: str) -> SupporterTier:
    """The tier that Patreon names: one of ours with that id or that name, else a new one of level 0."""
    if found := SupporterTier.objects.filter(patreon_id=patreon_id).first():
        return found
    name = clean(title, MAX_NAME) or patreon_id[:MAX_NAME]
    # Locked: another tier of the same name may be looking for it at this moment.
    unnamed = SupporterTier.objects.select_for_update().filter(patreon_id=None, name__iexact=name)
    tier = unnamed.first() or SupporterTier(name=name)
    tier.patreon_id = patreon_id
    try:
        with transaction.atomic():
            tier.save()
    except IntegrityError:  # another call named it in this moment
        return SupporterTier.objects.get(patreon_id=patreon_id)
    if not tier.level:
        log.warning(
            "Patreon names a tier that has no level yet: %s (%s). Set it in the admin.", name, patreon_id
        )
    return tier


def _note(
    pledge: Pledge,
    event: str,
    before: Iterable[SupporterTier],
    after: Iterable[SupporterTier],
    moment: datetime | None = None,
    digest: str | None = None,
) -> None:
    def names(tiers: Iterable[SupporterTier]) -> str:
        return ", ".join(sorted(tier.name for tier in tiers))[:300]

    def level(tiers: Iterable[SupporterTier]) -> int:
        return max((tier.level for tier in tiers), default=0)

    PledgeChange.objects.create(
        pledge=pledge,
        event=event,
        digest=digest,
        moment=moment,
        before=names(before),
        after=names(after),
        level_before=level(before),
        level_after=level(after),
    )
