"""What can be done with the sessions of a chronicle. What counts for streaks and points is in `progress.operations`."""

from collections.abc import Callable, Sequence
from uuid import UUID

from chronicle import episodes as reading
from chronicle.call import Call
from chronicle.episodes import AHEAD, SHOWN, Status
from chronicle.models import Episode
from chronicle.operations.servers import know_named_thread
from chronicle.services import attendance, episode_channel, episode_settings, episodes, recaps, schedules
from contract import endpoints
from contract import episodes as shapes
from contract.endpoints import Endpoint
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation

# The one that runs, else the last that did.
PLAYED = (Status.LIVE, Status.DONE)


def changed(call: Call, row: Episode) -> shapes.EpisodeChanged:
    """The session as it is now."""
    call.principal.forget(row.chronicle.server_id)
    fresh = reading.rows(row.chronicle).get(pk=row.pk)
    return shapes.EpisodeChanged(id=row.pk, episode=reading.episode_for(fresh, call.principal))


def replay(call: Call, kept: Kept) -> shapes.EpisodeChanged:
    row = Episode.objects.select_related("chronicle__server").get(pk=UUID(str(kept.body["id"])))
    call.chronicle_for(row.chronicle_id)
    return changed(call, row)


def meant(call: Call, given: shapes.EpisodeInput, statuses: Sequence[str] = AHEAD) -> Episode:
    """The session that is named, else the first of these statuses. A button knows its id alone, and no chronicle."""
    chronicle = None if given.chronicle else reading.chronicle_of(given.episode)
    return reading.find(
        call.chronicle_named(str(chronicle) if chronicle else given.chronicle), given.episode, statuses
    )


def _get_schedule(call: Call, given: shapes.GetSchedule) -> shapes.OneSchedule:
    """When a chronicle plays, with the next dates."""
    return reading.one_schedule(call.chronicle_named(given.chronicle))


def _set_schedule(call: Call, given: shapes.SetSchedule) -> shapes.OneSchedule:
    """Set when a chronicle plays, or change a part of it."""
    row = call.chronicle_named(given.chronicle)
    schedules.set_schedule(row, given, principal=call.principal, cause=call.cause)
    return reading.one_schedule(row)


def _remove_schedule(call: Call, given: shapes.RemoveSchedule) -> shapes.OneSchedule:
    """Play without a schedule from now on."""
    row = call.chronicle_named(given.chronicle)
    schedules.remove_schedule(row, principal=call.principal, cause=call.cause)
    return reading.one_schedule(row)


def _list(call: Call, given: shapes.ListEpisodes) -> shapes.Episodes:
    """The sessions of a chronicle, what is ahead first, and its schedule."""
    return reading.listed(call.principal, call.chronicle_named(given.chronicle), given)


def _get(call: Call, given: shapes.EpisodeInput) -> shapes.OneEpisode:
    """A session with who is coming and who came; unnamed, the one that runs, comes next, or was the last."""
    row = meant(call, given, SHOWN)
    return shapes.OneEpisode(episode=reading.episode_for(row, call.principal))


def _plan(call: Call, given: shapes.PlanEpisode) -> shapes.EpisodeChanged:
    """Plan an episode, by default at the next date of the schedule."""
    row = call.chronicle_named(given.chronicle)
    return changed(call, episodes.plan(row, given, principal=call.principal, cause=call.cause))


def _change(call: Call, given: shapes.ChangeEpisode) -> shapes.EpisodeChanged:
    """Change an episode’s title, date or summary, or say where its recording begins."""
    row = meant(call, given)
    return changed(call, episodes.change(row, given, principal=call.principal, cause=call.cause))


def _start(call: Call, given: shapes.EpisodeInput) -> shapes.EpisodeChanged:
    """Start the next planned session; where none is planned and none is named, a new one."""
    if given.episode is None:
        chronicle = call.chronicle_named(given.chronicle)
        planned = Episode.objects.filter(chronicle=chronicle, status=Status.PLANNED)
        if not planned.exists():
            return changed(call, episodes.start(chronicle, None, principal=call.principal, cause=call.cause))
    row = meant(call, given, [Status.PLANNED])
    return changed(call, episodes.start(row.chronicle, row, principal=call.principal, cause=call.cause))


def _cancel(call: Call, given: shapes.EpisodeInput) -> shapes.EpisodeChanged:
    """Call a planned episode off."""
    row = meant(call, given, [Status.PLANNED])
    return changed(call, episodes.cancel(row, principal=call.principal, cause=call.cause))


def _answer(call: Call, given: shapes.AnswerEpisode) -> shapes.EpisodeChanged:
    """Say whether you’re coming to a session."""
    row = meant(call, given, AHEAD)
    answered = attendance.answer(row, given.coming, principal=call.principal, cause=call.cause)
    return changed(call, answered)


