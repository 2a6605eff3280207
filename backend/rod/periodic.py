"""The periodic table: what a worker enqueues, and when (a crontab's five fields, in UTC)."""

from background.periodic import Periodic
from background.tasks import forget_finished
from chat.tasks import forget_waiting_files
from patreon.tasks import end_lapsed
from privacy.tasks import erase_due, forget_downloads, remove_ended_servers, retire
from progress.tasks import (
    end_abandoned_drills,
    forget_restore_points,
    look_for_badges,
    remind_of_episodes,
    score_due_exams,
    turn_boards,
)
from timeline.tasks import forget_old
from uploads.tasks import remove_unclaimed, sweep_uploads

TABLE = (
    Periodic("forget old keys, notifications and sessions", "17 * * * *", forget_old),
    Periodic("forget finished tasks and ended processes", "43 3 * * *", forget_finished),
    Periodic("score exams whose time is up", "*/5 * * * *", score_due_exams),
    Periodic("close weeks of boards, note ranks", "3 * * * *", turn_boards),
    Periodic("delete what is kept for a while alone", "13 4 * * *", retire),
    Periodic("end lapsed pledges", "23 4 * * *", end_lapsed),
    Periodic("remove deleted servers whose time is over", "27 * * * *", remove_ended_servers),
    Periodic("delete accounts whose time has come", "7 * * * *", erase_due),
    Periodic("remind people of episodes", "*/5 * * * *", remind_of_episodes),
    Periodic("end drills that nobody finished", "*/10 * * * *", end_abandoned_drills),
    Periodic("delete downloads that have expired", "37 * * * *", forget_downloads),
    Periodic("delete what expired restore points kept", "47 * * * *", forget_restore_points),
    Periodic("remove files that went with no message", "*/20 * * * *", forget_waiting_files),
    Periodic("remove stored files that nobody claimed", "27 * * * *", remove_unclaimed),
    Periodic("remove every stored file that nothing points to", "33 5 * * *", sweep_uploads),
    Periodic("look for badges and rolls of note", "* * * * *", look_for_badges),
)
