"""Web sessions at the JSON doors."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from contract.translation import N_
from discordauth.models import CustomUser
from discordauth.same_account import refuse_other_account


class StalePage(PermissionDenied):
    """The page's token against cross-site requests is missing or old; a reload brings a fresh one."""

    default_code = "csrf_failed"
    default_detail = N_("This page is out of date, so nothing was changed. Reload it and try again.")


class WebSession(SessionAuthentication):
    def authenticate(self, request: Request) -> tuple[CustomUser, None] | None:
        """Raises NotAllowed (`other_account`)."""
        found = super().authenticate(request)
        if found:
            refuse_other_account(request._request)
        return found

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise StalePage from error
