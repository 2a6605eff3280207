"""HTTP for production: WSGI workers with persistent database connections (granian rod.wsgi:application)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
application = get_wsgi_application()

from rod.engines import wait_for_seconds_only  # noqa: E402  (they need the settings)
from rod.static import NOT_COLLECTED, are_collected  # noqa: E402

if not are_collected():
    # Said once here rather than by an error on every page.
    raise SystemExit(NOT_COLLECTED)
wait_for_seconds_only()
