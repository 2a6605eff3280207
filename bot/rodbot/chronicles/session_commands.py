"""`/session …`: when a chronicle plays, who came, and what they get for it."""

import discord
from discord import app_commands
from discord.app_commands import Range

from contract import endpoints, episodes
from contract.episodes import (
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
from rodbot.chronicles.session_messages import ended, name_of, render, time_of
from rodbot.core.calls import call, send
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.mentions import mention
from rodbot.core.options import Option, Short, Values, add_command, command, field_option, number
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines, timestamp

group = app_commands.Group(
    name="session", description="Sessions: when you play, who came, and what they get", guild_only=True
)
SHOWN = 15
IN_WORDS = {
    "weekly": N_("Every {weekday} at {time} ({zone}). The next dates, on your clock:"),
    "fortnightly": N_("Every second {weekday} at {time} ({zone}). The next dates, on your clock:"),
}


async def _sessions(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
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
    planned = (await send(interaction, endpoints.PLAN_EPISODE, values)).episode
    return render(planned, _("A session is planned. Are you coming?"), posted=True)


async def _edit(interaction: Interaction, values: Values) -> Reply:
    if not any(values.get(name) is not None for name in ("title", "planned_for", "summary")):
        raise Refused(_("Choose what to change: the title, the date or the summary."))
    changed = await send(interaction, endpoints.CHANGE_EPISODE, values)
    return render(changed.episode, _("Session changed."))


async def _next(interaction: Interaction, values: Values) -> Reply:
    listed = await send(interaction, endpoints.LIST_EPISODES, values, limit=1)
    ahead = next((row for row in listed.results if row.status in ("live", "planned")), None)
    if ahead is not None:
        return render(ahead)
    lines = [_("No session is planned."), *_by_schedule(listed)]
    return Reply(content=" ".join(lines))


def _by_schedule(given: OneSchedule) -> list[str]:
    if not given.upcoming:
        return []
    at = given.upcoming[0]
    return [_("By the schedule it’s {time} ({left}).", time=timestamp(at, "f"), left=timestamp(at))]


async def _start(interaction: Interaction, values: Values) -> Reply:
    started = (await send(interaction, endpoints.START_EPISODE, values)).episode
    return render(started, _("The session has started."), posted=True)


async def _end(interaction: Interaction, values: Values) -> Reply:
    return ended((await send(interaction, endpoints.END_EPISODE, values)).episode)


async def _cancel(interaction: Interaction, values: Values) -> Reply:
    cancelled = (await send(interaction, endpoints.CANCEL_EPISODE, values)).episode
    return render(cancelled, _("Session called off. Nobody’s streak breaks by it."))


async def _attend(interaction: Interaction, values: Values) -> Reply:
    if values.get("user") is not None or values.get("state") is not None:
        return await _tick(interaction, values)
    if values.get("coming") is not None:
        return render((await send(interaction, endpoints.ANSWER_EPISODE, values)).episode)
    return render((await send(interaction, endpoints.GET_EPISODE, values)).episode)


async def _tick(interaction: Interaction, values: Values) -> Reply:
    if values.get("user") is None or values.get("state") is None:
        raise Refused(_("Choose a member, and whether they came."))
    ticks = [{"user": str(values["user"].id), "state": values["state"]}]
    return render((await send(interaction, endpoints.TICK_ATTENDANCE, values, ticks=ticks)).episode)


async def _award(interaction: Interaction, values: Values) -> Reply:
    return Reply(content=_awarded(await send(interaction, endpoints.AWARD_SESSION, values)))


def _awarded(given: SessionAwarded) -> str:
    lines = [_("{session}: awarded.", session=name_of(given.episode))]
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
                "Plays several characters: {names}. Choose theirs on the sessions page, then award again.",
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
        hint = _("There are no sessions yet. {command} plans the first one.", command=mention("session plan"))
        return Reply(content=" ".join([hint, *_by_schedule(listed)]))
    lines = [f"• **{name_of(row)}**: {time_of(row)}" for row in listed.results]
    return Reply(content=clip(join_lines(lines, MESSAGE, 40), MESSAGE))


async def _streak(interaction: Interaction, values: Values) -> Reply:
    """One's own; a storyteller sees everybody's."""
    found = (await send(interaction, endpoints.LIST_STREAKS, values)).results
    if not found:
        return Reply(content=_("No streak yet. It begins with the first session that you come to."))
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
        return Reply(content=_("The schedule is gone. Sessions that are planned stay."))
    if all(values.get(name) is None for name in CHANGES):
        return _shown(await send(interaction, endpoints.GET_SCHEDULE, values))
    return _shown(await send(interaction, endpoints.SET_SCHEDULE, values))


def _shown(given: OneSchedule) -> Reply:
    if given.schedule is None:
        sentence = _(
            "There’s no schedule yet. Set one with {command}: the weekday, the time and the time zone.",
            command=mention("session schedule"),
        )
        return Reply(content=sentence)
    dates = [f"• {timestamp(at, 'F')}" for at in given.upcoming]
    return Reply(content="\n".join([_in_words(given.schedule), *dates]))


def _in_words(schedule: Schedule) -> str:
    weekday, zone = _(WEEKDAYS[schedule.weekday]), escape(schedule.timezone, 64)
    return _(IN_WORDS[schedule.rhythm], weekday=weekday, time=schedule.time, zone=zone)


SESSION = Option(
    "session",
    Short,
    "Session (default: the one that fits)",
    complete=completion(_sessions, "sessions"),
    field="episode",
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
        "plan", "Plan a session, and ask who is coming", [TITLE, WHEN, SUMMARY, WHICH], _plan, public=True
    )
)
add_command(
    group, "edit", "Change a session’s title, date or summary", [SESSION, TITLE, MOVED, SUMMARY, WHICH], _edit
)
add_command(group, "next", "Show the next session, and say whether you’re coming", [WHICH], _next)
group.add_command(
    command(
        "start", "Start the session that is planned, or one right now", [SESSION, WHICH], _start, public=True
    )
)
add_command(group, "end", "End the session, and tick who came", [SUMMARY, SESSION, WHICH], _end)
add_command(group, "cancel", "Call a planned session off", [SESSION, WHICH], _cancel)
add_command(
    group,
    "attend",
    "Say whether you’re coming; for storytellers: tick who came",
    [
        Option("coming", bool, "Whether you’re coming"),
        Option("user", discord.User, "Member, for storytellers"),
        Option(
            "state",
            str,
            "Whether that member came",
            choices=tuple((label, state) for state, label in STATES.items()),
        ),
        SESSION,
        WHICH,
    ],
    _attend,
)
add_command(
    group,
    "award",
    "Award Experience and points to those who came",
    [
        number("experience", 0, 1000, "Experience for the character of each of them (default: points alone)"),
        field_option(episodes.AwardSession, "reason", "Reason (default: the session)"),
        SESSION,
        WHICH,
    ],
    _award,
)
add_command(group, "list", "List the sessions of a chronicle", [WHICH], _list)
add_command(group, "streak", "How many sessions in a row you came to", [WHICH], _streak)
add_command(
    group,
    "schedule",
    "Show when you play, or set it",
    [
        Option(
            "weekday",
            str,
            "The day on which you play",
            choices=tuple((label, day) for day, label in WEEKDAYS.items()),
        ),
        Option("time", Short, "When you begin, such as 19:30"),
        Option("timezone", Short, "Whose clock counts, such as Europe/Berlin (default: yours)"),
        Option("rhythm", str, "How often", choices=tuple((label, name) for name, label in RHYTHMS.items())),
        Option("starts", Short, "A date from which it counts, such as 2026-12-24"),
        field_option(episodes.SetSchedule, "minutes", "How many minutes a session takes"),
        Option("off", bool, "Remove the schedule"),
        WHICH,
    ],
    _schedule,
)
