from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from gateway.constants import CONTROL_GROUP


def _close_sockets(sender: object, request: HttpRequest | None, **kwargs: object) -> None:
    """Close the sockets of a session that ends, named by its hash: in a moment its key is gone."""
    from delivery.publish import publish
    from gateway.credentials import hashed

    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        publish(CONTROL_GROUP, {"type": "logout", "session": hashed(key)})


class GatewayConfig(AppConfig):
    name = "gateway"

    def ready(self) -> None:
        user_logged_out.connect(_close_sockets, dispatch_uid="gateway.logout")
