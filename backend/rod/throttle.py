"""Rate limits of the public API."""

from typing import cast

from django.core.cache import BaseCache, caches
from django.utils.connection import ConnectionProxy
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

from discordauth.signals import network_of


class UserThrottle(UserRateThrottle):
    """Counts in a cache that may be down: then nobody is counted or refused."""

    cache = cast(BaseCache, ConnectionProxy(caches, "throttle"))

    def get_ident(self, request: Request) -> str:
        return network_of(request) or super().get_ident(request)
