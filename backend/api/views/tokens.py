"""JSON web tokens, for clients that are no browser. `user_id` in them is the user's UUID as text."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from api.serializers.users import TokenPair
from api.views.base import user_of


class LoginThrottle(AnonRateThrottle):
    """Passwords cannot be guessed faster than this, by address."""

    scope = "login"
    rate = "10/min"


class _Serializer(TokenObtainPairSerializer):
    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        tokens: dict[str, str] = super().validate(attrs)
        user_logged_in.send(sender=type(self.user), request=self.context["request"], user=self.user)
        return tokens


class TokenView(TokenObtainPairView):
    """Tokens for a username and a password."""

    serializer_class = _Serializer
    throttle_classes = [LoginThrottle]


class RefreshView(TokenRefreshView):
    """A fresh access token for a refresh token."""

    throttle_classes = [LoginThrottle]


class SessionTokenView(APIView):
    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(request=None, responses=TokenPair)
    def post(self, request: Request) -> Response:
        """Tokens for whoever is signed in on the web (session cookie and CSRF token)."""
        refresh = RefreshToken.for_user(user_of(request))
        return Response({"access": str(refresh.access_token), "refresh": str(refresh)})
