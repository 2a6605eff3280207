"""`/episode …`: when a chronicle plays, who came, and what they get for it."""

from collections.abc import Mapping

import discord
from discord import app_commands
from discord.app_commands import Range

from contract import endpoints, episodes
from contract.episodes import (
    ANSWERS,
    CALENDAR_VERBS,
    RHYTHMS,
    STATES,
    WEEKDAYS,
    Episode,
    OneSchedule,
    Schedule,
    SessionAwarded,
    TableStreak,
)
from contract.translation import N_, _, n_
from rodbot.chronicles.commands import WHICH
from rodbot.chronicles.episode_messages import announce, ended, name_of, render, time_of
from rodbot.chronicles.episode_recaps import recap
from rodbot.core.calls import call, send
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.mentions import mention
from rodbot.core.options import Option, Short, Values, add_command, command, field_option, number
from rodbot.core.places import require_postable, require_postable_in
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, code, escape, join_lines, timestamp

group = app_commands.Group(
    name="episode", description="Episodes: when you play, who came, and what they get", guild_only=True
)
SHOWN = 15
# A day and an hour before → what is said of them.
REMINDERS = {
    (True, True): N_("You get a message a day before an episode, and one an hour before."),
    (True, False): N_("You get a message a day before an episode."),
    (False, True): N_("You get a message an hour before an episode."),
    (False, False): N_("You get no messages before episodes of this chronicle."),
}
IN_WORDS = {
    "weekly": N_("Every {weekday} at {time} ({zone}). The next dates, on your clock:"),
    "fortnightly": N_("Every second {weekday} at {time} ({zone}). The next dates, on your clock:"),
}


def _choices(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for value, label in labels.items())


