"""The settings of a process whose channel layer loses one message in ten, on purpose."""

from rod.settings import *  # noqa: F403  (settings of another process: all of them)
from rod.settings import CHANNEL_LAYERS

CHANNEL_LAYERS["default"]["BACKEND"] = "tests.faults.lossy.LossyLayer"
