"""Why a page of a chronicle shows everything and changes nothing."""

from chronicle import features, read_only
from chronicle.models import Chronicle
from rules.errors import NotAllowed


def read_only_notice(chronicle: Chronicle, feature: str) -> str:
    """Return why what belongs to this feature can't be changed in the chronicle, or an empty string."""
    try:
        features.require(chronicle.server, feature)
    except NotAllowed as error:
        return error.detail
    closed = read_only.read_only_reason(chronicle)
    return closed[1] if closed else ""
