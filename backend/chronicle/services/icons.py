"""The icon of a server, as a picture that was uploaded."""

from chronicle.icons import ICON
from chronicle.models import Server
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import changing
from contract.translation import _
from rules.errors import Conflict
from timeline.services import Cause
from uploads.storing import claim, release


def may_set_icon(server: Server, principal: Principal) -> None:
    """Check the right before a picture is stored. Raises NotFound, NotAllowed; Conflict where it is Discord's."""
    can(principal, "server.manage", server).require()
    if server.discord_id is not None and not server.kept_at:
        raise Conflict(_("Change the icon in Discord: it comes from there."), code="not_ours")


def set_icon(server: Server, path: str, *, principal: Principal, cause: Cause) -> Server:
    """Set a picture that `chronicle.icons` stored; no path removes it. The one before is removed with the commit."""
    with changing(server, cause) as locked:
        may_set_icon(locked, principal)
        if path:
            claim(path, ICON)
        release([locked.icon])
        locked.icon = path
    return locked
