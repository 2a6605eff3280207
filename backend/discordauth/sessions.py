"""Web sessions at the JSON doors."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request


class StalePage(PermissionDenied):
    """The page's token against cross-site requests is missing or old; a reload brings a fresh one."""

    default_code = "csrf_failed"
    default_detail = "This page is out of date, so nothing was changed. Reload it and try again."


class WebSession(SessionAuthentication):
    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise StalePage from error
