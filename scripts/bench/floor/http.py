"""The floor's HTTP, as WSGI and as ASGI."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.bench.floor.settings"

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
asynchronous = get_asgi_application()
