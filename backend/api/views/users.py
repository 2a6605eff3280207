"""One's own profile."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import users as shapes
from api.views.base import body_of, user_of
from discordauth.profile import profile, update_profile


class MeView(APIView):
    @extend_schema(responses=shapes.ProfileOut)
    def get(self, request: Request) -> Response:
        return Response(profile(user_of(request)))

    @extend_schema(request=shapes.ProfileIn, responses=shapes.ProfileOut)
    def patch(self, request: Request) -> Response:
        """Changes the given fields only. Settings are merged key by key; null removes one."""
        return Response(profile(update_profile(user_of(request), body_of(request))))
