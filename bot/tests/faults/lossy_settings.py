"""The settings of a process whose channel layer loses one message in ten, on purpose."""

from tests.faults.platform_settings import *  # noqa: F403  (as there)
from tests.faults.platform_settings import CHANNEL_LAYERS

CHANNEL_LAYERS["default"]["BACKEND"] = "tests.faults.lossy.LossyLayer"
