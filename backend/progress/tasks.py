"""Tasks of what players earn."""

from django_tasks import task

from background.limits import at_most
from progress.services import badges, practice, reminders, restore_points, sittings, weeks


@task
def score_due_exams() -> None:
    """Score the exams whose time is up, which nobody has looked at since (`progress.services.sittings`)."""
    sittings.settle_due()


@task
def end_abandoned_drills() -> None:
    """End the drills whose time is up (`progress.services.practice`)."""
    practice.end_abandoned()


@task
@at_most(hours=1)
def forget_restore_points() -> None:
    """Delete what resets kept that can no longer be undone."""
    restore_points.forget_expired()


@task
@at_most(minutes=10)
def look_for_badges() -> None:
    """Look at what happened since the last time: points for rolls of note, and badges."""
    badges.look_around()


@task
def turn_boards() -> None:
    """Close the weeks of boards that are over, and note everybody's rank (`progress.services.weeks`)."""
    weeks.turn()


@task
@at_most(minutes=10)
def remind_of_episodes() -> None:
    """Remind people of what begins within a day or an hour (`progress.services.reminders`)."""
    reminders.remind()
