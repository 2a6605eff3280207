"""Profiles of players, by name, with their input and answer."""

from chronicle.call import Call
from contract import endpoints
from contract import points as shapes
from contract.endpoints import Shape
from progress.selectors import players
from progress.services import player_profiles
from progress.services.profiles import profile_of
from timeline.operations import Addresses, Operation


def _get(call: Call, given: shapes.GetPlayerProfile) -> shapes.PlayerProfile:
    """What others see of oneself."""
    return players.settings_of(profile_of(call.user))


def _set(call: Call, given: shapes.SetPlayerProfile) -> shapes.PlayerProfile:
    """Choose what others see: one's page and what stands on it, one's place on boards, one's home."""
    return players.settings_of(player_profiles.set_profile(call.user, given))


def _player(call: Call, given: shapes.GetPlayer) -> shapes.Player:
    """A player's page, with what they switched on."""
    return players.player(given.public_id)


def _changes(call: Call, given: shapes.ListAccountChanges) -> shapes.AccountChanges:
    """Who changed what of one's own account, the newest first."""
    return players.changes_of(call.user, given.before)


GET_PROFILE = Operation(
    "progress.get_profile", Shape(shapes.GetPlayerProfile, shapes.PlayerProfile), _get, reads=True
)
SET_PROFILE = Operation("progress.set_profile", endpoints.SET_PLAYER_PROFILE, _set)
GET_PLAYER = Operation("progress.get_player", Shape(shapes.GetPlayer, shapes.Player), _player, reads=True)
LIST_CHANGES = Operation(
    "progress.list_account_changes",
    Shape(shapes.ListAccountChanges, shapes.AccountChanges),
    _changes,
    reads=True,
)
REST: Addresses = {
    "users/me/player/": {"GET": GET_PROFILE, "PATCH": SET_PROFILE},
    "users/me/changes/": {"GET": LIST_CHANGES},
    "players/<str:public_id>/": {"GET": GET_PLAYER},
}
