"""The bot API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path, register_converter

from bot import charts, messages, mirror
from bot.views.base import enveloped, offered, routes
from bot.views.character_views import SchemaView
from chronicle.operations import chronicles, servers
from conflicts import operations as conflicts
from contract import endpoints
from desk import operations as desk
from discordauth import operations as people
from haven import operations as characters
from rolls import permission_check
from rolls.operations import requests, rolls


class Snowflake:
    regex = "[0-9]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Snowflake, "snowflake")


# Of the answers the Discord process takes these under a name.
CHRONICLES = {
    endpoints.GET_CHRONICLE: chronicles.GET_CHRONICLE,
    endpoints.CREATE_CHRONICLE: chronicles.CREATE_CHRONICLE,
    endpoints.CHANGE_CHRONICLE: chronicles.CHANGE_CHRONICLE_BY,
    endpoints.SET_CHRONICLE_ROLE: chronicles.SET_CHRONICLE_ROLE,
    endpoints.HAND_OVER: chronicles.HAND_OVER,
    endpoints.STEP_DOWN: chronicles.STEP_DOWN,
    endpoints.BIND_HERE: chronicles.BIND_HERE,
}
SERVERS = {
    endpoints.GET_SERVER: servers.GET_SERVER,
    endpoints.CHANGE_SERVER: servers.CHANGE_SERVER,
}

urlpatterns = [
    path("schema", SchemaView.as_view()),
    *routes(
        [
            *offered(characters, charts, chronicles, conflicts, desk, messages, mirror, people),
            *offered(permission_check, requests, rolls, servers),
            *(enveloped(endpoint, "chronicle", found) for endpoint, found in CHRONICLES.items()),
            *(enveloped(endpoint, "server", found) for endpoint, found in SERVERS.items()),
        ]
    ),
]
