"""The bot API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path, register_converter

from bot.views import character_views as characters
from bot.views import chronicle_views as chronicles
from bot.views import desk_views as desk
from bot.views import message_views as messages
from bot.views import person_views as people
from bot.views import roll_views as rolls
from bot.views import server_views as servers
from bot.views.base import on, routes
from conflicts import operations as conflicts
from contract import endpoints


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
    path("letters/take", people.ClaimNotificationView.as_view()),
    path("preferences", people.PreferencesView.as_view()),
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
    path("desk", desk.DeskView.as_view()),
    path("awards", desk.AwardsView.as_view()),
    path("notes", desk.AddNoteView.as_view()),
    path("notes/list", desk.NotesView.as_view()),
    path("notes/remove", desk.RemoveNoteView.as_view()),
    path("submissions", desk.SubmissionsView.as_view()),
    path("submissions/waiting", desk.WaitingView.as_view()),
    path("submissions/get", desk.LookSubmissionView.as_view()),
    path("submissions/comment", desk.CommentView.as_view()),
    path("submissions/approve", desk.ApproveView.as_view()),
    path("submissions/return", desk.ReturnView.as_view()),
    path("submissions/withdraw", desk.WithdrawView.as_view()),
    path("servers/<snowflake:guild_id>", servers.ServerView.as_view()),
    path("servers/<snowflake:guild_id>/info", servers.InfoView.as_view()),
    path("servers/<snowflake:guild_id>/roles", chronicles.RolesView.as_view()),
    path("servers/<snowflake:guild_id>/roles/list", chronicles.RoleListView.as_view()),
    path("servers/<snowflake:guild_id>/roles/members", chronicles.HoldersView.as_view()),
    path("servers/<snowflake:guild_id>/why", chronicles.WhyView.as_view()),
    path("servers/<snowflake:guild_id>/members", servers.MembersView.as_view()),
    path("servers/<snowflake:guild_id>/members/<snowflake:user_id>", servers.MemberView.as_view()),
]
