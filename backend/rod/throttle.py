"""Rate limits of the public API."""

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:  # the views themselves import this, by their settings
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class UserThrottle(UserRateThrottle):
    """Counts in the cache. While the cache is down nobody is counted or refused."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            log.warning("calls are not counted: %s", error)
            return True
