"""HTTP for production: WSGI workers with persistent database connections (granian rod.wsgi:application)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
application = get_wsgi_application()

from rod.engines import wait_for_seconds_only  # noqa: E402  (it needs the settings)

wait_for_seconds_only()
