"""What can be done with sessions that counts for streaks and points. The rest is in `chronicle.operations.episodes`."""

from chronicle.call import Call, person
from chronicle.episodes import Status, episode_for
from chronicle.operations.episodes import ONE, PLAYED, SESSIONS, changed, meant, on_episode, replay
from chronicle.rights import can
from chronicle.services.attendance import Tick
from contract import endpoints
from contract import episodes as shapes
from contract.base import Named
from discordauth.models import CustomUser
from progress.services import recap_drafts, sessions
from progress.services.table_streaks import streaks_for
from timeline.keys import Kept
from timeline.operations import Addresses, Operation


def _end(call: Call, given: shapes.EndEpisode) -> shapes.EpisodeChanged:
    """End the episode that runs."""
    row = meant(call, given, [Status.LIVE])
    return changed(call, sessions.end(row, given.summary, principal=call.principal, cause=call.cause))


def _tick(call: Call, given: shapes.TickAttendance) -> shapes.EpisodeChanged:
    """Tick who came to the session that runs, or else to the last one; correct what was ticked."""
    row = meant(call, given, PLAYED)
    ticks = {
        (user := person(tick.user).pk): Tick(user, tick.state or "", tick.character) for tick in given.ticks
    }
    ticked = sessions.tick(row, ticks.values(), principal=call.principal, cause=call.cause)
    return changed(call, ticked)


def _award(call: Call, given: shapes.AwardSession) -> shapes.SessionAwarded:
    """Award experience and points to those who came, once each."""
    row = meant(call, given, PLAYED)
    done, awards = sessions.award(
        row, given.experience, given.reason, principal=call.principal, cause=call.cause
    )
    after = changed(call, done)
    return shapes.SessionAwarded(
        id=after.id,
        episode=after.episode,
        awarded=[_awarded(award) for award in awards.given],
        unclear=[_named(user) for user in awards.unclear],
        without=[_named(user) for user in awards.without],
    )


def _awarded(award: sessions.Award) -> shapes.Awarded:
    character = Named.from_object(award.character) if award.character else None
    return shapes.Awarded.from_object(award, user=_named(award.user), character=character)


def _named(user: CustomUser) -> Named:
    return Named(id=user.pk, name=user.display_name)


def _draft_recap(call: Call, given: shapes.EpisodeInput) -> shapes.RecapDraft:
    """What the timeline tells of an episode: a draft of its recap, which is not kept."""
    row = meant(call, given, PLAYED)
    can(call.principal, "episode.run", row.chronicle).require()
    return shapes.RecapDraft(episode=episode_for(row, call.principal), draft=recap_drafts.draft(row))


def _list_streaks(call: Call, given: shapes.ListStreaks) -> shapes.TableStreaks:
    """How many sessions in a row somebody came to: one’s own streak, and for storytellers everybody’s."""
    chronicle = call.chronicle_named(given.chronicle)
    rows = streaks_for(call.principal, chronicle)
    return shapes.TableStreaks(
        results=[shapes.TableStreak.from_object(row, user=_named(row.user)) for row in rows]
    )


def _replay_award(call: Call, kept: Kept) -> shapes.SessionAwarded:
    return shapes.SessionAwarded.model_validate({**kept.body, "episode": replay(call, kept).episode})


END = on_episode("end", endpoints.END_EPISODE, _end)
TICK = on_episode("tick", endpoints.TICK_ATTENDANCE, _tick)
AWARD = Operation("episodes.award", endpoints.AWARD_SESSION, _award, "episode.run", replay=_replay_award)
DRAFT_RECAP = Operation(
    "episodes.draft_recap", endpoints.DRAFT_RECAP, _draft_recap, "episode.run", reads=True
)
LIST_STREAKS = Operation(
    "episodes.streaks", endpoints.LIST_STREAKS, _list_streaks, "chronicle.view", reads=True
)
REST: Addresses = {
    SESSIONS + "streaks/": {"GET": LIST_STREAKS},
    ONE + "end/": {"POST": END},
    ONE + "attendance/": {"PUT": TICK},
    ONE + "award/": {"POST": AWARD},
    ONE + "recap/draft/": {"GET": DRAFT_RECAP},
}
