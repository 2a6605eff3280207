from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out

from gateway.constants import CONTROL_GROUP


def _logged_out(sender: Any, request: Any, **kwargs: Any) -> None:
    """Closes the sockets of a session that ends. Its key is gone in a moment, so it goes by its hash."""
    from delivery.publish import publish
    from gateway.credentials import hashed

    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        publish(CONTROL_GROUP, {"type": "logout", "session": hashed(key)})


class GatewayConfig(AppConfig):
    name = "gateway"

    def ready(self) -> None:
        user_logged_out.connect(_logged_out, dispatch_uid="gateway.logout")
