"""The public API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path

from api.views import characters, chronicles, gateway, macros, portraits, rolls, tokens, users

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
    path("characters/<uuid:character_id>/portrait/", portraits.PortraitView.as_view()),
    path("rolls/", rolls.RollsView.as_view()),
    path("rolls/check/", rolls.CheckView.as_view()),
    path("rolls/<uuid:roll_id>/", rolls.RollView.as_view()),
    path("rolls/<uuid:roll_id>/reroll/", rolls.RerollView.as_view()),
    path("rolls/<uuid:roll_id>/choose/", rolls.ChooseView.as_view()),
    path("rolls/<uuid:roll_id>/reveal/", rolls.RevealView.as_view()),
    path("rolls/<uuid:roll_id>/strike/", rolls.StrikeView.as_view()),
    path("odds/", rolls.OddsView.as_view()),
    path("luck/", rolls.LuckView.as_view()),
    path("macros/", macros.MacrosView.as_view()),
    path("macros/<uuid:macro_id>/", macros.MacroView.as_view()),
    path("macros/<uuid:macro_id>/run/", macros.RunMacroView.as_view()),
    path("macros/<uuid:macro_id>/copy/", macros.CopyMacroView.as_view()),
    path("roll-requests/", macros.RequestsView.as_view()),
    path("roll-requests/<uuid:request_id>/", macros.RequestView.as_view()),
    path("roll-requests/<uuid:request_id>/answer/", macros.AnswerRequestView.as_view()),
    path("roll-requests/<uuid:request_id>/close/", macros.CloseRequestView.as_view()),
]
