"""The public API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path

from api.views import gateway, tokens
from api.views.base import at
from api.views.characters import PortraitView, SchemaView
from chronicle.operations import chronicles, servers
from conflicts import operations as conflicts
from desk import operations as desk
from discordauth import operations as people
from haven import operations as characters
from rolls import operations as rolls
from rolls.permission_check import EXPLAIN

CHRONICLE = "chronicles/<uuid:chronicle>/"
SERVER = "servers/<uuid:server>/"

urlpatterns = [
    path("gateway/ticket/", gateway.TicketView.as_view()),
    path("token/", tokens.TokenView.as_view()),
    path("token/session/", tokens.SessionTokenView.as_view()),
    path("token/refresh/", tokens.RefreshView.as_view()),
    path("users/me/", at(GET=people.GET_PROFILE, PATCH=people.UPDATE_PROFILE)),
    path("chronicles/", at(GET=chronicles.MY_CHRONICLES)),
    path(CHRONICLE, at(GET=chronicles.GET_CHRONICLE, PATCH=chronicles.CHANGE_CHRONICLE)),
    path(f"{CHRONICLE}members/", at(GET=chronicles.LIST_MEMBERS)),
    path(f"{CHRONICLE}people/", at(PUT=chronicles.SET_CHRONICLE_ROLE)),
    path(f"{CHRONICLE}handover/", at(POST=chronicles.HAND_OVER)),
    path(f"{CHRONICLE}leave/", at(POST=chronicles.STEP_DOWN)),
    path("servers/", at(POST=servers.CREATE_SERVER)),
    path(SERVER, at(GET=servers.GET_SERVER, PATCH=servers.CHANGE_SERVER)),
    path(f"{SERVER}chronicles/", at(POST=chronicles.CREATE_CHRONICLE)),
    path(f"{SERVER}keep/", at(POST=servers.KEEP_SERVER)),
    path(f"{SERVER}why/", at(GET=EXPLAIN)),
    path(f"{SERVER}invites/", at(GET=servers.LIST_INVITES, POST=servers.INVITE)),
    path(f"{SERVER}invites/<uuid:invite>/", at(DELETE=servers.REVOKE)),
    path("join/<str:code>/", at(POST=servers.JOIN)),
    path(f"{SERVER}channels/", at(GET=servers.LIST_CHANNELS)),
    path(f"{SERVER}channels/<int:channel>/", at(PATCH=servers.CHANGE_CHANNEL)),
    path(f"{SERVER}channels/<int:channel>/chronicle/", at(PUT=servers.BIND_CHANNEL)),
    path(f"{SERVER}roles/", at(GET=servers.LIST_ROLES, POST=servers.CREATE_ROLE)),
    path(f"{SERVER}roles/<uuid:role>/", at(PATCH=servers.CHANGE_ROLE, DELETE=servers.DELETE_ROLE)),
    path(f"{SERVER}roles/<uuid:role>/members/", at(PUT=servers.HOLD_ROLE)),
    path("schema/splats/", SchemaView.as_view()),
    path("characters/", at(GET=characters.LIST, POST=characters.CREATE.sheet)),
    path(
        "characters/<uuid:character>/",
        at(GET=characters.SHEET, PATCH=characters.CHANGE.sheet, DELETE=characters.DELETE.sheet),
    ),
    path("characters/<uuid:character>/restore/", at(POST=characters.RESTORE.sheet)),
    path("characters/<uuid:character>/undo/", at(POST=characters.UNDO.sheet)),
    path("characters/<uuid:character>/move/", at(POST=characters.MOVE.sheet)),
    path("characters/<uuid:character>/history/", at(GET=characters.HISTORY)),
    path("characters/<uuid:character>/visibility/", at(PUT=characters.SHOW)),
    path(
        "characters/<uuid:character>/portrait/",
        at(PortraitView, PUT=characters.SET_PORTRAIT.sheet, DELETE=characters.REMOVE_PORTRAIT),
    ),
    path("chronicles/<uuid:chronicle>/desk/", at(GET=desk.GET)),
    path("chronicles/<uuid:chronicle>/awards/", at(POST=desk.AWARD)),
    path("chronicles/<uuid:chronicle>/notes/", at(GET=desk.LIST_NOTES, POST=desk.ADD_NOTE)),
    path("chronicles/<uuid:chronicle>/conflicts/", at(GET=conflicts.LIST, POST=conflicts.START)),
    path("chronicles/<uuid:chronicle>/conflicts/time/", at(POST=conflicts.PASS_TIME)),
    path("conflicts/<uuid:conflict>/", at(GET=conflicts.GET)),
    *(path(f"conflicts/<uuid:conflict>/{name}/", at(POST=step)) for name, step in conflicts.STEPS.items()),
    path("notes/<uuid:note>/", at(PATCH=desk.CHANGE_NOTE, DELETE=desk.REMOVE_NOTE)),
    path("submissions/", at(POST=desk.SUBMIT)),
    path("submissions/<uuid:submission>/", at(GET=desk.GET_SUBMISSION)),
    path("submissions/<uuid:submission>/comments/", at(POST=desk.COMMENT)),
    path("submissions/<uuid:submission>/approve/", at(POST=desk.APPROVE)),
    path("submissions/<uuid:submission>/return/", at(POST=desk.SEND_BACK)),
    path("submissions/<uuid:submission>/withdraw/", at(POST=desk.WITHDRAW)),
    path("rolls/", at(GET=rolls.LIST, POST=rolls.ROLL)),
    path("rolls/check/", at(POST=rolls.CHECK)),
    path("rolls/<uuid:roll>/", at(GET=rolls.GET)),
    path("rolls/<uuid:roll>/reroll/", at(POST=rolls.REROLL)),
    path("rolls/<uuid:roll>/choose/", at(POST=rolls.CHOOSE)),
    path("rolls/<uuid:roll>/reveal/", at(POST=rolls.REVEAL)),
    path("rolls/<uuid:roll>/strike/", at(POST=rolls.STRIKE)),
    path("odds/", at(POST=rolls.ODDS)),
    path("pool/", at(GET=rolls.COMPLETE_POOL)),
    path("luck/", at(GET=rolls.LUCK)),
    path("macros/", at(GET=rolls.LIST_MACROS, POST=rolls.SAVE_MACRO)),
    path("macros/<uuid:macro>/", at(PATCH=rolls.CHANGE_MACRO, DELETE=rolls.DELETE_MACRO)),
    path("macros/<uuid:macro>/run/", at(POST=rolls.RUN_MACRO)),
    path("macros/<uuid:macro>/copy/", at(POST=rolls.COPY_MACRO)),
    path("roll-requests/", at(GET=rolls.LIST_REQUESTS, POST=rolls.ASK)),
    path("roll-requests/<uuid:request_>/", at(GET=rolls.GET_REQUEST)),
    path("roll-requests/<uuid:request_>/answer/", at(POST=rolls.ANSWER_REQUEST)),
    path("roll-requests/<uuid:request_>/close/", at(POST=rolls.CLOSE_REQUEST)),
]
