"""The bot API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path, register_converter

from bot.views import character_views as characters
from bot.views import chronicle_views as chronicles
from bot.views import message_views as messages
from bot.views import person_views as notifications
from bot.views import roll_views as rolls
from bot.views import server_views as servers
from bot.views.base import on, routes
from conflicts import operations as conflicts
from contract import endpoints
from desk import operations as desk
from discordauth import operations as people


class Snowflake:
    regex = "[0-9]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Snowflake, "snowflake")

urlpatterns = [
    path("schema", characters.SchemaView.as_view()),
    path("characters", characters.CharactersView.as_view()),
    path("characters/get", characters.LookView.as_view()),
    path("characters/avatar", characters.AvatarView.as_view()),
    path("characters/restore", characters.RestoreView.as_view()),
    path("characters/undo", characters.UndoView.as_view()),
    path("characters/history", characters.HistoryView.as_view()),
    path("characters/default", characters.DefaultView.as_view()),
    path("characters/move", chronicles.MoveView.as_view()),
    path("characters/traits", characters.TraitsView.as_view()),
    path("rolls", rolls.RollsView.as_view()),
    path("rolls/check", rolls.CheckView.as_view()),
    path("rolls/odds", rolls.OddsView.as_view()),
    path("rolls/get", rolls.RollView.as_view()),
    path("rolls/reroll", rolls.RerollView.as_view()),
    path("rolls/choose", rolls.ChooseView.as_view()),
    path("rolls/reveal", rolls.RevealView.as_view()),
    path("rolls/strike", rolls.StrikeView.as_view()),
    path("luck", rolls.LuckView.as_view()),
    path("pool", rolls.PoolView.as_view()),
    path("macros", rolls.MacrosView.as_view()),
    path("macros/run", rolls.RunMacroView.as_view()),
    path("macros/copy", rolls.CopyMacroView.as_view()),
    path("roll-requests", rolls.RequestsView.as_view()),
    path("roll-requests/get", rolls.LookRequestView.as_view()),
    path("roll-requests/answer", rolls.AnswerRequestView.as_view()),
    path("roll-requests/close", rolls.CloseRequestView.as_view()),
    path("messages", messages.MessagesView.as_view()),
    path("letters/take", notifications.ClaimNotificationView.as_view()),
    *routes(on(endpoints.SET_PREFERENCES, people.SET_PREFERENCES)),
    path("chronicles", chronicles.ChroniclesView.as_view()),
    path("chronicles/list", chronicles.ChronicleListView.as_view()),
    path("chronicles/get", chronicles.LookChronicleView.as_view()),
    path("chronicles/people", chronicles.PeopleView.as_view()),
    path("chronicles/handover", chronicles.HandOverView.as_view()),
    path("chronicles/leave", chronicles.LayDownView.as_view()),
    path("chronicles/bind", chronicles.BindView.as_view()),
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
    path("servers/<snowflake:guild_id>", servers.ServerView.as_view()),
    path("servers/<snowflake:guild_id>/info", servers.InfoView.as_view()),
    path("servers/<snowflake:guild_id>/roles", chronicles.RolesView.as_view()),
    path("servers/<snowflake:guild_id>/roles/list", chronicles.RoleListView.as_view()),
    path("servers/<snowflake:guild_id>/roles/members", chronicles.HoldersView.as_view()),
    path("servers/<snowflake:guild_id>/why", chronicles.WhyView.as_view()),
    path("servers/<snowflake:guild_id>/members", servers.MembersView.as_view()),
    path("servers/<snowflake:guild_id>/members/<snowflake:user_id>", servers.MemberView.as_view()),
]
