"""The public API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path

from api.views import characters

urlpatterns = [
    path("schema/splats/", characters.SchemaView.as_view()),
    path("characters/", characters.CharactersView.as_view()),
    path("characters/<uuid:character_id>/", characters.CharacterView.as_view()),
    path("characters/<uuid:character_id>/restore/", characters.RestoreView.as_view()),
    path("characters/<uuid:character_id>/undo/", characters.UndoView.as_view()),
    path("characters/<uuid:character_id>/history/", characters.HistoryView.as_view()),
    path("characters/<uuid:character_id>/visibility/", characters.VisibilityView.as_view()),
]
