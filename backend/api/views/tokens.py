"""Get JSON web tokens (`discordauth.tokens`), for clients that are no browser."""

from typing import Any, cast

from django.contrib.auth.signals import user_logged_in
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.serializers import TokenObtainSerializer
from rest_framework_simplejwt.views import TokenViewBase

from api.views.base import user_of
from contract.people import TokenPair
from discordauth import tokens
from discordauth.models import CustomUser
from discordauth.sessions import WebSession
from discordauth.signals import network_of
from timeline import limits


class TokenScheme(SimpleJWTScheme):
    """For the OpenAPI document: a token is sent as any JSON web token is."""

    target_class = "discordauth.tokens.TokenAuthentication"


class _ByPassword(TokenObtainSerializer):
    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        super().validate(attrs)
        user = cast(CustomUser, self.user)
        user_logged_in.send(sender=type(user), request=self.context["request"], user=user)
        return tokens.start_family(user)


class TokenView(TokenViewBase):
    serializer_class = _ByPassword
    # How often a password may be tried, `discordauth.backends` says for every door.
    throttle_classes = []

    @extend_schema(responses=TokenPair)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tokens for a username and a password."""
        return super().post(request, *args, **kwargs)


class _ByRefreshToken(serializers.Serializer[Any]):
    refresh = serializers.CharField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        """Raises TokenError, which the view answers with 401."""
        return tokens.renew(attrs["refresh"])


class RefreshView(TokenViewBase):
    serializer_class = _ByRefreshToken
    throttle_classes = []

    @extend_schema(responses=TokenPair)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The next tokens for a refresh token, which is good once: a second use ends all that the sign-in gave."""
        if network := network_of(request):
            limits.spend({"refresh by address": network})
        return super().post(request, *args, **kwargs)


class SessionTokenView(APIView):
    authentication_classes = [WebSession]
    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses=TokenPair)
    def post(self, request: Request) -> Response:
        """Tokens for the person signed in on the web (session cookie and CSRF token). They end with that session."""
        return Response(tokens.start_family(user_of(request), request.session.session_key or ""))
