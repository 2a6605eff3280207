"""What one person wants of the episodes of a chronicle: reminders, and the address of their calendar.

An address is signed with the secret key, so it can be shown again and nothing secret is stored; it holds a generation,
and renewing or revoking it raises that.
"""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from chronicle import features
from chronicle.models import Chronicle, EpisodeSettings
from chronicle.principal import Principal
from chronicle.rights import can
from contract import episodes as shapes
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import NotFound

# Within the address of a calendar: between its parts.
SEPARATOR = "."
_SIGNER = "chronicle.calendar"


def settings_of(user: CustomUser, chronicle: Chronicle) -> EpisodeSettings:
    """Their settings, unsaved where they have chosen nothing yet."""
    found = EpisodeSettings.objects.filter(user=user, chronicle=chronicle).first()
    return found or EpisodeSettings(user=user, chronicle=chronicle)


def change_settings(
    user: CustomUser, chronicle: Chronicle, wanted: shapes.SetEpisodeSettings
) -> EpisodeSettings:
    """Change what is named. `renew` and `revoke` end the address of before at once."""
    with transaction.atomic():
        EpisodeSettings.objects.get_or_create(user=user, chronicle=chronicle)
        row = EpisodeSettings.objects.select_for_update().get(user=user, chronicle=chronicle)
        if wanted.remind_day is not None:
            row.remind_day = wanted.remind_day
        if wanted.remind_hour is not None:
            row.remind_hour = wanted.remind_hour
        if wanted.calendar is not None:
            row.generation += wanted.calendar != "show"
            row.has_calendar = wanted.calendar != "revoke"
        row.save()
    return row


def settings_for(row: EpisodeSettings) -> shapes.EpisodeSettings:
    return shapes.EpisodeSettings(
        chronicle=row.chronicle_id,
        remind_day=row.remind_day,
        remind_hour=row.remind_hour,
        calendar=address_of(row),
    )


def address_of(row: EpisodeSettings) -> str | None:
    """The address of their calendar; None where they have none."""
    if not row.has_calendar:
        return None
    token = _signer().sign(f"{row.pk.hex}{SEPARATOR}{row.generation}")
    return f"{settings.SITE_URL}/calendar/{token}.ics"


def by_token(token: str) -> EpisodeSettings:
    """Whose calendar an address is, if they may still see its chronicle. Raises NotFound for all others alike."""
    row = _signed(token)
    if row is None or not row.user.is_active or not _sees(row):
        raise NotFound(_("There’s no such calendar. It may have been renewed or revoked."))
    return row


def _sees(row: EpisodeSettings) -> bool:
    chronicle = row.chronicle
    is_on = features.is_on(chronicle.server, "sessions")
    return is_on and bool(can(Principal.for_user(row.user), "chronicle.view", chronicle))


def _signed(token: str) -> EpisodeSettings | None:
    try:
        name, _dot, generation = _signer().unsign(token).partition(SEPARATOR)
        pk = UUID(name)
    except (BadSignature, ValueError):
        return None
    rows = EpisodeSettings.objects.select_related("user", "chronicle__server")
    return rows.filter(pk=pk, has_calendar=True, generation=generation).first()


def _signer() -> Signer:
    return Signer(sep=SEPARATOR, salt=_SIGNER)
