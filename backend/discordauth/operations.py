"""What people can do with their own account, by name, with its input and answer."""

from typing import Protocol

from contract import endpoints
from contract import people as shapes
from contract.endpoints import Shape
from contract.translation import speak
from discordauth.models import CustomUser
from discordauth.profile import profile, set_preferences, update_profile
from timeline import notifications
from timeline.operations import PROCESS_ALONE, Addresses, Operation


class OwnCall(Protocol):
    """A call by somebody who has an account."""

    @property
    def user(self) -> CustomUser: ...


def _get_profile(call: OwnCall, given: shapes.GetProfile) -> shapes.Profile:
    """One's own profile."""
    return profile(call.user)


def _update_profile(call: OwnCall, given: shapes.UpdateProfile) -> shapes.Profile:
    """Change one's own profile."""
    return profile(update_profile(call.user, given))


def _set_preferences(call: OwnCall, given: shapes.SetPreferences) -> shapes.Preferences:
    """Set what is named; the answer holds all of them."""
    user = set_preferences(call.user, given)
    if user.language:  # the answer is the first thing to be read in it
        speak(user.language)
    return shapes.Preferences(**user.preferences, language=user.language, timezone=user.timezone)


def _claim(call: object, given: shapes.ClaimNotification) -> shapes.NotificationClaimed:
    """Claim a direct message before it is sent: it is offered to nobody else."""
    return shapes.NotificationClaimed(taken=notifications.claim(given.notification))


GET_PROFILE = Operation(
    "people.get_profile", Shape(shapes.GetProfile, shapes.Profile), _get_profile, reads=True
)
UPDATE_PROFILE = Operation(
    "people.update_profile", Shape(shapes.UpdateProfile, shapes.Profile), _update_profile
)
SET_PREFERENCES = Operation("people.set_preferences", endpoints.SET_PREFERENCES, _set_preferences)
CLAIM_NOTIFICATION = Operation(
    "people.claim_notification",
    endpoints.CLAIM_NOTIFICATION,
    _claim,
    doors=PROCESS_ALONE,
)
REST: Addresses = {"users/me/": {"GET": GET_PROFILE, "PATCH": UPDATE_PROFILE}}
