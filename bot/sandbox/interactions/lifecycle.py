"""Interactions from start to the end of their token: deadlines, callbacks, followups."""

import asyncio

from sandbox.changes.content import Upload
from sandbox.changes.messages import Extra, Posting
from sandbox.delivery.events import Events
from sandbox.errors import ApiError, Json, Path
from sandbox.interactions.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from sandbox.state.world import World
from sandbox.validation.commands import check_autocomplete
from sandbox.validation.components import check_modal
from sandbox.validation.forms import Form
from sandbox.validation.messages import COMPONENTS_V2, EPHEMERAL, LOADING, check_message

PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
CHAT_REPLY, MENU_REPLY = 20, 23  # types of a message that answers a command
KEPT = 5000


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

    # Start

    def start(self, interaction: Interaction, payload: Json) -> None:
        """Send an interaction to the bot; it fails when no answer comes before the deadline."""
        self.known[interaction.id] = self.tokens[interaction.token] = interaction
        while len(self.known) > KEPT:
            oldest = self.known.pop(next(iter(self.known)))
            del self.tokens[oldest.token]
        gateway = self.events.gateway
        if gateway.session_for(interaction.guild_id) is None:
            self._fail(interaction, "The bot is not connected.")
            return
        loop = asyncio.get_running_loop()
        reason = "The application did not respond."
        interaction.timer = loop.call_later(self.acknowledge, self._fail, interaction, reason)
        self._notify_person(interaction)
        gateway.dispatch("INTERACTION_CREATE", payload, guild_id=interaction.guild_id)

    def _fail(self, interaction: Interaction, reason: str) -> None:
        interaction.state = "failed"
        if interaction.choices is not None and not interaction.choices.done():
            interaction.choices.cancel()
        self._notify_person(interaction, reason)

    def _notify_person(self, interaction: Interaction, reason: str = "") -> None:
        if interaction.type == AUTOCOMPLETE:
            return
        frame: Json = {
            "type": "interaction",
            "id": interaction.id,
            "state": interaction.state,
            "reason": reason,
            "response": interaction.response,
            "message": interaction.original_id,
        }
        self.events.live.to_user(interaction.user_id, frame)

    # The callback

    def callback(self, interaction_id: str, token: str, body: Json, uploads: list[Upload]) -> Json:
        interaction = self.known.get(interaction_id)
        if interaction is None or interaction.token != token or interaction.state == "failed":
            raise ApiError(10062)
        if interaction.state == "acknowledged":
            raise ApiError(40060)
        form = Form(body)
        kind = form.choice("type", self._allowed(interaction)) or 0
        data = form.part("data").body if body.get("data") is not None else {}
        form.check()
        message = self._respond(interaction, kind, data, uploads)
        interaction.response = kind
        self._acknowledged(interaction)
        return self._shown(interaction, message)

    def _allowed(self, interaction: Interaction) -> tuple[int, ...]:
        """Return the kinds of answer that an interaction takes."""
        if interaction.type == AUTOCOMPLETE:
            return (CHOICES,)
        allowed: tuple[int, ...] = (MESSAGE, DEFER)
        if interaction.from_component:
            allowed += (DEFER_UPDATE, UPDATE)
        return allowed if interaction.type == MODAL_SUBMIT else (*allowed, MODAL)

    def _respond(self, interaction: Interaction, kind: int, data: Json, uploads: list[Upload]) -> Json | None:
        if kind == CHOICES:
            option = focused_option(interaction.data.get("options", []))
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
            check_message(data, files=len(uploads), path=("data",))
            message = self._post(interaction, data, uploads, loading=kind == DEFER)
            interaction.original_id = message["id"]
            return message
        interaction.original_id = interaction.message_id
        clicked = self.world.find_message(str(interaction.message_id))
        if kind == UPDATE:
            self._edit(clicked, data, uploads, ("data",))
        return clicked

    def _acknowledged(self, interaction: Interaction) -> None:
        interaction.state = "acknowledged"
        if interaction.parent is not None:
            interaction.parent.modal = None  # an answered form is closed; an unanswered one stays open
        if interaction.timer is not None:
            interaction.timer.cancel()
        self._notify_person(interaction)

    def _shown(self, interaction: Interaction, message: Json | None) -> Json:
        about: Json = {"id": interaction.id, "type": interaction.type, "channel_id": interaction.channel_id}
        if interaction.guild_id:
            about["guild_id"] = interaction.guild_id
        shown: Json = {"interaction": about}
        if message is None:
            return shown
        about["response_message_id"] = message["id"]
        about["response_message_loading"] = bool(message["flags"] & LOADING)
        about["response_message_ephemeral"] = bool(message["flags"] & EPHEMERAL)
        if interaction.response != DEFER_UPDATE:
            kind = UPDATE if interaction.response == UPDATE else MESSAGE
            shown["resource"] = {"type": kind, "message": self.world.show_message(message)}
        return shown

    # Messages of an interaction

    def _post(
        self,
        interaction: Interaction,
        data: Json,
        uploads: list[Upload],
        *,
        loading: bool = False,
        followup: bool = False,
    ) -> Json:
        metadata, kind = self._metadata(interaction), 0
        fields: Json = {"application_id": self.world.bot_id, "webhook_id": self.world.bot_id}
        fields["interaction_metadata"] = metadata
        if followup:
            metadata["original_response_message_id"] = interaction.original_id
        elif interaction.type == COMMAND:
            fields["interaction"] = {key: metadata[key] for key in ("id", "type", "name", "user")}
            kind = MENU_REPLY if interaction.data.get("target_id") else CHAT_REPLY
        ephemeral = int(data.get("flags") or 0) & EPHEMERAL
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
        interaction = self.tokens.get(token)
        now = asyncio.get_running_loop().time()
        if interaction is None or now - interaction.born > self.token_life:
            raise ApiError(50027)
        if interaction.state != "acknowledged":
            raise ApiError(10015)
        return interaction

    def message(self, interaction: Interaction, message_id: str) -> Json:
        """Return a message of this application in the interaction's channel."""
        if message_id == "@original":
            return self.world.find_message(interaction.original_id or "")
        message = self.world.find_message(message_id)
        if message["author"]["id"] != self.world.bot_id or message["channel_id"] != interaction.channel_id:
            raise ApiError(10008)
        return message

    def followup(self, token: str, body: Json, uploads: list[Upload]) -> Json:
        """Post a followup. The first one after a deferred answer fills that answer and keeps its id."""
        interaction = self.by_token(token)
        check_message(body, files=len(uploads))
        original = self.world.messages.get(interaction.channel_id, {}).get(interaction.original_id or "")
        if interaction.response == DEFER and original is not None and original["flags"] & LOADING:
            return self.posting.edit(original, body, uploads)
        return self._post(interaction, body, uploads, followup=True)

    def edit(self, token: str, message_id: str, body: Json, uploads: list[Upload]) -> Json:
        message = self.message(self.by_token(token), message_id)
        return self._edit(message, body, uploads)

    def _edit(self, message: Json, body: Json, uploads: list[Upload], path: Path = ()) -> Json:
        v2 = bool(message["flags"] & COMPONENTS_V2)
        check_message(body, files=len(uploads), path=path, v2=v2)
        return self.posting.edit(message, body, uploads)

    def delete(self, token: str, message_id: str) -> None:
        self.posting.delete(self.message(self.by_token(token), message_id))

    async def wait_choices(self, interaction: Interaction) -> list[Json]:
        """Wait for the bot's answer to an autocomplete, or raise TimeoutError."""
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


def focused_option(options: list[Json]) -> Json:
    """Find the option that is being typed, wherever it is nested."""
    for option in options:
        focused = option if option.get("focused") else focused_option(option.get("options", []))
        if focused:
            return focused
    return {}
