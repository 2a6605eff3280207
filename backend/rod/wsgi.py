"""HTTP for production: WSGI workers with persistent database connections (granian rod.wsgi:application)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
application = get_wsgi_application()
