"""The public description of a server. A mirror's name and icon are Discord's."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from chronicle.models import Server
from contract.servers import ServerChanges
from rules.errors import Conflict, Invalid
from rules.text import clean_lines, has_ink, one_line

OF_DISCORD = ("name", "icon")
MAX_NAME, MAX_DESCRIPTION = 100, 2000
_is_address = URLValidator(schemes=["https"])


def describe(server: Server, wanted: ServerChanges) -> None:
    """Set what is given of it, on a locked row. Raises Invalid; Conflict (`not_ours`)."""
    for name in OF_DISCORD:
        if getattr(wanted, name) is not None and server.discord_id is not None and not server.kept_at:
            raise Conflict(f"The {name} is Discord's: change it there.", code="not_ours")
    if wanted.name is not None:
        server.name = name_of(wanted.name)
    if wanted.description is not None:
        server.description = clean_lines(wanted.description, MAX_DESCRIPTION)
    if wanted.icon is not None:
        server.icon = _address("icon", wanted.icon)
    if wanted.banner_url is not None:
        server.banner_url = _address("banner_url", wanted.banner_url)
    if wanted.is_private is not None:
        server.is_private = wanted.is_private


def name_of(text: str) -> str:
    name = one_line(text)
    if not has_ink(name) or len(name) > MAX_NAME:
        raise Invalid.field("name", f"A server's name has 1 to {MAX_NAME} characters.")
    return name


def _address(field: str, text: str) -> str:
    """Validate a link; an empty text removes it."""
    address = one_line(text)
    try:
        if address:
            _is_address(address)
    except ValidationError:
        raise Invalid.field(field, "An address that begins with https:// is expected.") from None
    return address
