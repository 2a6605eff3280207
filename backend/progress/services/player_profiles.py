"""What a player shows of themselves: their page, their place on boards, their home."""

from django.db import transaction
from django.utils import timezone

from chronicle.models import Server
from contract.points import SetPlayerProfile
from contract.translation import _
from discordauth.models import CustomUser
from progress.models import PlayerProfile, ProfileChange, Standing
from progress.services.earners import locked_user
from progress.services.profiles import profile_of
from rules.errors import Invalid


@transaction.atomic
def set_profile(user: CustomUser, given: SetPlayerProfile) -> PlayerProfile:
    """Set what is named. Who leaves the boards is on none of them at once, and comes back with all their points."""
    # An award of points locks this row too, so that no place on a board is made meanwhile with the old switch.
    profile = profile_of(locked_user(user.pk))
    wanted = given.model_dump(exclude_unset=True)
    if "home_server" in wanted:
        wanted["home_server"] = _home(user, given)
    before = {name: getattr(profile, name) for name in wanted}
    for name, value in wanted.items():
        setattr(profile, name, value)
    changes = {
        name: [_word(before[name]), _word(value)] for name, value in wanted.items() if value != before[name]
    }
    if changes:
        profile.save(update_fields=list(changes))
        ProfileChange.objects.create(user=user, changed_by=user, changes=changes, at=timezone.now())
    if "on_boards" in changes:
        Standing.objects.filter(user=user).update(hidden=not profile.on_boards)
    return profile


def _home(user: CustomUser, given: SetPlayerProfile) -> Server | None:
    """Raises Invalid for a server that this person is no member of."""
    if given.home_server is None:
        return None
    server = Server.objects.filter(pk=given.home_server, members__user=user).first()
    if server is None:
        raise Invalid.field("home_server", _("You aren’t a member of that server."))
    return server


def _word(value: object) -> object:
    return value.name if isinstance(value, Server) else value
