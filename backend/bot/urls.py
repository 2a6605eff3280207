"""The bot API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path, register_converter

from bot import charts, heartbeat, identify, messages, mirror
from bot.views.base import Route, enveloped, offered, routes
from bot.views.bridge_files import BridgeFileView
from bot.views.character_views import SchemaView
from chat.operations import bridges
from chronicle.call import Call
from chronicle.operations import channels, chronicles, episodes, members, servers
from companion.operations import campaigns
from conflicts import operations as conflicts
from contract import endpoints
from contract.chronicles import Chronicle, OneChronicle
from contract.endpoints import Endpoint
from desk import operations as desk
from discordauth import operations as people
from haven import operations as characters
from patreon import operations as patreon
from privacy import operations as privacy
from progress.operations import badges, boards, exams, players, points, practice, resets, sessions
from rolls import permission_check
from rolls.operations import requests, rolls
from timeline.operations import InputT, Operation


class Snowflake:
    regex = "[0-9]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Snowflake, "snowflake")


def chronicle(
    endpoint: Endpoint[InputT, OneChronicle], operation: Operation[Call, InputT, Chronicle]
) -> Route:
    return enveloped(endpoint, "chronicle", operation)


urlpatterns = [
    path("schema", SchemaView.as_view()),
    path("bridge/files/<uuid:file>", BridgeFileView.as_view()),
    *routes(
        [
            *offered(
                characters,
                channels,
                campaigns,
                charts,
                chronicles,
                conflicts,
                desk,
                episodes,
                heartbeat,
                identify,
                members,
                messages,
                mirror,
                people,
            ),
            *offered(badges, boards, bridges, exams, players, points, practice, resets, sessions),
            *offered(patreon, permission_check, privacy, requests, rolls, servers),
            chronicle(endpoints.GET_CHRONICLE, chronicles.GET_CHRONICLE),
            chronicle(endpoints.CREATE_CHRONICLE, chronicles.CREATE_CHRONICLE),
            chronicle(endpoints.CHANGE_CHRONICLE, chronicles.CHANGE_CHRONICLE_BY),
            chronicle(endpoints.SET_CHRONICLE_ROLE, chronicles.SET_CHRONICLE_ROLE),
            chronicle(endpoints.HAND_OVER, chronicles.HAND_OVER),
            chronicle(endpoints.STEP_DOWN, chronicles.STEP_DOWN),
            chronicle(endpoints.BIND_HERE, chronicles.BIND_HERE),
            enveloped(endpoints.GET_SERVER, "server", servers.GET_SERVER),
            enveloped(endpoints.CHANGE_SERVER, "server", servers.CHANGE_SERVER),
        ]
    ),
]