def _write_recap(call: Call, given: shapes.WriteRecap) -> shapes.EpisodeChanged:
    """Write what is told of an episode, and publish it to the table or take it back."""
    row = meant(call, given, PLAYED)
    return changed(call, recaps.write(row, given, principal=call.principal, cause=call.cause))


def _get_settings(call: Call, given: shapes.GetEpisodeSettings) -> shapes.EpisodeSettings:
    """One’s own reminders in a chronicle, and the address of one’s calendar."""
    chronicle = call.chronicle_named(given.chronicle)
    return episode_settings.settings_for(episode_settings.settings_of(call.user, chronicle))


def _set_settings(call: Call, given: shapes.SetEpisodeSettings) -> shapes.EpisodeSettings:
    """Switch one’s own reminders in a chronicle; make, renew or revoke the address of one’s calendar."""
    chronicle = call.chronicle_named(given.chronicle)
    row = episode_settings.change_settings(call.user, chronicle, given)
    return episode_settings.settings_for(row)


def _settings_again(call: Call, kept: Kept) -> shapes.EpisodeSettings:
    chronicle = call.chronicle_for(UUID(str(kept.body["chronicle"])))
    return episode_settings.settings_for(episode_settings.settings_of(call.user, chronicle))


def _set_channel(call: Call, given: shapes.SetEpisodeChannel) -> shapes.EpisodeChannel:
    """Choose where episodes that are planned on the web are announced."""
    chronicle = call.chronicle_named(given.chronicle)
    know_named_thread(call, chronicle.server, given.channel)
    chosen = episode_channel.set_episode_channel(
        chronicle, given.channel, principal=call.principal, cause=call.cause
    )
    return shapes.EpisodeChannel(channel=chosen or None)


def on_episode(
    name: str,
    endpoint: Endpoint[InputT, shapes.EpisodeChanged],
    run: Callable[[Call, InputT], shapes.EpisodeChanged],
    right: str = "episode.run",
    status: int = 200,
) -> Operation[Call, InputT, shapes.EpisodeChanged]:
    """An operation that answers with the session after it."""
    return Operation(f"episodes.{name}", endpoint, run, right, status=status, replay=replay)


GET_SCHEDULE = Operation(
    "episodes.get_schedule", endpoints.GET_SCHEDULE, _get_schedule, "chronicle.view", reads=True
)
SET_SCHEDULE = Operation("episodes.set_schedule", endpoints.SET_SCHEDULE, _set_schedule, "episode.run")
REMOVE_SCHEDULE = Operation(
    "episodes.remove_schedule", endpoints.REMOVE_SCHEDULE, _remove_schedule, "episode.run"
)
LIST = Operation("episodes.list", endpoints.LIST_EPISODES, _list, "chronicle.view", reads=True)
GET = Operation("episodes.get", endpoints.GET_EPISODE, _get, "chronicle.view", reads=True)
PLAN = on_episode("plan", endpoints.PLAN_EPISODE, _plan, status=201)
CHANGE = on_episode("change", endpoints.CHANGE_EPISODE, _change)
START = on_episode("start", endpoints.START_EPISODE, _start)
CANCEL = on_episode("cancel", endpoints.CANCEL_EPISODE, _cancel)
ANSWER = on_episode("answer", endpoints.ANSWER_EPISODE, _answer, "episode.answer")
WRITE_RECAP = on_episode("write_recap", endpoints.WRITE_RECAP, _write_recap)
GET_SETTINGS = Operation(
    "episodes.get_settings", endpoints.GET_EPISODE_SETTINGS, _get_settings, "chronicle.view", reads=True
)
SET_SETTINGS = Operation(
    "episodes.set_settings",
    endpoints.SET_EPISODE_SETTINGS,
    _set_settings,
    "chronicle.view",
    replay=_settings_again,
)
SET_CHANNEL = Operation("episodes.set_channel", endpoints.SET_EPISODE_CHANNEL, _set_channel, "episode.run")
SESSIONS = "chronicles/<uuid:chronicle>/sessions/"
ONE = SESSIONS + "<uuid:episode>/"
REST: Addresses = {
    SESSIONS: {"GET": LIST, "POST": PLAN},
    SESSIONS + "schedule/": {"GET": GET_SCHEDULE, "PUT": SET_SCHEDULE, "DELETE": REMOVE_SCHEDULE},
    SESSIONS + "channel/": {"PUT": SET_CHANNEL},
    SESSIONS + "settings/": {"GET": GET_SETTINGS, "PATCH": SET_SETTINGS},
    ONE: {"GET": GET, "PATCH": CHANGE},
    ONE + "start/": {"POST": START},
    ONE + "cancel/": {"POST": CANCEL},
    ONE + "coming/": {"PUT": ANSWER},
    ONE + "recap/": {"PUT": WRITE_RECAP},
}
