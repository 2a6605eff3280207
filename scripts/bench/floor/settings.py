"""The platform's own settings (database, its options, encoders) without its middleware, addresses and rights."""

from rod.settings import *  # noqa: F403  (all of them are meant)
from rod.settings import INSTALLED_APPS as PLATFORM

INSTALLED_APPS = [*PLATFORM, "scripts.bench.floor"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # it sends Content-Length, which keep-alive needs
ROOT_URLCONF = "scripts.bench.floor.views"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rod.render.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rod.render.OrjsonParser"],
}
