"""WebSockets for production, and HTTP too in development, where one process serves all."""

import logging
import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
django_application = get_asgi_application()

# These need Django's apps.
from bot.feed import Feed  # noqa: E402
from gateway.process import Process  # noqa: E402
from gateway.routing import lifespan, websocket_application  # noqa: E402
from rod import observing  # noqa: E402
from rod.engines import wait_for_seconds_only  # noqa: E402
from rod.start import make_sure  # noqa: E402
from rod.static import NOT_COLLECTED, are_collected  # noqa: E402

make_sure(pages=False)
if not are_collected():
    # Sockets go on: in production this process serves no pages.
    logging.getLogger(__name__).error(NOT_COLLECTED)
from rod.threads import InThreads  # noqa: E402

wait_for_seconds_only()
observing.start()
Process.make_feed = Feed
application = ProtocolTypeRouter(
    {"http": InThreads(django_application), "websocket": websocket_application, "lifespan": lifespan}
)
