"""The way to the gateway for a client that cannot send its credentials with a WebSocket."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import Token

from discordauth import tickets, tokens
from discordauth.models import CustomUser

TicketOut = inline_serializer(
    "Ticket", {"ticket": serializers.CharField(), "expires_in": serializers.IntegerField()}
)


class TicketView(APIView):
    @extend_schema(request=None, responses={201: TicketOut})
    def post(self, request: Request) -> Response:
        """A ticket for one socket: `/ws/gateway/?ticket=…`, good once, for `expires_in` seconds."""
        ticket, seconds = tickets.issue(_grant(request))
        return Response({"ticket": ticket, "expires_in": seconds}, status=201)


def _grant(request: Request) -> tickets.Grant:
    """The socket is to end with what the ticket was got by: the session, or the token."""
    user = request.user
    assert isinstance(user, CustomUser)
    if isinstance(request.auth, Token):
        return tokens.grant(user, request.auth)
    return tickets.Grant(str(user.pk), request.session.session_key or "", user.get_session_auth_hash())
