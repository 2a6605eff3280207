"""The bot API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path, register_converter

from bot import charts, messages, mirror
from bot.views.base import enveloped, on, routes
from bot.views.character_views import CHARACTERS, SchemaView
from chronicle.call import Call
from chronicle.operations import chronicles, servers
from conflicts import operations as conflicts
from contract import endpoints
from contract.chronicles import Chronicle, OneChronicle
from contract.servers import OneServer
from desk import operations as desk
from discordauth import operations as people
from rolls import operations as rolls
from rolls.permission_check import EXPLAIN
from timeline.operations import InputT, Operation


class Snowflake:
    regex = "[0-9]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Snowflake, "snowflake")


def chronicle(operation: Operation[Call, InputT, Chronicle]) -> Operation[Call, InputT, OneChronicle]:
    return enveloped("chronicle", OneChronicle, operation)


urlpatterns = [
    path("schema", SchemaView.as_view()),
    *CHARACTERS,
    *routes(
        on(endpoints.ROLL, rolls.ROLL),
        on(endpoints.CHECK, rolls.CHECK),
        on(endpoints.GET_ODDS, charts.ODDS),
        on(endpoints.GET_ROLL, rolls.GET),
        on(endpoints.REROLL, rolls.REROLL),
        on(endpoints.CHOOSE, rolls.CHOOSE),
        on(endpoints.REVEAL, rolls.REVEAL),
        on(endpoints.STRIKE, rolls.STRIKE),
        on(endpoints.GET_LUCK, charts.LUCK),
        on(endpoints.COMPLETE_POOL, rolls.COMPLETE_POOL),
        on(endpoints.LIST_MACROS, rolls.LIST_MACROS),
        on(endpoints.SAVE_MACRO, rolls.SAVE_MACRO),
        on(endpoints.CHANGE_MACRO, rolls.CHANGE_MACRO),
        on(endpoints.DELETE_MACRO, rolls.DELETE_MACRO),
        on(endpoints.RUN_MACRO, rolls.RUN_MACRO),
        on(endpoints.COPY_MACRO, rolls.COPY_MACRO),
        on(endpoints.ASK_FOR_ROLL, rolls.ASK),
        on(endpoints.GET_REQUEST, rolls.GET_REQUEST),
        on(endpoints.ANSWER_REQUEST, rolls.ANSWER_REQUEST),
        on(endpoints.CLOSE_REQUEST, rolls.CLOSE_REQUEST),
    ),
    *routes(on(endpoints.LINK_MESSAGE, messages.LINK), on(endpoints.UNLINK_MESSAGE, messages.UNLINK)),
    *routes(on(endpoints.CLAIM_NOTIFICATION, people.CLAIM_NOTIFICATION)),
    *routes(on(endpoints.SET_PREFERENCES, people.SET_PREFERENCES)),
    *routes(
        on(endpoints.START_CONFLICT, conflicts.START),
        on(endpoints.LIST_CONFLICTS, conflicts.LIST),
        on(endpoints.GET_CONFLICT, conflicts.GET),
        on(endpoints.PASS_TIME, conflicts.PASS_TIME),
        on(endpoints.ROLL_INITIATIVE, conflicts.ROLL),
        on(endpoints.JOIN_CONFLICT, conflicts.JOIN),
        on(endpoints.DECLARE, conflicts.DECLARE),
        on(endpoints.MOVE_CONFLICT, conflicts.MOVE),
        on(endpoints.CHANGE_PARTICIPANT, conflicts.CHANGE),
        on(endpoints.LEAVE_CONFLICT, conflicts.LEAVE),
        on(endpoints.ADD_EFFECT, conflicts.EFFECT),
        on(endpoints.LIFT_EFFECT, conflicts.LIFT),
        on(endpoints.LIST_CHRONICLES, chronicles.LIST_CHRONICLES),
        on(endpoints.GET_CHRONICLE, chronicle(chronicles.GET_CHRONICLE)),
        on(endpoints.CREATE_CHRONICLE, chronicle(chronicles.CREATE_CHRONICLE)),
        on(endpoints.CHANGE_CHRONICLE, chronicle(chronicles.CHANGE_CHRONICLE_BY)),
        on(endpoints.SET_CHRONICLE_ROLE, chronicle(chronicles.SET_CHRONICLE_ROLE)),
        on(endpoints.HAND_OVER, chronicle(chronicles.HAND_OVER)),
        on(endpoints.STEP_DOWN, chronicle(chronicles.STEP_DOWN)),
        on(endpoints.BIND_HERE, chronicle(chronicles.BIND_HERE)),
        on(endpoints.GET_SERVER, enveloped("server", OneServer, servers.GET_SERVER)),
        on(endpoints.CHANGE_SERVER, enveloped("server", OneServer, servers.CHANGE_SERVER)),
        on(endpoints.LIST_ROLES, servers.LIST_ROLES),
        on(endpoints.CREATE_ROLE, servers.CREATE_ROLE_OF_VALUES),
        on(endpoints.CHANGE_ROLE, servers.CHANGE_ROLE_TO_VALUES),
        on(endpoints.DELETE_ROLE, servers.DELETE_ROLE),
        on(endpoints.HOLD_ROLE, servers.HOLD_ROLE),
        on(endpoints.EXPLAIN_PERMISSION, EXPLAIN),
        on(endpoints.LIST_GUILDS, mirror.LIST),
        on(endpoints.MIRROR_GUILD, mirror.SYNC),
        on(endpoints.LEAVE_GUILD, mirror.LEAVE),
        on(endpoints.MIRROR_MEMBERS, mirror.SYNC_MEMBERS),
        on(endpoints.REMOVE_THREAD, mirror.REMOVE_THREAD),
        on(endpoints.REMOVE_MEMBER, mirror.REMOVE_MEMBER),
    ),
    *routes(
        on(endpoints.GET_DESK, desk.GET),
        on(endpoints.AWARD, desk.AWARD),
        on(endpoints.ADD_NOTE, desk.ADD_NOTE),
        on(endpoints.LIST_NOTES, desk.LIST_NOTES),
        on(endpoints.REMOVE_NOTE, desk.REMOVE_NOTE),
        on(endpoints.SUBMIT, desk.SUBMIT),
        on(endpoints.LIST_WAITING, desk.LIST_WAITING),
        on(endpoints.GET_SUBMISSION, desk.GET_SUBMISSION),
        on(endpoints.COMMENT, desk.COMMENT),
        on(endpoints.APPROVE, desk.APPROVE),
        on(endpoints.SEND_BACK, desk.SEND_BACK),
        on(endpoints.WITHDRAW, desk.WITHDRAW),
    ),
]
