"""The public API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path

from api.views import characters, chronicles, gateway, tokens, users

urlpatterns = [
    path("gateway/ticket/", gateway.TicketView.as_view()),
    path("token/", tokens.TokenView.as_view()),
    path("token/session/", tokens.SessionTokenView.as_view()),
    path("token/refresh/", tokens.RefreshView.as_view()),
    path("users/me/", users.MeView.as_view()),
    path("chronicles/", chronicles.ChroniclesView.as_view()),
    path("chronicles/<uuid:chronicle_id>/", chronicles.ChronicleView.as_view()),
    path("chronicles/<uuid:chronicle_id>/members/", chronicles.ChronicleMembersView.as_view()),
    path("servers/<uuid:server_id>/", chronicles.ServerView.as_view()),
    path("schema/splats/", characters.SchemaView.as_view()),
    path("characters/", characters.CharactersView.as_view()),
    path("characters/<uuid:character_id>/", characters.CharacterView.as_view()),
    path("characters/<uuid:character_id>/restore/", characters.RestoreView.as_view()),
    path("characters/<uuid:character_id>/undo/", characters.UndoView.as_view()),
    path("characters/<uuid:character_id>/history/", characters.HistoryView.as_view()),
    path("characters/<uuid:character_id>/visibility/", characters.VisibilityView.as_view()),
]
