"""The bot API. Every path answers with and without a trailing slash (`rod.middleware`)."""

from django.urls import path, register_converter

from bot.views import server_views as servers


class Snowflake:
    regex = "[0-9]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Snowflake, "snowflake")

urlpatterns = [
    path("servers/<snowflake:guild_id>", servers.ServerView.as_view()),
    path("servers/<snowflake:guild_id>/info", servers.InfoView.as_view()),
    path("servers/<snowflake:guild_id>/members", servers.MembersView.as_view()),
    path("servers/<snowflake:guild_id>/members/<snowflake:user_id>", servers.MemberView.as_view()),
]
