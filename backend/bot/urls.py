"""The bot API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path, register_converter

from bot.views import character_views as characters
from bot.views import server_views as servers


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
    path("characters/traits", characters.TraitsView.as_view()),
    path("servers/<snowflake:guild_id>", servers.ServerView.as_view()),
    path("servers/<snowflake:guild_id>/info", servers.InfoView.as_view()),
    path("servers/<snowflake:guild_id>/members", servers.MembersView.as_view()),
    path("servers/<snowflake:guild_id>/members/<snowflake:user_id>", servers.MemberView.as_view()),
]
