from django.urls import path

from main.views import chance, desk, dice, rolls, servers
from main.views.dashboard import dashboard
from main.views.sheet import history, sheet

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("characters/<uuid:character_id>/", sheet, name="sheet"),
    path("characters/<uuid:character_id>/history/", history, name="history"),
    path("characters/<uuid:character_id>/dice/", dice.tray, name="dice"),
    path("characters/<uuid:character_id>/dice/odds/", dice.odds, name="dice-odds"),
    path("characters/<uuid:character_id>/dice/roll/", dice.roll, name="dice-roll"),
    path("characters/<uuid:character_id>/dice/check/", dice.check, name="dice-check"),
    path("characters/<uuid:character_id>/macros/", dice.save_macro, name="save-macro"),
    path(
        "characters/<uuid:character_id>/macros/<uuid:macro_id>/copy/",
        dice.copy_macro,
        name="copy-macro",
    ),
    path("macros/<uuid:macro_id>/run/", dice.run_macro, name="run-macro"),
    path("macros/<uuid:macro_id>/remove/", dice.remove_macro, name="remove-macro"),
    path("rolls/<uuid:roll_id>/", rolls.one, name="roll"),
    path("rolls/<uuid:roll_id>/reroll/", rolls.reroll, name="reroll"),
    path("rolls/<uuid:roll_id>/choose/", rolls.choose, name="choose"),
    path("rolls/<uuid:roll_id>/reveal/", rolls.reveal, name="reveal"),
    path("rolls/<uuid:roll_id>/strike/", rolls.strike, name="strike"),
    path("chronicles/<uuid:chronicle_id>/rolls/", rolls.log, name="rolls"),
    path("chronicles/<uuid:chronicle_id>/ask/", rolls.ask, name="ask-roll"),
    path("requests/<uuid:request_id>/", rolls.request_now, name="request"),
    path("requests/<uuid:request_id>/answer/", rolls.answer_request, name="answer-request"),
    path("requests/<uuid:request_id>/close/", rolls.close_request, name="close-request"),
    path("chronicles/<uuid:chronicle_id>/desk/", desk.desk, name="desk"),
    path("chronicles/<uuid:chronicle_id>/award/", desk.award, name="award"),
    path("chronicles/<uuid:chronicle_id>/notes/", desk.add_note, name="add-note"),
    path("notes/<uuid:note_id>/remove/", desk.remove_note, name="remove-note"),
    path("submissions/<uuid:submission_id>/", desk.submission, name="submission"),
    path("characters/<uuid:character_id>/lock/", desk.lock, name="lock"),
    path("characters/<uuid:character_id>/proposals/", desk.proposals, name="proposals"),
    path("create-server/", servers.create, name="create-server"),
    path("servers/<uuid:server_id>/", servers.server, name="server"),
    path("servers/<uuid:server_id>/features/", servers.switch, name="switch-features"),
    path("odds/", chance.calculator, name="odds"),
    path("luck/", chance.luck_page, name="luck"),
]
