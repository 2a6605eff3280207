"""What a reset does to users: their eight columns, the balance in the ledger, and the level that follows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from discordauth.models import CustomUser
from progress.counting import counted
from progress.models import PlayerProfile, PointEntry
from progress.services.balances import balance, sums
from progress.services.reset_run import Run, lock, write
from progress.services.restore_points import USERS, Row
from progress.services.scopes import Scope
from rules.levels import level_of

# The columns of a user that are zeroed (S001-05…12), with what is left in them. Points and questions are counted, the
# others are kept as they are.
ZEROED: dict[str, int | None] = {
    "total_points": 0,
    "total_questions_attempted": 0,
    "current_streak": 0,
    "longest_streak": 0,
    "last_practice_date": None,
    "last_grace_skip_date": None,
    "grace_skip_week_start": None,
    "last_daily_login_bonus_date": None,
}
STREAKS = tuple(ZEROED)[2:]


def count(scope: Scope) -> int:
    if scope.is_all:
        return CustomUser.objects.count()
    return scope.entries().order_by().values("user").distinct().count()


def work(run: Run) -> Iterator[int]:
    for ids in run.people():
        yield _reset_users(run, ids)


def _reset_users(run: Run, ids: Sequence[UUID]) -> int:
    if run.keeper:
        lock(ids)  # those who are new since
    people = list(CustomUser.objects.filter(pk__in=ids).order_by("pk").only("timezone", *ZEROED))
    earned = sums(counted(run.scope.entries()), ids)
    losses = [(user, loss) for user in people if (loss := _loss(run, user, earned.get(user.pk, 0)))]
    if run.keeper and run.point:
        run.keeper.keep(USERS, (loss for _user, loss in losses))
        balance(run.point, run.scope, _balances(run.scope, people, earned))
        _take(run.scope, losses)
    return len(losses)


def _loss(run: Run, user: CustomUser, earned: int) -> Row:
    """What a user loses, as it is kept; nothing if there is nothing to lose. Only *all* takes streaks."""
    if not run.scope.is_all:
        questions = min(run.answered[user.pk], user.total_questions_attempted)
        return {"user_id": user.pk, "points": earned, "questions": questions} if earned or questions else {}
    if all(getattr(user, name) == nothing for name, nothing in ZEROED.items()):
        return {}
    totals = {"points": user.total_points, "questions": user.total_questions_attempted}
    return {"user_id": user.pk, **totals, **{name: getattr(user, name) for name in STREAKS}}


def _balances(
    scope: Scope, people: Sequence[CustomUser], earned: Mapping[UUID, int]
) -> dict[CustomUser, int]:
    if not scope.is_all:
        return {user: -earned[user.pk] for user in people if user.pk in earned}
    # What other resets left in the sum counts too: afterwards it is nothing.
    held = sums(PointEntry.objects.all(), [user.pk for user in people])
    return {user: -held[user.pk] for user in people if user.pk in earned or held.get(user.pk)}


def _take(scope: Scope, losses: Sequence[tuple[CustomUser, Row]]) -> None:
    users = [user for user, _loss in losses]
    for user, loss in losses:
        user.total_points -= loss["points"]
        user.total_questions_attempted -= loss["questions"]
    if scope.is_all:
        CustomUser.objects.filter(pk__in=[user.pk for user in users]).update(**ZEROED)
    else:
        write(users, "total_points", "total_questions_attempted")
    set_levels(users)


def set_levels(users: Iterable[CustomUser]) -> None:
    """Let the levels of these users follow their points."""
    level = {user.pk: level_of(user.total_points) for user in users}
    profiles = list(PlayerProfile.objects.filter(user__in=level))
    changed = [profile for profile in profiles if profile.level != level[profile.user_id]]
    for profile in changed:
        profile.level = level[profile.user_id]
    write(changed, "level")
