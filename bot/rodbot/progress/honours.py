"""`/progress helped` and `/progress honours`: say who helped; a storyteller decides about that, and about badges."""

from uuid import UUID

import discord
from discord.ui import TextInput

from contract import badges as contract
from contract import endpoints
from contract.translation import N_, _, n_
from rodbot.core.calls import call, send
from rodbot.core.discord_types import Interaction
from rodbot.core.forms import Form, FormModal
from rodbot.core.options import Option, Values, command, field_option
from rodbot.core.persistent import ID, PersistentButton, PersistentItems, PersistentSelect, view_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape

BADGES = {
    "waiting": N_("**{name}** has earned the badge **{badge}** ({chronicle}), if you approve. {why}"),
    "confirmed": N_("**{name}** now has the badge **{badge}** ({chronicle})."),
    "refused": N_("You refused **{name}** the badge **{badge}** ({chronicle})."),
}
HELP = {
    "waiting": N_("**{name}** helped, says {by} ({chronicle}):"),
    "confirmed": N_("**{name}** helped, and you confirmed it ({chronicle}):"),
    "refused": N_("**{name}** helped, says {by} ({chronicle}). You refused it:"),
}


async def _helped(interaction: Interaction, values: Values) -> Reply:
    act = await send(interaction, endpoints.REPORT_HELP, values)
    name, chronicle = escape(act.helper.name, 60), escape(act.chronicle.name, 100)
    thanks = _(
        "Thanks! {name} gets points once a storyteller of {chronicle} confirms it.",
        chronicle=chronicle,
        name=name,
    )
    return Reply(content=clip(f"{thanks}\n> {escape(act.text, 300)}", MESSAGE))


async def _honours(interaction: Interaction, values: Values) -> Reply:
    return listed((await call(interaction, endpoints.LIST_HONOURS, contract.ListHonours())).results)


def listed(honours: list[contract.Honour]) -> Reply:
    """A menu of what waits; one alone is shown at once."""
    if not honours:
        return Reply(content=_("Nothing is waiting for your decision here."))
    if len(honours) == 1:
        return render(honours[0])
    waiting = n_(
        "{count} decision is waiting. Which one?", "{count} decisions are waiting. Which one?", len(honours)
    )
    return Reply(content=waiting, view=view_of(Choose(honours)))


def render(honour: contract.Honour) -> Reply:
    """What it is about, with the buttons of who decides."""
    if honour.state != "waiting":
        return Reply(content=_text(honour), view=view_of())
    return Reply(content=_text(honour), view=view_of(Confirm(honour.id, honour.kind), Refuse(honour.id)))


def _text(honour: contract.Honour) -> str:
    name, chronicle = escape(honour.user.name, 60), escape(honour.chronicle.name, 100)
    if honour.kind == "badge":
        sentence = BADGES[honour.state]
        return _(sentence, name=name, chronicle=chronicle, badge=_(honour.label), why=_(honour.why))
    by = escape(honour.reported_by.name, 60) if honour.reported_by else ""
    return clip(
        f"{_(HELP[honour.state], name=name, chronicle=chronicle, by=by)}\n> {escape(honour.text, 300)}",
        MESSAGE,
    )


class Choose(PersistentSelect, template=r"honour"):
    def __init__(self, honours: list[contract.Honour] | None = None) -> None:
        options = [(str(row.id), f"{row.user.name}: {_(row.label) or row.text}") for row in honours or ()]
        super().__init__("honour", _("Choose a decision"), options or [("0", "…")])

    async def used(self, interaction: Interaction) -> Reply:
        named = contract.NamedHonour(honour=UUID(self.values[0]))
        return render(await call(interaction, endpoints.GET_HONOUR, named))


class Confirm(PersistentButton, template=rf"honoured:{ID}"):
    """Approves a badge, or confirms help. The backend decides who may."""

    def __init__(self, honour: UUID | str, kind: str = "badge") -> None:
        self.honour = UUID(str(honour))
        label = _("Approve") if kind == "badge" else _("Confirm")
        super().__init__(f"honoured:{honour}", label, discord.ButtonStyle.success)

    async def used(self, interaction: Interaction) -> Reply:
        named = contract.NamedHonour(honour=self.honour)
        return render(await call(interaction, endpoints.CONFIRM_HONOUR, named))


class Refuse(PersistentButton, template=rf"unhonoured:{ID}"):
    """Opens a form for the reason, which may stay empty."""

    def __init__(self, honour: UUID | str) -> None:
        self.honour = UUID(str(honour))
        super().__init__(f"unhonoured:{honour}", _("Refuse"), discord.ButtonStyle.danger)

    async def callback(self, interaction: Interaction) -> None:
        style = discord.TextStyle.paragraph
        reason = TextInput[FormModal](
            label=_("Reason"), custom_id="reason", style=style, required=False, max_length=contract.MAX_REASON
        )
        form = FormModal("unhonoured", str(self.honour), _("Refuse"), reason)
        await interaction.response.send_modal(form)


async def _refuse(interaction: Interaction, honour: str, form: dict[str, str]) -> Reply:
    given = contract.RefuseHonour(honour=UUID(honour), reason=form.get("reason") or None)
    return render(await call(interaction, endpoints.REFUSE_HONOUR, given))


COMMANDS = (
    command(
        "helped",
        "Say that somebody helped; a storyteller confirms it",
        [
            Option("user", discord.User, "Who helped", True),
            field_option(contract.ReportHelp, "text", "What they helped with"),
        ],
        _helped,
    ),
    command("honours", "For storytellers: badges and help that wait for you", [], _honours),
)
PERSISTENT: PersistentItems = (Choose, Confirm, Refuse)
FORMS = (Form("unhonoured", _refuse),)
