"""Sessions, between rodbot's real client and the real backend: from the schedule to the award and the streak."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contract import endpoints, episodes
from contract.messages import LinkMessage
from rodbot.core.backend import Backend, BackendError
from tests.seam.conftest import GUILD, Mirror, Who

BERLIN = ZoneInfo("Europe/Berlin")


async def test_a_session_from_its_schedule_to_its_award(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    rhythm = episodes.SetSchedule(weekday="friday", time=time(19, 30), timezone="Europe/Berlin")
    assert (await olga().call(endpoints.SET_SCHEDULE, rhythm)).schedule
    assert (await nadia().call(endpoints.GET_SCHEDULE, episodes.GetSchedule())).schedule
    with pytest.raises(BackendError) as refused:
        await nadia().call(endpoints.PLAN_EPISODE, episodes.PlanEpisode(title="Mine"))
    assert refused.value.status == 403
    planned = (await olga().call(endpoints.PLAN_EPISODE, episodes.PlanEpisode(title="Seam"))).episode
    later = datetime.now(BERLIN) + timedelta(days=3)
    moved = episodes.ChangeEpisode(episode=str(planned.id), planned_for=later)
    assert (await olga().call(endpoints.CHANGE_EPISODE, moved)).episode.title == "Seam"
    named = episodes.EpisodeInput(episode=str(planned.id))
    coming = episodes.AnswerEpisode(episode=str(planned.id), coming="yes")
    answered = (await nadia().call(endpoints.ANSWER_EPISODE, coming)).episode
    assert [person.coming for person in answered.attendance] == ["yes"]
    assert (await olga().call(endpoints.START_EPISODE, named)).episode.status == "live"
    who = nadia().caller.acting.actor.id
    ticks = episodes.TickAttendance(episode=str(planned.id), ticks=[episodes.Tick(user=who, state="came")])
    assert (await olga().call(endpoints.TICK_ATTENDANCE, ticks)).episode.attendance
    ended = await olga().call(endpoints.END_EPISODE, episodes.EndEpisode(episode=str(planned.id)))
    assert ended.episode.status == "done"
    award = episodes.AwardSession(episode=str(planned.id))
    assert [given.points for given in (await olga().call(endpoints.AWARD_SESSION, award)).awarded] == [20]
    assert (await nadia().call(endpoints.GET_EPISODE, named)).episode.id == planned.id
    streaks = await nadia().call(endpoints.LIST_STREAKS, episodes.ListStreaks())
    assert [streak.current for streak in streaks.results] == [1]
    draft = await olga().call(endpoints.DRAFT_RECAP, named)
    assert draft.draft.startswith("Who came: ")
    told = episodes.WriteRecap(episode=str(planned.id), recap=draft.draft, published=True)
    assert (await olga().call(endpoints.WRITE_RECAP, told)).episode.recap == draft.draft
    assert (await nadia().call(endpoints.GET_EPISODE, named)).episode.recap == draft.draft
    off = (await olga().call(endpoints.PLAN_EPISODE, episodes.PlanEpisode(title="Off"))).episode
    cancelled = episodes.EpisodeInput(episode=str(off.id))
    assert (await olga().call(endpoints.CANCEL_EPISODE, cancelled)).episode.status == "cancelled"
    listed = (await nadia().call(endpoints.LIST_EPISODES, episodes.ListEpisodes())).results
    assert planned.id in [episode.id for episode in listed]
    assert (await olga().call(endpoints.REMOVE_SCHEDULE, episodes.RemoveSchedule())).schedule is None


async def test_reminders_a_calendar_and_where_episodes_are_announced(
    backend: Backend, sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    own = await nadia().call(endpoints.GET_EPISODE_SETTINGS, episodes.GetEpisodeSettings())
    assert (own.remind_day, own.remind_hour, own.calendar) == (True, True, None)
    wanted = episodes.SetEpisodeSettings(remind_hour=False, calendar="show")
    changed = await nadia().call(endpoints.SET_EPISODE_SETTINGS, wanted)
    assert (changed.remind_hour, changed.calendar is None) == (False, False)
    place = "700000000000000002"
    chosen = episodes.SetEpisodeChannel(channel=place)
    assert (await olga().call(endpoints.SET_EPISODE_CHANNEL, chosen)).channel == place
    later = datetime.now(BERLIN) + timedelta(days=9)
    planned = (await olga().call(endpoints.PLAN_EPISODE, episodes.PlanEpisode(planned_for=later))).episode
    posted = LinkMessage(kind="episode", id=planned.id, channel=place, message="740000000000000077")
    linked = await backend.report(endpoints.LINK_POSTED, posted)
    assert linked.shows["number"] == planned.number
    none = episodes.SetEpisodeChannel(channel=None)
    assert (await olga().call(endpoints.SET_EPISODE_CHANNEL, none)).channel is None
