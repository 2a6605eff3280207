"""`/request`: a storyteller asks players for a roll. One message shows who has answered, and is kept up to date."""

from typing import Final
from uuid import UUID

import discord
from discord.app_commands import Range

from contract import endpoints
from contract.roll_requests import (
    AnswerRequest,
    AskedPlayer,
    Lead,
    NamedRequest,
    RollRequest,
    summary_of,
)
from contract.schema import DiceSchema, OptionSchema
from contract.translation import _, n_, p_
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Command, Interaction
from rodbot.core.errors import Refused
from rodbot.core.forms import Form, FormModal
from rodbot.core.options import Option, Values, command, number
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, view_of
from rodbot.core.places import require_postable
from rodbot.core.questions import CHOSEN
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp
from rodbot.dice.buttons import reply
from rodbot.dice.general import AnyRoll
from rodbot.dice.options import HIDE, POOL

KIND: Final = "roll_request"
MOST = 10
PLAYERS = tuple(f"player{n}" for n in range(1, MOST + 1))
OPEN_POOL = Option(POOL.name, POOL.kind, "What to roll (default: the players choose)")
WAITING, ANSWERED = "◇", "◆"


def render(request: RollRequest) -> Reply:
    """The message of a request, kept up to date."""
    view = view_of(
        Answer(request.id, not request.pool) if request.open else None,
        Refresh(request.id),
        Close(request.id) if request.open else None,
    )
    return Reply(content=summary(request), view=view, live=(KIND, request.id))


def summary(request: RollRequest) -> str:
    """Who asks for what, until when, and who has answered."""
    name = escape(request.storyteller.name or _("The storyteller"), 60)
    if request.text:
        lines = [_("**{name}** asks for a roll: {text}", name=name, text=escape(request.text, 200))]
    else:
        lines = [_("**{name}** asks for a roll.", name=name)]
    pool = escape(request.pool, 200) if request.pool else _("your choice")
    lines.append(_("Pool: {pool}", pool=pool))
    if request.difficulty_hidden:
        lines.append(_("Difficulty: hidden"))
    elif request.difficulty is not None:
        lines.append(_("Difficulty: {difficulty}", difficulty=request.difficulty))
    lines.append(_until(request))
    lines += [_player(player) for player in request.players]
    if request.lead:
        lines.append(_lead(request.lead))
    return clip(join_lines(lines, MESSAGE, 40), MESSAGE)


def _until(request: RollRequest) -> str:
    if not request.open:
        return _("This request is closed.")
    until, left = timestamp(request.deadline, "t"), timestamp(request.deadline)
    return _("Open until {time} ({left})", time=until, left=left)


def _player(player: AskedPlayer) -> str:
    """A mention, which Discord shows as the name. Only the new message notifies, see `Reply.notify`."""
    name = f"<@{player.user.discord_id}>" if player.user.discord_id else escape(player.user.name, 60)
    if not player.answered_at:
        return " ".join([WAITING, _("{name}: waiting", name=name)])
    answer = escape(summary_of(player.roll) if player.roll else player.summary, 150) or _("answered")
    return f"{ANSWERED} {name}: {answer}"


def _lead(lead: Lead) -> str:
    if lead.player is None:
        return _("It’s a tie.")
    name = f"<@{lead.player.discord_id}>" if lead.player.discord_id else escape(lead.player.name, 60)
    return n_("{name} is ahead by {count}.", "{name} is ahead by {count}.", lead.by, name=name)


