"""The public API: the `REST` tables of the apps. Paths answer with and without a trailing slash (`rod.middleware`)."""

from django.urls import path

from api.views import downloads, gateway, tokens
from api.views.base import at
from api.views.characters import SchemaView
from api.views.files import FileView, PictureView, UploadView
from api.views.progress import ResetView, WithoutBody
from chat.operations import bridges
from chat.operations import conversations as chat_conversations
from chat.operations import files as chat_files
from chat.operations import game as chat_game
from chat.operations import messages as chat_messages
from chat.operations import reading as chat_reading
from chat.operations import rooms as chat_rooms
from chat.operations import scenes as chat_scenes
from chat.operations import search as chat_search
from chat.operations import threads as chat_threads
from chronicle.operations import channels, chronicles, episodes, members, servers
from companion.operations import campaigns, layout, overlays
from conflicts import operations as conflicts
from desk import operations as desk
from discordauth import operations as people
from haven import operations as characters
from patreon import operations as patreon
from privacy import operations as privacy
from progress.operations import badges, boards, exams, players, points, practice, resets, sessions
from rolls import permission_check
from rolls.operations import requests, rolls

TABLES = (
    people,
    patreon,
    privacy,
    chronicles,
    episodes,
    servers,
    channels,
    members,
    permission_check,
    characters,
    desk,
    conflicts,
    sessions,
    rolls,
    requests,
    points,
    boards,
    players,
    exams,
    practice,
    badges,
    chat_messages,
    chat_reading,
    chat_conversations,
    chat_threads,
    chat_rooms,
    chat_game,
    chat_scenes,
    chat_search,
    bridges,
    campaigns,
    overlays,
    layout,
)

urlpatterns = [
    path("gateway/ticket/", gateway.TicketView.as_view()),
    path("token/", tokens.TokenView.as_view()),
    path("token/session/", tokens.SessionTokenView.as_view()),
    path("token/refresh/", tokens.RefreshView.as_view()),
    path("users/me/download/file/", downloads.DownloadView.as_view()),
    path(chat_scenes.SCENE + "log/<str:kind>/", downloads.SceneLogView.as_view(), name="scene-file"),
    path("schema/splats/", SchemaView.as_view()),
    path(
        "characters/<uuid:character>/portrait/",
        at(PictureView, PUT=characters.SET_PORTRAIT.sheet, DELETE=characters.REMOVE_PORTRAIT),
    ),
    path("servers/<uuid:server>/icon/", at(PictureView, PUT=servers.SET_ICON, DELETE=servers.REMOVE_ICON)),
    path("chat/files/", at(UploadView, POST=chat_files.UPLOAD)),
    path(
        "chat/files/<uuid:file>/",
        FileView.as_view({"get": "file", "delete": "run"}, operations={"DELETE": chat_files.FORGET}),
    ),
    path(
        chat_game.PORTRAIT,
        at(PictureView, PUT=chat_game.PORTRAY_CAST, DELETE=chat_game.UNPORTRAY_CAST),
    ),
    path("users/admin/reset-progress/", at(ResetView, POST=resets.RESET)),
    path("users/admin/reset-progress/undo/", at(WithoutBody, POST=resets.UNDO_RESET)),
    *(path(address, at(**found)) for table in TABLES for address, found in table.REST.items()),
]
