"""Looking: a card, the history, the default, completion of traits, the schema."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bot.acting import Acting, act, look
from bot.serializers import character as shapes
from bot.views.base import BotView
from bot.views.character_views.common import body, reference, scope_of, text_mode
from chronicle import rights
from haven import selectors, services
from haven.models import Character
from haven.serializers.card import card
from haven.serializers.character import full
from haven.services.reference import defaults_of, find
from rod.retries import answer_once
from rolls.schema import schema
from rules.errors import Invalid


def chosen(acting: Acting, document: Any) -> tuple[Character, str]:
    """The character that is meant, if this person may see it, and how it was chosen."""
    found = find(acting.principal, reference(acting, document))
    return selectors.get(acting.principal, found.id), found.chosen


class LookView(BotView):
    @extend_schema(request=shapes.NamedCharacterIn, responses=shapes.LookOut)
    def post(self, request: Request) -> Response:
        """The character and its card, as the acting person may see them."""
        acting = act(request)
        character, how = chosen(acting, body(request))
        level = rights.character_level(acting.principal, character)
        shown = {"character": full(character, acting.principal), "card": card(character, level)}
        return Response(shown | ({"chosen": how} if how else {}) | text_mode(acting))


class HistoryView(BotView):
    @extend_schema(request=shapes.HistoryIn, responses=shapes.HistoryOut)
    def post(self, request: Request) -> Response:
        """Newest first; `before` is the version of the oldest event of the page before."""
        acting, document = act(request), body(request)
        character, _ = chosen(acting, document)
        before, limit = _number(document, "before"), _number(document, "limit") or 10
        events = selectors.history(acting.principal, character.id, before, min(limit, 25))
        named = {"id": str(character.id), "name": character.name}
        return Response({"character": named, "events": events} | text_mode(acting))


def _number(document: Any, name: str) -> int | None:
    value = document.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31):
        raise Invalid.field(name, "A number above 0 is expected.")
    return value


class DefaultView(BotView):
    @extend_schema(request=shapes.DefaultIn, responses=shapes.DefaultOut)
    def post(self, request: Request) -> Response:
        """Sets the default with `character`, clears it with `clear`, else only tells it."""
        acting, document = act(request), body(request)

        def work() -> tuple[int, dict[str, Any]]:
            if document.get("clear") is True:
                services.clear_default(acting.member, acting.channel_id)
                return 200, _default(None)
            if document.get("character") is None:
                known = defaults_of(acting.principal, acting.server, acting.channel_id)
                return 200, _default(known[0] if known else None)
            meant = reference(acting, document)
            return 200, _default(services.set_default(acting.principal, acting.member, meant))

        return answer_once(request, scope_of(acting), work)


def _default(character: Character | None) -> dict[str, Any]:
    if character is None:
        return {"default": None, "scope": "none"}
    return {"default": {"id": str(character.id), "name": character.name}, "scope": "server"}


class TraitsView(BotView):
    @extend_schema(parameters=shapes.TRAITS_QUERY, responses=shapes.TraitsOut)
    def get(self, request: Request) -> Response:
        """Traits of a character that contain `q`, with what they are now; for completion."""
        acting = look(request)
        character, _ = chosen(acting, request.query_params)
        level = rights.character_level(acting.principal, character)
        if not rights.can(acting.principal, "character.edit", character, trackers_only=True):
            return Response({"results": []})
        query = request.query_params.get("q", "")[:100]
        return Response({"results": selectors.trait_choices(character, level, query)})


class SchemaView(BotView):
    @extend_schema(responses=shapes.SchemaOut)
    def get(self, request: Request) -> Response:
        """Every splat with its traits, every roll and check with its options.

        `ETag` is the hash; `If-None-Match` spares the body.
        """
        found = schema()
        tag = f'"{found["hash"]}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(found, headers={"ETag": tag})
