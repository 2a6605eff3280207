"""Interactions from their birth to the end of their token: deadlines, callbacks, followups."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.changes.content import Upload
from sandbox.changes.messages import Extra, Posting
from sandbox.delivery.events import Events
from sandbox.errors import ApiError, Json
from sandbox.state.world import World
from sandbox.validation.commands import check_autocomplete
from sandbox.validation.components import check_modal
from sandbox.validation.forms import Form
from sandbox.validation.messages import COMPONENTS_V2, EPHEMERAL, LOADING, check_message

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
KEPT = 5000


@dataclass
class Interaction:
    """`message_id` is the message whose component was used; `parent` the interaction that opened a modal."""

    id: str
    token: str
    type: int
    user_id: str
    guild_id: str | None
    channel_id: str
    data: Json
    born: float
    message_id: str | None = None
    parent: "Interaction | None" = None
    name: str = ""
    state: str = "sent"
    response: int = 0
    original_id: str | None = None
    modal: Json | None = None
    choices: "asyncio.Future[list[Json]] | None" = None
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def from_component(self) -> bool:
        return self.message_id is not None


class Interactions:
    def __init__(
        self, world: World, posting: Posting, events: Events, acknowledge: float, token_life: float
    ) -> None:
        self.world = world
        self.posting = posting
        self.events = events
        self.acknowledge = acknowledge
        self.token_life = token_life
        self.known: dict[str, Interaction] = {}
        self.tokens: dict[str, Interaction] = {}

    # Birth

    def start(self, interaction: Interaction, payload: Json) -> None:
        """Sends it to the bot; after the deadline without an answer it has failed."""
        self.known[interaction.id] = self.tokens[interaction.token] = interaction
        while len(self.known) > KEPT:
            oldest = self.known.pop(next(iter(self.known)))
            del self.tokens[oldest.token]
        gateway = self.events.gateway
        if gateway.session_for(interaction.guild_id) is None:
            self._fail(interaction, "The bot is not connected.")
            return
        loop = asyncio.get_running_loop()
        late = "The application did not respond."
        interaction.timer = loop.call_later(self.acknowledge, self._fail, interaction, late)
        self._tell(interaction)
        gateway.dispatch("INTERACTION_CREATE", payload, guild_id=interaction.guild_id)

    def _fail(self, interaction: Interaction, reason: str) -> None:
        interaction.state = "failed"
        if interaction.choices is not None and not interaction.choices.done():
            interaction.choices.cancel()
        self._tell(interaction, reason)

    def _tell(self, interaction: Interaction, reason: str = "") -> None:
        if interaction.type == AUTOCOMPLETE:
            return
        frame: Json = {
            "type": "interaction",
            "id": interaction.id,
            "state": interaction.state,
            "reason": reason,
        }
        frame |= {"response": interaction.response, "message": interaction.original_id}
        self.events.live.to_user(interaction.user_id, frame)

    # The callback

    def callback(self, interaction_id: str, token: str, body: Json, uploads: list[Upload]) -> Json:
        interaction = self.known.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise ApiError(10062)
        if interaction.state == "acknowledged":
            raise ApiError(40060)
        if interaction.state == "failed":
            raise ApiError(10062)
        form = Form(body)
        kind = form.choice("type", self._allowed(interaction)) or 0
        data = form.part("data").body if body.get("data") is not None else {}
        form.check()
        message = self._respond(interaction, kind, data, uploads)
        interaction.response = kind
        self._acknowledged(interaction)
        return self._shown(interaction, message)

    def _allowed(self, interaction: Interaction) -> tuple[int, ...]:
        """Which kinds of answer fit which kind of interaction."""
        if interaction.type == AUTOCOMPLETE:
            return (CHOICES,)
        allowed: tuple[int, ...] = (MESSAGE, DEFER)
        if interaction.from_component:
            allowed += (DEFER_UPDATE, UPDATE)
        return allowed if interaction.type == MODAL_SUBMIT else (*allowed, MODAL)

    def _respond(self, interaction: Interaction, kind: int, data: Json, uploads: list[Upload]) -> Json | None:
        if kind == CHOICES:
            option = focused(interaction.data.get("options", []))
            check_autocomplete(data, int(option["type"]))
            if interaction.choices is not None and not interaction.choices.done():
                interaction.choices.set_result(data.get("choices") or [])
            return None
        if kind == MODAL:
            check_modal(data)
            interaction.modal = data
            frame = {"type": "modal", "interaction": interaction.id, "modal": data}
            self.events.live.to_user(interaction.user_id, frame)
            return None
        if kind in (MESSAGE, DEFER):
            message = self._answer(interaction, data, uploads, loading=kind == DEFER)
            interaction.original_id = message["id"]
            return message
        interaction.original_id = interaction.message_id
        clicked = self.world.find_message(str(interaction.message_id))
        if kind == UPDATE:
            _check(data, uploads, clicked)
            self.posting.edit(clicked, data, uploads)
        return clicked

    def _answer(self, interaction: Interaction, data: Json, uploads: list[Upload], *, loading: bool) -> Json:
        check_message(data, files=len(uploads), path=("data",))
        return self._post(interaction, data, uploads, loading=loading, followup=False)

    def _acknowledged(self, interaction: Interaction) -> None:
        interaction.state = "acknowledged"
        if interaction.parent is not None:
            interaction.parent.modal = None  # an answered form is closed; an unanswered one stays open
        if interaction.timer is not None:
            interaction.timer.cancel()
        self._tell(interaction)

    def _shown(self, interaction: Interaction, message: Json | None) -> Json:
        place: Json = {"id": interaction.id, "type": interaction.type, "channel_id": interaction.channel_id}
        if interaction.guild_id:
            place["guild_id"] = interaction.guild_id
        shown: Json = {"interaction": place}
        if message is None:
            return shown
        place["response_message_id"] = message["id"]
        place["response_message_loading"] = bool(message["flags"] & LOADING)
        place["response_message_ephemeral"] = bool(message["flags"] & EPHEMERAL)
        if interaction.response != DEFER_UPDATE:
            made = UPDATE if interaction.response == UPDATE else MESSAGE
            shown["resource"] = {"type": made, "message": self.world.show_message(message)}
        return shown

    # Messages of an interaction

    def _post(
        self, interaction: Interaction, data: Json, uploads: list[Upload], *, loading: bool, followup: bool
    ) -> Json:
        ephemeral = int(data.get("flags") or 0) & EPHEMERAL
        fields: Json = {"application_id": self.world.bot_id, "webhook_id": self.world.bot_id}
        fields["interaction_metadata"] = self._metadata(interaction)
        if followup:
            fields["interaction_metadata"]["original_response_message_id"] = interaction.original_id
        elif interaction.type == COMMAND:
            user = self.world.users[interaction.user_id]
            fields["interaction"] = {
                "id": interaction.id,
                "type": COMMAND,
                "name": interaction.name,
                "user": user,
            }
        kind = 20 if interaction.type == COMMAND and not followup else 0
        kind = 23 if kind and interaction.data.get("target_id") else kind
        extra = Extra(kind, fields, interaction.user_id if ephemeral else None, loading)
        channel = self.world.channel(interaction.channel_id)
        return self.posting.create(channel, self.world.bot_id, data, uploads, extra)

    def _metadata(self, interaction: Interaction) -> Json:
        about: Json = {
            "id": interaction.id,
            "type": interaction.type,
            "user": self.world.users[interaction.user_id],
            "authorizing_integration_owners": {"0": interaction.guild_id or "0"},
        }
        if interaction.type == COMMAND:
            about["name"] = interaction.name
        elif interaction.type == COMPONENT:
            about["interacted_message_id"] = interaction.message_id
        elif interaction.parent is not None:
            about["triggering_interaction_metadata"] = self._metadata(interaction.parent)
        return about

    # The webhook behind the token

    def by_token(self, token: str) -> Interaction:
        found = self.tokens.get(token)
        now = asyncio.get_running_loop().time()
        if found is None or now - found.born > self.token_life:
            raise ApiError(50027)
        if found.state != "acknowledged":
            raise ApiError(10015)
        return found

    def original(self, interaction: Interaction) -> Json:
        if interaction.original_id is None:
            raise ApiError(10008)
        return self.world.find_message(interaction.original_id)

    def message(self, interaction: Interaction, message_id: str) -> Json:
        """Only what this application said, or the message whose component was used."""
        if message_id == "@original":
            return self.original(interaction)
        message = self.world.find_message(message_id)
        if message["author"]["id"] != self.world.bot_id or message["channel_id"] != interaction.channel_id:
            raise ApiError(10008)
        return message

    def followup(self, token: str, body: Json, uploads: list[Upload]) -> Json:
        """The first one after a deferred answer fills that answer and keeps its id."""
        interaction = self.by_token(token)
        check_message(body, files=len(uploads))
        original = self.world.messages.get(interaction.channel_id, {}).get(interaction.original_id or "")
        if interaction.response == DEFER and original is not None and original["flags"] & LOADING:
            return self.posting.edit(original, body, uploads)
        return self._post(interaction, body, uploads, loading=False, followup=True)

    def edit(self, token: str, message_id: str, body: Json, uploads: list[Upload]) -> Json:
        message = self.message(self.by_token(token), message_id)
        _check(body, uploads, message, path=())
        return self.posting.edit(message, body, uploads)

    def delete(self, token: str, message_id: str) -> None:
        self.posting.delete(self.message(self.by_token(token), message_id))

    async def wait_choices(self, interaction: Interaction) -> list[Json]:
        """The bot's answer to an autocomplete, or TimeoutError."""
        if interaction.choices is None or interaction.state == "failed":
            raise TimeoutError
        await asyncio.wait([interaction.choices])
        if interaction.choices.cancelled():
            raise TimeoutError
        return interaction.choices.result()

    def stop(self) -> None:
        for interaction in self.known.values():
            if interaction.timer is not None:
                interaction.timer.cancel()


def _check(body: Json, uploads: list[Upload], message: Json, path: tuple[str, ...] = ("data",)) -> None:
    v2 = bool(message["flags"] & COMPONENTS_V2)
    check_message(body, files=len(uploads), path=path, v2=v2)


def focused(options: list[Json]) -> Json:
    """The option that is being typed, wherever it is nested."""
    for option in options:
        if option.get("focused"):
            return option
        found = focused(option.get("options", []))
        if found:
            return found
    return {}


def new_interaction(
    world: World, kind: int, user_id: str, channel: Json, data: Json, **more: Any
) -> Interaction:
    now = asyncio.get_running_loop().time()
    token = secrets.token_urlsafe(48)
    guild_id = channel.get("guild_id")
    return Interaction(world.ids.next(), token, kind, user_id, guild_id, channel["id"], data, now, **more)