class _RequestButton(PersistentButton, template=r"-"):
    """A button of a request. The backend decides who may press it."""

    def __init__(
        self,
        request: UUID | str,
        custom_id: str,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        self.request = str(request)
        super().__init__(custom_id, label, style)


class Answer(_RequestButton, template=rf"answer:{ID}:([01])"):
    """Rolls for the player; where the pool is open, a form asks for it first."""

    def __init__(self, request: UUID | str, open_pool: bool | str) -> None:
        self.open_pool = open_pool in (True, "1")
        super().__init__(
            request,
            f"answer:{request}:{int(self.open_pool)}",
            p_("button", "Roll"),
            discord.ButtonStyle.primary,
        )

    async def callback(self, interaction: Interaction) -> None:
        if self.open_pool:
            pool = discord.ui.TextInput[FormModal](
                label=_("Pool"), custom_id="pool", placeholder=_("strength + brawl, or 5"), max_length=200
            )
            await interaction.response.send_modal(FormModal("answer", self.request, _("Your roll"), pool))
        else:
            await super().callback(interaction)

    async def used(self, interaction: Interaction) -> Reply:
        return await _answer(interaction, self.request, {})


async def _answer(interaction: Interaction, request: str, form: dict[str, str]) -> Reply:
    """The message with the new answer in it, and the roll as a second one."""
    given = AnswerRequest(request=UUID(request), pool=form.get("pool") or None)
    answer = await call(interaction, endpoints.ANSWER_REQUEST, given)
    card = reply(interaction, answer)
    card.public = answer.roll.visibility == "public"
    if CHOSEN in interaction.extras:  # the menu was pressed; the message of the request follows by itself
        return Reply(content=_("Rolled."), view=view_of(), then=card)
    message = render(answer.request)
    message.then = card
    return message


class Refresh(_RequestButton, template=rf"asked:{ID}"):
    """Brings the message up to date where it could not be registered as live."""

    def __init__(self, request: UUID | str) -> None:
        super().__init__(request, f"asked:{request}", _("Refresh"))

    async def used(self, interaction: Interaction) -> Reply:
        given = NamedRequest(request=UUID(self.request))
        return render((await call(interaction, endpoints.GET_REQUEST, given)).request)


class Close(_RequestButton, template=rf"endrequest:{ID}"):
    def __init__(self, request: UUID | str) -> None:
        super().__init__(request, f"endrequest:{request}", p_("button", "Close"))

    async def used(self, interaction: Interaction) -> Reply:
        given = NamedRequest(request=UUID(self.request))
        return render((await call(interaction, endpoints.CLOSE_REQUEST, given)).request)


def request_command(dice: DiceSchema) -> Command:
    """What the sheet says is left to the player; the rest can be laid down."""
    any_roll = AnyRoll(dice.model_copy(update={"any_roll": tuple(filter(_can_be_asked, dice.any_roll))}))

    async def work(interaction: Interaction, values: Values) -> Reply:
        return await _ask(interaction, any_roll, values)

    options = [
        Option("player1", discord.User, "Who should roll", True),
        OPEN_POOL,
        Option("text", Range[str, 1, 200], "What it’s about"),
        *any_roll.options,
        any_roll.system,
        HIDE,
        number("minutes", 1, 10080, "Minutes until it closes (default: 60)"),
        *(Option(name, discord.User, "Another player") for name in PLAYERS[1:]),
    ]
    return command("request", "For storytellers: ask players for a roll", options, work, public=True)


def _can_be_asked(option: OptionSchema) -> bool:
    return not option.by_sheet and option.number is None


async def _ask(interaction: Interaction, any_roll: AnyRoll, values: Values) -> Reply:
    if interaction.guild_id is None:
        raise Refused(_("This only works on a server."))
    require_postable(interaction)
    people = [values[name] for name in PLAYERS if values.get(name)]
    wanted = list(dict.fromkeys(person.id for person in people if not person.bot))
    if not wanted:
        raise Refused(_("Choose at least one player who isn’t a bot."))
    fields = any_roll.pool_of(values) | {"options": any_roll.options_of(values)}
    players = [str(person) for person in wanted]
    asked = await send(interaction, endpoints.ASK_FOR_ROLL, values, players=players, **fields)
    message = render(asked.request)
    message.notify = wanted
    return message


PERSISTENT: PersistentItems = (Answer, Close, Refresh)
FORMS = (Form("answer", _answer),)
