"""`/campaign …`: what the public sees of a chronicle. Everything is shown to who asks alone."""

from discord import app_commands

from contract import companion, endpoints
from contract.companion import Campaign, RosterEntry
from contract.translation import N_, _
from rodbot.chronicles.commands import WHICH
from rodbot.core.calls import call, send
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Short, Values, add_command, field_option
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines

group = app_commands.Group(
    name="campaign", description="What the public sees of your chronicle", guild_only=True
)
SWITCHES = {
    "is_listed": N_("In the list"),
    "shows_rolls": N_("Rolls"),
    "shows_players": N_("Names of players"),
    "shows_conflicts": N_("Who acts when"),
}
SHOWN = 40


async def _names(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    found = await call(interaction, endpoints.GET_CAMPAIGN, companion.GetCampaign())
    return matching([(str(entry.id), entry.name) for entry in found.characters], query)


CHARACTER = Option("character", Short, "Character", True, completion(_names, "campaign characters"))


def _described(campaign: Campaign, head: str = "") -> Reply:
    state = _("Public: {url}", url=campaign.url) if campaign.is_public else _("Not public.")
    options = [
        _("{label}: {state}", label=_(label), state=_("shown") if getattr(campaign, name) else _("hidden"))
        for name, label in SWITCHES.items()
    ]
    behind = _("{seconds} seconds behind", seconds=campaign.delay) if campaign.delay else ""
    lines = [
        head,
        f"**{escape(campaign.name, 100)}**",
        state,
        " · ".join(part for part in (*options, behind) if part),
        *(_entry(entry) for entry in campaign.characters if entry.on_roster or entry.public),
    ]
    return Reply(content=clip(join_lines([line for line in lines if line], MESSAGE, SHOWN), MESSAGE))


def _entry(entry: RosterEntry) -> str:
    marks = [_("on the roster")] if entry.on_roster else []
    if entry.public:
        trackers = ", ".join(_(label) for label in entry.trackers)
        marks.append(_("public: {trackers}", trackers=trackers) if trackers else _("public"))
    return f"• {escape(entry.name, 60)} — {'; '.join(marks)}"


async def _show(interaction: Interaction, values: Values) -> Reply:
    return _described(await send(interaction, endpoints.GET_CAMPAIGN, values))


async def _publish(interaction: Interaction, values: Values) -> Reply:
    done = await send(interaction, endpoints.PUBLISH_CAMPAIGN, values)
    return _described(done.campaign, _("Everybody sees what you show from now on."))


async def _unpublish(interaction: Interaction, values: Values) -> Reply:
    done = await send(interaction, endpoints.UNPUBLISH_CAMPAIGN, values)
    return _described(done.campaign, _("It’s off air."))


async def _settings(interaction: Interaction, values: Values) -> Reply:
    if not any(values.get(name) is not None for name in (*SWITCHES, "delay")):
        raise Refused(_("Choose what to change."))
    done = await send(interaction, endpoints.CHANGE_CAMPAIGN, values)
    return _described(done.campaign, _("Changed."))


async def _roster(interaction: Interaction, values: Values) -> Reply:
    done = await send(interaction, endpoints.CHANGE_ROSTER, {"on": True, **_given(values)})
    return _described(done.campaign, _("Roster changed."))


async def _air(interaction: Interaction, values: Values) -> Reply:
    done = await send(interaction, endpoints.SHOW_TRACKERS, {"on": True, **_given(values)})
    return _described(done.campaign, _("Changed."))


def _given(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


async def _token(interaction: Interaction, values: Values) -> Reply:
    given = await send(interaction, endpoints.ROTATE_TOKEN, values)
    return Reply(
        content=_(
            "Your new token, shown this once; the one before stopped working:\n||{token}||", token=given.token
        )
    )


async def _claim(interaction: Interaction, values: Values) -> Reply:
    done = await send(interaction, endpoints.CLAIM_CAMPAIGN, values)
    return _described(done.campaign, _("It’s yours now, with its server and its characters."))


add_command(group, "show", "Show what the public sees, and who is on the roster", [WHICH], _show)
add_command(group, "publish", "Make a chronicle public", [WHICH], _publish)
add_command(group, "unpublish", "Take a chronicle off air", [WHICH], _unpublish)
add_command(
    group,
    "settings",
    "Choose what the public sees, and how much later",
    [
        Option("listed", bool, "In the list of campaigns", field="is_listed"),
        Option("rolls", bool, "Rolls of characters on the roster", field="shows_rolls"),
        Option("players", bool, "Names of players", field="shows_players"),
        Option("conflicts", bool, "Who acts when in a conflict", field="shows_conflicts"),
        field_option(companion.ChangeCampaign, "delay", "Seconds by which everything is shown later"),
        WHICH,
    ],
    _settings,
)
add_command(
    group,
    "roster",
    "Put a character on the roster, or take it off",
    [CHARACTER, Option("on", bool, "On the roster (default: yes)"), WHICH],
    _roster,
)
add_command(
    group,
    "air",
    "Show a character and its trackers in public, or take it off air",
    [CHARACTER, Option("on", bool, "In public (default: yes)"), WHICH],
    _air,
)
add_command(group, "token", "Get a token for programs; the one before stops working", [WHICH], _token)
add_command(
    group,
    "claim",
    "Take over a campaign that a program made, with its token",
    [field_option(companion.ClaimCampaign, "token", "The campaign’s token, from “admin_” on")],
    _claim,
)
