"""Who tells a chronicle, and chronicles that begin."""

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers import chronicles as shapes
from api.views.base import answer_json, body_of, chronicle, chronicle_of, principal_of, user_of, uuid
from api.views.chronicles import server_seen
from chronicle import selectors, services
from chronicle.models import Chronicle, Invite, ServerChannel
from chronicle.permission_check import explain_permission
from chronicle.rights import can
from discordauth.models import CustomUser
from haven.counts import chronicle_document
from rolls import questions
from rules.errors import Invalid, NotFound


def _person(value: Any) -> CustomUser:
    found = CustomUser.objects.filter(pk=uuid(value, "user")).first()
    if found is None:
        raise NotFound("This person is not a member here.")
    return found


class ServerChroniclesView(APIView):
    @extend_schema(request=shapes.NewChronicleIn, responses={201: shapes.ChronicleDetail})
    def post(self, request: Request, server_id: UUID) -> Response:
        """Begins a chronicle; who begins it tells it."""
        row, document = server_seen(principal_of(request), server_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            texts = {"name": document.get("name"), "description": document.get("description") or ""}
            made = services.create_chronicle(row, principal=who, cause=cause, **texts)
            return _told(made, who)

        return answer_json(request, work, 201)


def _told(row: Chronicle, who: Any) -> dict[str, Any]:
    fresh = Chronicle.objects.select_related("server").get(pk=row.pk)
    return chronicle_document(fresh, who)


class PeopleView(APIView):
    @extend_schema(request=shapes.NarratorIn, responses=shapes.ChronicleDetail)
    def put(self, request: Request, chronicle_id: UUID) -> Response:
        """Makes a member storyteller, co-storyteller or observer of this chronicle; `role` null: none of these."""
        row, document = chronicle(principal_of(request), chronicle_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            kind = document.get("role")
            services.set_chronicle_role(
                row, _person(document.get("user")).pk, kind, principal=who, cause=cause
            )
            return _told(row, who)

        return answer_json(request, work)


class HandOverView(APIView):
    @extend_schema(request=shapes.UserIn, responses=shapes.ChronicleDetail)
    def post(self, request: Request, chronicle_id: UUID) -> Response:
        """Another member leads from now on; who led helps."""
        row, document = chronicle(principal_of(request), chronicle_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            services.hand_over(row, _person(document.get("user")), principal=who, cause=cause)
            return _told(row, who)

        return answer_json(request, work)


class LayDownView(APIView):
    @extend_schema(request=None, responses=shapes.ChronicleDetail)
    def post(self, request: Request, chronicle_id: UUID) -> Response:
        """One tells, helps or looks on here no longer."""
        row = chronicle(principal_of(request), chronicle_id)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            services.step_down(row, principal=who, cause=cause)
            return _told(row, who)

        return answer_json(request, work)


class KeepView(APIView):
    @extend_schema(request=None, responses=shapes.Kept)
    def post(self, request: Request, server_id: UUID) -> Response:
        """The server goes on without Discord."""
        row = server_seen(principal_of(request), server_id)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            services.keep_without_discord(row, principal=who, cause=cause)
            return {"kept": True}

        return answer_json(request, work)


def _invite(row: Invite) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "code": row.code,
        "url": f"{settings.SITE_URL}/join/{row.code}/",
        "role": {"id": str(row.role.pk), "name": row.role.name} if row.role else None,
        "uses": row.uses,
        "max_uses": row.max_uses,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "made_by": row.made_by.as_json(),
    }


class InvitesView(APIView):
    @extend_schema(responses=shapes.InvitesOut)
    def get(self, request: Request, server_id: UUID) -> Response:
        """The open invitations, for those who may invite."""
        who = principal_of(request)
        row = server_seen(who, server_id)
        can(who, "server.invite", row).require()
        return Response({"results": [_invite(one) for one in services.open_invites(row).order_by("-id")]})

    @extend_schema(request=shapes.InviteIn, responses={201: shapes.Invite})
    def post(self, request: Request, server_id: UUID) -> Response:
        """A link into a server of the web: for `max_uses` people (0: any number), for `hours` (null: for ever)."""
        row, document = server_seen(principal_of(request), server_id), body_of(request)
        wanted = {name: document[name] for name in ("role", "max_uses", "hours") if name in document}
        return answer_json(
            request,
            lambda who, cause: _invite(services.invite(row, principal=who, cause=cause, **wanted)),
            201,
        )


class InviteView(APIView):
    @extend_schema(request=None, responses={200: shapes.Revoked})
    def delete(self, request: Request, server_id: UUID, invite_id: UUID) -> Response:
        row = server_seen(principal_of(request), server_id)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            services.revoke(row, invite_id, principal=who, cause=cause)
            return {"revoked": True}

        return answer_json(request, work)


class JoinView(APIView):
    @extend_schema(request=None, responses=shapes.Joined)
    def post(self, request: Request, code: str) -> Response:
        """Into the server that an invitation leads to."""
        user = user_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            joined = services.join(code, user, cause=cause)
            return {"server": {"id": str(joined.pk), "name": joined.name}}

        return answer_json(request, work)


def _channel(row: ServerChannel, who: Any) -> dict[str, Any]:
    rights = {verb: bool(can(who, f"channel.{verb}", row)) for verb in ("view", "send", "manage")}
    return {
        "discord_id": row.discord_id,
        "name": row.name,
        "kind": row.kind,
        "position": row.position,
        "category": row.category,
        "chronicle": str(row.chronicle_id) if row.chronicle_id else None,
        "is_private": row.is_private,
        "permissions": row.permissions if rights["manage"] else {},
        "rights": rights,
    }


class ChannelsView(APIView):
    @extend_schema(responses=shapes.ChannelsOut)
    def get(self, request: Request, server_id: UUID) -> Response:
        """The channels that one sees, in their order."""
        who = principal_of(request)
        row = server_seen(who, server_id)
        return Response({"results": [_channel(one, who) for one in services.visible_channels(row, who)]})


class ChannelView(APIView):
    @extend_schema(request=shapes.ChannelIn, responses=shapes.Channel)
    def patch(self, request: Request, server_id: UUID, channel_id: int) -> Response:
        """Whether it is private, and what roles may do in it; name and place are Discord's to say."""
        row, document = server_seen(principal_of(request), server_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            return _channel(services.set_channel(row, channel_id, document, principal=who, cause=cause), who)

        return answer_json(request, work)


class BindView(APIView):
    @extend_schema(request=shapes.BindIn, responses=shapes.Channel)
    def put(self, request: Request, server_id: UUID, channel_id: int) -> Response:
        """Commands in the channel mean this chronicle; with null, the default one again."""
        row, document = server_seen(principal_of(request), server_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            if "chronicle" not in document:
                raise Invalid.field("chronicle", "Which chronicle? Null for the default one.")
            meant = chronicle_of(who, document["chronicle"])
            bound = services.bind_channel(row, str(channel_id), meant, principal=who, cause=cause)
            return _channel(bound, who)

        return answer_json(request, work)


class RolesView(APIView):
    @extend_schema(responses=shapes.RolesOut)
    def get(self, request: Request, server_id: UUID) -> Response:
        """The roles of the server, the highest first."""
        row = server_seen(principal_of(request), server_id)
        return Response({"results": selectors.roles(row)})

    @extend_schema(request=shapes.RoleIn, responses={201: shapes.RolesOut})
    def post(self, request: Request, server_id: UUID) -> Response:
        """Makes an own role, below one's own highest."""
        row, document = server_seen(principal_of(request), server_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            services.create_role(row, document, principal=who, cause=cause)
            return {"results": selectors.roles(row)}

        return answer_json(request, work, 201)


class RoleView(APIView):
    @extend_schema(request=shapes.RoleIn, responses=shapes.RolesOut)
    def patch(self, request: Request, server_id: UUID, role_id: UUID) -> Response:
        row, document = server_seen(principal_of(request), server_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            services.update_role(services.get_role(row, role_id), document, principal=who, cause=cause)
            return {"results": selectors.roles(row)}

        return answer_json(request, work)

    @extend_schema(request=None, responses={200: shapes.RolesOut})
    def delete(self, request: Request, server_id: UUID, role_id: UUID) -> Response:
        row = server_seen(principal_of(request), server_id)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            services.delete_role(services.get_role(row, role_id), principal=who, cause=cause)
            return {"results": selectors.roles(row)}

        return answer_json(request, work)


class HoldersView(APIView):
    @extend_schema(request=shapes.HoldIn, responses=shapes.RolesOut)
    def put(self, request: Request, server_id: UUID, role_id: UUID) -> Response:
        """Gives a role to a member (`held`), or takes it."""
        row, document = server_seen(principal_of(request), server_id), body_of(request)

        def work(who: Any, cause: Any) -> dict[str, Any]:
            role, held = services.get_role(row, role_id), document.get("held") is not False
            services.hold_role(role, _person(document.get("user")).pk, held, principal=who, cause=cause)
            return {"results": selectors.roles(row)}

        return answer_json(request, work)


class WhyView(APIView):
    @extend_schema(parameters=[shapes.WhyIn], responses=shapes.WhyOut)
    def get(self, request: Request, server_id: UUID) -> Response:
        """Why a member may do something here, or may not."""
        who, query = principal_of(request), request.query_params
        row = server_seen(who, server_id)
        place: Any = row
        if query.get("chronicle"):
            place = chronicle(who, query["chronicle"])
            if place.server_id != row.pk:
                raise NotFound("There is no such chronicle.")
        action, user = query.get("action", ""), uuid(query.get("user") or user_of(request).pk, "user")
        can(who, "server.view", row).require()
        thing = questions.thing_of(who, row, action, query)
        return Response(explain_permission(who, questions.place_of(thing, place), user, action, thing))
