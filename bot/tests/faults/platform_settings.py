"""The settings of a live site that is asked for no pages: collecting their files takes a quarter of a minute."""

from rod.settings import *  # noqa: F403  (settings of another process: all of them)
from rod.settings import STORAGES

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
