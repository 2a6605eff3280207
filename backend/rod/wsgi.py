"""HTTP for production: WSGI workers with persistent database connections (gunicorn rod.wsgi:application)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
application = get_wsgi_application()

from rod import observing  # noqa: E402  (they need the settings)
from rod.engines import wait_for_seconds_only  # noqa: E402
from rod.start import make_sure  # noqa: E402

make_sure(pages=True)
wait_for_seconds_only()
observing.start()