async def _episodes(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    listed = await call(interaction, endpoints.LIST_EPISODES, episodes.ListEpisodes())
    return matching([(str(row.id), _label(row)) for row in listed.results], query)


def _label(episode: Episode) -> str:
    day = f"{episode.planned_for:%Y-%m-%d}"
    if episode.number is None:
        return " · ".join(part for part in (_("Called off"), episode.title, day) if part)
    if episode.title:
        return _("{number}: {title} ({day})", number=episode.number, title=episode.title, day=day)
    return _("{number} ({day})", number=episode.number, day=day)


async def _plan(interaction: Interaction, values: Values) -> Reply:
    require_postable(interaction)
    return announce((await send(interaction, endpoints.PLAN_EPISODE, values)).episode)


async def _edit(interaction: Interaction, values: Values) -> Reply:
    if not any(values.get(name) is not None for name in ("title", "planned_for", "summary")):
        raise Refused(_("Choose what to change: the title, the date or the summary."))
    changed = await send(interaction, endpoints.CHANGE_EPISODE, values)
    return render(changed.episode, _("Episode changed."))


async def _next(interaction: Interaction, values: Values) -> Reply:
    listed = await send(interaction, endpoints.LIST_EPISODES, values, limit=1)
    ahead = next((row for row in listed.results if row.status in ("live", "planned")), None)
    if ahead is not None:
        return render(ahead)
    lines = [_("No episode is planned."), *_by_schedule(listed)]
    return Reply(content=" ".join(lines))


def _by_schedule(given: OneSchedule) -> list[str]:
    if not given.upcoming:
        return []
    at = given.upcoming[0]
    return [_("By the schedule it’s {time} ({left}).", time=timestamp(at, "f"), left=timestamp(at))]


async def _start(interaction: Interaction, values: Values) -> Reply:
    require_postable(interaction)
    return announce((await send(interaction, endpoints.START_EPISODE, values)).episode)


async def _end(interaction: Interaction, values: Values) -> Reply:
    return ended((await send(interaction, endpoints.END_EPISODE, values)).episode)


async def _cancel(interaction: Interaction, values: Values) -> Reply:
    cancelled = (await send(interaction, endpoints.CANCEL_EPISODE, values)).episode
    return render(cancelled, _("Episode called off. Nobody’s streak breaks by it."))


async def _rsvp(interaction: Interaction, values: Values) -> Reply:
    return render((await send(interaction, endpoints.ANSWER_EPISODE, values)).episode)


async def _who(interaction: Interaction, values: Values) -> Reply:
    return render((await send(interaction, endpoints.GET_EPISODE, values)).episode)


async def _tick(interaction: Interaction, values: Values) -> Reply:
    ticks = [{"user": str(values["user"].id), "state": values["state"]}]
    return render((await send(interaction, endpoints.TICK_ATTENDANCE, values, ticks=ticks)).episode)


async def _award(interaction: Interaction, values: Values) -> Reply:
    return Reply(content=_awarded(await send(interaction, endpoints.AWARD_SESSION, values)))


def _awarded(given: SessionAwarded) -> str:
    lines = [_("{episode}: awarded.", episode=name_of(given.episode))]
    for row in given.awarded:
        points = n_("{count} point", "{count} points", row.points)
        who = escape(row.user.name, 60)
        if row.character is None:
            lines.append(_("• {who}: {points}", who=who, points=points))
            continue
        what = _(
            "• {who}: {points}, and {experience} Experience for {character}",
            who=who,
            points=points,
            experience=row.experience,
            character=escape(row.character.name, 60),
        )
        lines.append(what)
    if given.unclear:
        names = ", ".join(escape(user.name, 60) for user in given.unclear)
        lines.append(
            _(
                "Plays several characters: {names}. Choose theirs on the episodes page, then award again.",
                names=names,
            )
        )
    if given.without:
        names = ", ".join(escape(user.name, 60) for user in given.without)
        lines.append(_("Has no character here, so no Experience: {names}.", names=names))
    return clip(join_lines(lines, MESSAGE, 60), MESSAGE)


async def _list(interaction: Interaction, values: Values) -> Reply:
    listed = await send(interaction, endpoints.LIST_EPISODES, values, limit=SHOWN)
    if not listed.results:
        hint = _("There are no episodes yet. {command} plans the first one.", command=mention("episode plan"))
        return Reply(content=" ".join([hint, *_by_schedule(listed)]))
    lines = [f"• **{name_of(row)}**: {time_of(row)}" for row in listed.results]
    return Reply(content=clip(join_lines(lines, MESSAGE, 40), MESSAGE))


async def _streak(interaction: Interaction, values: Values) -> Reply:
    """One's own; a storyteller sees everybody's."""
    found = (await send(interaction, endpoints.LIST_STREAKS, values)).results
    if not found:
        return Reply(content=_("No streak yet. It begins with the first episode that you come to."))
    return Reply(content=clip(join_lines([_streak_line(row) for row in found], MESSAGE, 40), MESSAGE))


def _streak_line(row: TableStreak) -> str:
    name = escape(row.user.name, 60)
    if row.grace:
        sentence = N_("• {name}: {current} in a row, at best {longest}. One miss is forgiven.")
    else:
        sentence = N_("• {name}: {current} in a row, at best {longest}. The next miss ends it.")
    return _(sentence, name=name, current=row.current, longest=row.longest)


async def _schedule(interaction: Interaction, values: Values) -> Reply:
    if values.get("off"):
        await send(interaction, endpoints.REMOVE_SCHEDULE, values)
        return Reply(content=_("The schedule is gone. Episodes that are planned stay."))
    if all(values.get(name) is None for name in CHANGES):
        return _shown(await send(interaction, endpoints.GET_SCHEDULE, values))
    return _shown(await send(interaction, endpoints.SET_SCHEDULE, values))


def _shown(given: OneSchedule) -> Reply:
    if given.schedule is None:
        sentence = _(
            "There’s no schedule yet. Set one with {command}: the weekday, the time and the time zone.",
            command=mention("episode schedule"),
        )
        return Reply(content=sentence)
    dates = [f"• {timestamp(at, 'F')}" for at in given.upcoming]
    return Reply(content="\n".join([_in_words(given.schedule), *dates]))


def _in_words(schedule: Schedule) -> str:
    weekday, zone = _(WEEKDAYS[schedule.weekday]), escape(schedule.timezone, 64)
    return _(IN_WORDS[schedule.rhythm], weekday=weekday, time=schedule.time, zone=zone)


async def _calendar(interaction: Interaction, values: Values) -> Reply:
    """The address is for the person alone: whoever has it can read the calendar."""
    asked = {**values, "calendar": values.get("calendar") or "show"}
    address = (await send(interaction, endpoints.SET_EPISODE_SETTINGS, asked)).calendar
    if address is None:
        return Reply(content=_("Your calendar’s address is revoked. Nothing can read it any more."))
    lines = [
        _("Your calendar of this chronicle, for any program that subscribes to calendars:"),
        code(address, 300),
        _(
            "Whoever has this address can read it. {command} makes a new one, and the old one stops working.",
            command=mention("episode calendar"),
        ),
    ]
    return Reply(content="\n".join(lines))


async def _channel(interaction: Interaction, values: Values) -> Reply:
    """Where what is planned on the web is announced: in this channel, unless another one is named."""
    if values.get("off"):
        nowhere = episodes.SetEpisodeChannel(chronicle=values.get("chronicle"), channel=None)
        await call(interaction, endpoints.SET_EPISODE_CHANNEL, nowhere)
        return Reply(content=_("Episodes that are planned on the web are announced nowhere."))
    if chosen := values.get("channel"):
        require_postable_in(chosen)
    else:
        require_postable(interaction)
    place = chosen.id if chosen else interaction.channel_id
    await send(interaction, endpoints.SET_EPISODE_CHANNEL, values, channel=str(place))
    said = _("Episodes that are planned on the web are announced in {channel}.", channel=f"<#{place}>")
    return Reply(content=said)


async def _remind(interaction: Interaction, values: Values) -> Reply:
    wants = any(values.get(name) is not None for name in ("remind_day", "remind_hour"))
    if wants:
        own = await send(interaction, endpoints.SET_EPISODE_SETTINGS, values)
    else:
        own = await send(interaction, endpoints.GET_EPISODE_SETTINGS, values)
    return Reply(content=_(REMINDERS[own.remind_day, own.remind_hour]))


EPISODE = Option(
    "episode",
    Short,
    "Episode (default: the one that fits)",
    complete=completion(_episodes, "episodes"),
)
TITLE = field_option(episodes.PlanEpisode, "title", "Title")
SUMMARY = Option("summary", Range[str, 1, 2000], "What it’s about, or what happened")
WHEN = Option(
    "when",
    Short,
    "Date and time, such as 2026-12-24 19:30 (default: the schedule’s next)",
    field="planned_for",
)
MOVED = Option("when", Short, "New date and time, such as 2026-12-24 19:30", field="planned_for")
CHANGES = ("weekday", "time", "timezone", "rhythm", "minutes", "starts")
group.add_command(
    command(
        "plan", "Plan an episode, and ask who is coming", [TITLE, WHEN, SUMMARY, WHICH], _plan, public=True
    )
)
add_command(
    group,
    "edit",
    "Change an episode’s title, date or summary",
    [EPISODE, TITLE, MOVED, SUMMARY, WHICH],
    _edit,
)
add_command(group, "next", "Show the next episode, and say whether you’re coming", [WHICH], _next)
group.add_command(
    command(
        "start", "Start the episode that is planned, or one right now", [EPISODE, WHICH], _start, public=True
    )
)
add_command(group, "end", "End the episode, and tick who came", [SUMMARY, EPISODE, WHICH], _end)
add_command(group, "cancel", "Call a planned episode off", [EPISODE, WHICH], _cancel)
add_command(
    group,
    "rsvp",
    "Say whether you’re coming",
    [
        Option("coming", str, "Whether you’re coming", required=True, choices=_choices(ANSWERS)),
        EPISODE,
        WHICH,
    ],
    _rsvp,
)
add_command(group, "who", "Show who is coming, and who came", [EPISODE, WHICH], _who)
add_command(
    group,
    "tick",
    "Storytellers: tick who came",
    [
        Option("user", discord.User, "Member", required=True),
        Option("state", str, "Whether that member came", required=True, choices=_choices(STATES)),
        EPISODE,
        WHICH,
    ],
    _tick,
)
add_command(group, "recap", "Read the recap of an episode; storytellers write it", [EPISODE, WHICH], recap)
add_command(
    group,
    "calendar",
    "The address of your calendar, to subscribe to; only you see the answer",
    [
        Option(
            "action",
            str,
            "What becomes of the address (default: show)",
            choices=_choices(CALENDAR_VERBS),
            field="calendar",
        ),
        WHICH,
    ],
    _calendar,
)
add_command(
    group,
    "channel",
    "Choose where episodes that are planned on the web are announced",
    [
        Option("channel", discord.TextChannel | discord.Thread, "Channel (default: this one)"),
        Option("off", bool, "Announce them nowhere"),
        WHICH,
    ],
    _channel,
)
add_command(
    group,
    "remind",
    "Switch your reminders of this chronicle’s episodes",
    [
        Option("day", bool, "A day before", field="remind_day"),
        Option("hour", bool, "An hour before", field="remind_hour"),
        WHICH,
    ],
    _remind,
)
add_command(
    group,
    "award",
    "Award Experience and points to those who came",
    [
        number("experience", 0, 1000, "Experience for the character of each of them (default: points alone)"),
        field_option(episodes.AwardSession, "reason", "Reason (default: the episode)"),
        EPISODE,
        WHICH,
    ],
    _award,
)
add_command(group, "list", "List the episodes of a chronicle", [WHICH], _list)
add_command(group, "streak", "How many episodes in a row you came to", [WHICH], _streak)
add_command(
    group,
    "schedule",
    "Show when you play, or set it",
    [
        Option(
            "weekday",
            str,
            "The day on which you play",
            choices=_choices(WEEKDAYS),
        ),
        Option("time", Short, "When you begin, such as 19:30"),
        Option("timezone", Short, "Whose clock counts, such as Europe/Berlin (default: yours)"),
        Option("rhythm", str, "How often", choices=_choices(RHYTHMS)),
        Option("starts", Short, "A date from which it counts, such as 2026-12-24"),
        field_option(episodes.SetSchedule, "minutes", "How many minutes an episode takes"),
        Option("off", bool, "Remove the schedule"),
        WHICH,
    ],
    _schedule,
)
