"""Players as others see them: what they switched on and nothing else; and what they see of themselves."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from chronicle.models import Server
from contract import points as shapes
from contract.base import Named
from contract.translation import _
from discordauth.models import CustomUser
from progress.honours import given_to
from progress.models import Certificate, PlayerProfile, ProfileChange
from progress.services import streaks
from progress.services.profiles import home_of
from rules.errors import NotFound

CHANGES = 25


def settings_of(profile: PlayerProfile) -> shapes.PlayerProfile:
    servers = own_servers(profile.user)
    home = home_of(profile.user)
    return shapes.PlayerProfile.from_object(
        profile,
        home_server=Named(id=home.pk, name=home.name) if home else None,
        servers=[Named(id=server.pk, name=server.name) for server in servers],
        url=address(profile),
    )


def address(profile: PlayerProfile) -> str:
    return f"{settings.SITE_URL}/players/{profile.public_id}/"


def own_servers(user: CustomUser) -> list[Server]:
    return list(Server.objects.filter(members__user=user).order_by("name", "pk"))


def player(public_id: str) -> shapes.Player:
    """Raises NotFound: a page that is closed reads like one that never was."""
    rows = PlayerProfile.objects.filter(public_id=public_id, is_public=True, user__is_active=True)
    profile = rows.select_related("user").first()
    if profile is None:
        raise NotFound(_("There’s no such player, or their page is closed."))
    user, home = profile.user, home_of(profile.user)
    return shapes.Player(
        public_id=profile.public_id,
        name=user.display_name,
        avatar_url=user.picture_url,
        home=home.name if home else None,
        level=profile.level if profile.shows_level else None,
        points=user.total_points if profile.shows_level else None,
        streak=streaks.current(user, timezone.now()) if profile.shows_streak else None,
        longest_streak=user.longest_streak if profile.shows_streak else None,
        badges=given_to(user) if profile.shows_badges else None,
        certificates=certificates_of(user) if profile.shows_certificates else None,
    )


def certificates_of(user: CustomUser) -> list[shapes.ShownCertificate]:
    rows = Certificate.objects.filter(user=user).order_by("-issued_at", "-pk")
    return [
        shapes.ShownCertificate.from_object(row, url=f"{settings.SITE_URL}/certificates/{row.code}/")
        for row in rows
    ]


def changes_of(user: CustomUser, before: UUID | None) -> shapes.AccountChanges:
    """Who changed what of one's account, the newest first."""
    rows = ProfileChange.objects.filter(user=user).select_related("changed_by").order_by("-pk")
    page = list((rows if before is None else rows.filter(pk__lt=before))[: CHANGES + 1])
    shown = page[:CHANGES]
    return shapes.AccountChanges(
        results=[_change(row) for row in shown], next=shown[-1].pk if len(page) > CHANGES else None
    )


def _change(row: ProfileChange) -> shapes.AccountChange:
    who = row.changed_by.display_name if row.changed_by else ""
    return shapes.AccountChange.from_object(row, changed_by=who)
