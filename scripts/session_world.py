"""Episodes of the small world: one that was played, awarded and told, and the next one, to which Mira is coming."""

from datetime import UTC, datetime, time
from uuid import UUID


def play(court: UUID) -> dict[str, object]:
    """Return what the paths of the pages name."""
    from chronicle.models import Chronicle
    from chronicle.principal import Principal
    from chronicle.services import attendance, episode_settings, episodes, recaps, schedules
    from chronicle.services.attendance import Tick
    from contract.episodes import PlanEpisode, SetEpisodeSettings, SetSchedule, WriteRecap
    from discordauth.models import CustomUser
    from progress.services import sessions
    from timeline.services import Cause

    def by(user: CustomUser) -> tuple[Principal, Cause]:
        return Principal.for_user(user), Cause(actor=user, door="web")

    vesna, mira, jonas = (CustomUser.objects.get(global_name=name) for name in ("Vesna", "Mira", "Jonas"))
    teller, cause = by(vesna)
    player, said = by(mira)
    chronicle = Chronicle.objects.select_related("server").get(pk=court)
    rhythm = SetSchedule(weekday="friday", time=time(19, 30), timezone="Europe/Berlin", rhythm="fortnightly")
    schedules.set_schedule(chronicle, rhythm, principal=teller, cause=cause)
    first = PlanEpisode(
        title="Elysium burns",
        planned_for=datetime(2026, 10, 2, 17, 30, tzinfo=UTC),
        summary="The prince is late, and the curtains are on fire.",
    )
    played = episodes.plan(chronicle, first, principal=teller, cause=cause)
    episodes.start(chronicle, played, principal=teller, cause=cause)
    ticks = [Tick(mira.pk, "came"), Tick(jonas.pk, "excused")]
    sessions.tick(played, ticks, principal=teller, cause=cause)
    sessions.end(played, None, principal=teller, cause=cause)
    sessions.award(played, 2, "", principal=teller, cause=cause)
    later = episodes.plan(chronicle, PlanEpisode(title="Ashes"), principal=teller, cause=cause)
    attendance.answer(later, "yes", principal=player, cause=said)
    maybe = by(jonas)
    attendance.answer(later, "maybe", principal=maybe[0], cause=maybe[1])
    told_so = WriteRecap(
        recap="The prince came late.\nThe curtains burned, and nobody was sorry.", published=True
    )
    recaps.write(played, told_so, principal=teller, cause=cause)
    episode_settings.change_settings(mira, chronicle, SetEpisodeSettings(calendar="show", remind_hour=False))
    return {"session_played": played.pk}
