"""Guilds: their mirror, and what their people set up."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import SYNC, Acting, act_in
from bot.facts import guild_of, mapping, members_of, rows, snowflake
from bot.serializers import server as shapes
from bot.views.base import BotView
from chronicle.models import Server
from chronicle.services import (
    EVERYONE,
    Span,
    leave_server,
    remove_member,
    server_info,
    set_edition,
    set_features,
    set_storyteller_channel,
    set_storyteller_roles,
    set_tracker,
    set_tracker_channel,
    sync_members,
    sync_server,
)
from discordauth.models import CustomUser
from haven.counts import by_chronicle
from rod.retries import answer_once
from rules.errors import Invalid, NotFound

Answer = tuple[int, dict[str, Any]]
# Mirroring has no person behind it; its keys are the process's own.
SYNC_SCOPE = "bot"


def known_server(guild_id: str) -> Server:
    server = Server.objects.filter(discord_id=guild_id).first()
    if server is None:
        raise NotFound("There is no such server.")
    return server


def summary(server: Server) -> dict[str, Any]:
    return {
        "id": str(server.id),
        "discord_id": server.discord_id,
        "name": server.name,
        "edition": server.edition,
        "tracker_channel": server.tracker_channel or None,
        "left": server.left_at is not None,
        "version": server.version,
    }


class ServerView(BotView):
    @extend_schema(request=shapes.GuildIn, responses=shapes.ServerSynced)
    def put(self, request: Request, guild_id: str) -> Response:
        """Mirrors a guild with its roles and channels. May be repeated at any time."""
        facts = guild_of({**mapping(request.data, "body"), "id": guild_id})

        def work() -> Answer:
            server, changed = sync_server(facts, cause=SYNC)
            return 200, {"server": summary(server), "changed": changed}

        return answer_once(request, SYNC_SCOPE, work)

    @extend_schema(request=shapes.ServerSettingsIn, responses=shapes.ServerInfoOut)
    def patch(self, request: Request, guild_id: str) -> Response:
        """Sets the tracker channel, the storytellers' roles, the edition, the features: each for those who may."""
        acting, server = act_in(request, guild_id)
        document = mapping(request.data, "body")

        def work() -> Answer:
            _change(server, document, acting)
            return 200, _info(known_server(guild_id), acting)

        return answer_once(request, acting.scope, work)

    @extend_schema(request=None, responses={200: shapes.ServerLeft})
    def delete(self, request: Request, guild_id: str) -> Response:
        """The bot was removed: the server rests, nothing of it is deleted."""
        server = known_server(guild_id)

        def work() -> Answer:
            return 200, {"server": summary(leave_server(server, cause=SYNC))}

        return answer_once(request, SYNC_SCOPE, work)


def _change(server: Server, document: Mapping[str, Any], acting: Acting) -> None:
    who: dict[str, Any] = {"principal": acting.principal, "cause": acting.cause}
    if "tracker_channel" in document:
        channel = document["tracker_channel"]
        set_tracker_channel(server, snowflake(channel, "tracker_channel") if channel else None, **who)
    if "tracker" in document:
        set_tracker(server, document["tracker"], **who)
    if "storyteller_channel" in document:
        told = document["storyteller_channel"]
        set_storyteller_channel(server, snowflake(told, "storyteller_channel") if told else None, **who)
    if "storyteller_roles" in document:
        ids = document["storyteller_roles"]
        if not isinstance(ids, list):
            raise Invalid.field("storyteller_roles", "A list of role ids is expected.")
        set_storyteller_roles(server, [snowflake(one, "storyteller_roles") for one in ids], **who)
    if "edition" in document:
        set_edition(server, document["edition"], **who)
        acting.principal.forget()
    if "features" in document:
        set_features(server, document["features"], **who)


class InfoView(BotView):
    @extend_schema(request=shapes.ActingIn, responses=shapes.ServerInfoOut)
    def post(self, request: Request, guild_id: str) -> Response:
        """The server as the acting member sees it."""
        acting, server = act_in(request, guild_id)
        return Response(_info(server, acting))


def _info(server: Server, acting: Acting) -> dict[str, Any]:
    return {"server": server_info(server, acting.principal, by_chronicle(server.id))}


class MembersView(BotView):
    @extend_schema(request=shapes.MembersIn, responses=shapes.MembersSynced)
    def put(self, request: Request, guild_id: str) -> Response:
        """Brings a batch of members up to date.

        `complete`: the batch is the whole guild. For a large guild, batches sorted by id say which ids they
        speak for, `after` (exclusive) and `until` (inclusive, null for the last batch): members of that span
        who are not named have left.
        """
        document = mapping(request.data, "body")
        members = members_of(document.get("members"))
        span = _span(document)
        server = known_server(guild_id)

        def work() -> Answer:
            counts = sync_members(server, members, cause=SYNC, speaks_for=span)
            return 200, {
                "added": counts.added,
                "changed": counts.changed,
                "removed": counts.removed,
                "refused": counts.refused,
            }

        return answer_once(request, SYNC_SCOPE, work)


def _span(document: Mapping[str, Any]) -> Span | None:
    if document.get("complete") is True:
        if not rows(document.get("members"), "members", 1000):
            raise Invalid.field("members", "A complete list of members cannot be empty.")
        return EVERYONE
    if "after" not in document:
        return None
    after, until = document["after"], document.get("until")
    return Span(
        int(snowflake(after, "after")) if after else 0,
        int(snowflake(until, "until")) if until else None,
    )


class MemberView(BotView):
    @extend_schema(request=None, responses={200: shapes.MemberRemoved})
    def delete(self, request: Request, guild_id: str, user_id: str) -> Response:
        """Somebody left the guild. Their rights end at once; their characters stay theirs."""
        server = known_server(guild_id)

        def work() -> Answer:
            user = CustomUser.objects.filter(discord_id=user_id).first()
            return 200, {"removed": user is not None and remove_member(server, user.pk, cause=SYNC)}

        return answer_once(request, SYNC_SCOPE, work)
