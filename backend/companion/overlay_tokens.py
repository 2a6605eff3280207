"""The secret in an overlay's address: its id, signed together with its generation.

Nothing is stored, so the address can be shown again, and no leak of the database gives it away. A higher generation, or
another `SECRET_KEY`, makes it worthless.
"""

import base64
import binascii
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from companion.models import Overlay

SALT = "companion.overlay"
BYTES = 16
# 16 bytes of the id and 16 of the signature, without padding.
LENGTH = 43


def token(overlay: Overlay) -> str:
    return base64.urlsafe_b64encode(overlay.pk.bytes + _signature(overlay)).decode().rstrip("=")


def address(overlay: Overlay) -> str:
    return f"{settings.SITE_URL}/overlay/{token(overlay)}/"


def find(text: str) -> Overlay | None:
    """Return the overlay that this is the secret of; None for a wrong, malformed or renewed one."""
    pk = _id(text)
    rows = Overlay.objects.select_related("campaign__chronicle__server")
    overlay = rows.filter(pk=pk).first() if pk else None
    if overlay is None or not compare_digest(token(overlay), text):
        return None
    return overlay


def _id(text: str) -> UUID | None:
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{text}=")[:BYTES])
    except (ValueError, binascii.Error):
        return None


def _signature(overlay: Overlay) -> bytes:
    mac = salted_hmac(SALT, f"{overlay.pk.hex}.{overlay.generation}", algorithm="sha256")
    return mac.digest()[:BYTES]
