"""Profiles of players: made when first needed."""

import secrets

from django.db import IntegrityError, transaction

from chronicle.models import Server
from discordauth.models import CustomUser
from progress.models import PlayerProfile

# Without letters and digits that look alike.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 10


def profile_of(user: CustomUser) -> PlayerProfile:
    """Return this person's profile; a new one is on boards, and its page is closed."""
    found = PlayerProfile.objects.filter(user=user).first()
    while found is None:
        public_id = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        try:
            with transaction.atomic():
                found = PlayerProfile.objects.create(user=user, public_id=public_id)
        except IntegrityError:
            # Another request made it, or, once in 10¹⁴, the id is taken.
            found = PlayerProfile.objects.filter(user=user).first()
    return found


def home_of(user: CustomUser) -> Server | None:
    """The server that this person calls home, as long as they are a member."""
    home = profile_of(user).home_server
    is_member = home is not None and home.members.filter(user=user).exists()
    return home if is_member else None
