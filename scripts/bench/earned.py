"""Fills the database of a run with what players earn, and measures it. Runs alone, prints JSON.

python -m scripts.bench.earned '{"people": 100000, "attempts": 1000000, "events": 1000000, "rounds": 30}' PLACE

PLACE is the page that listens (`earned_shapes.Place`), as JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice

os.environ["DJANGO_SETTINGS_MODULE"] = "scripts.bench.floor.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from chronicle.call import Call  # noqa: E402
from chronicle.principal import Principal  # noqa: E402
from contract.points import ShowBoard  # noqa: E402
from discordauth.models import CustomUser  # noqa: E402
from haven.models import Character  # noqa: E402
from haven.services import Reference, change  # noqa: E402
from progress.models import Attempt, Board, PlayerProfile, PracticeSession, Standing  # noqa: E402
from progress.selectors.boards import shown_board  # noqa: E402
from progress.services import practice, restore_points  # noqa: E402
from progress.services.ledger import Day, award  # noqa: E402
from progress.services.reset import reset  # noqa: E402
from progress.services.reset_run import Report  # noqa: E402
from progress.services.scopes import Scope  # noqa: E402
from progress.services.undo import undo  # noqa: E402
from rules.ids import uuid7  # noqa: E402
from rules.notices import notice  # noqa: E402
from rules.traits import Operation  # noqa: E402
from scripts.bench import counters, earned_live  # noqa: E402
from scripts.bench.earned_shapes import Figures, Place, Sizes  # noqa: E402
from scripts.bench.numbers import median  # noqa: E402
from timeline.models import Event, Stream  # noqa: E402
from timeline.services import Cause  # noqa: E402

BATCH = 2000
ANSWERS = 10  # of a drill
QUESTION = {
    "kind": "roll",
    "system": "v5",
    "level": 2,
    "dice": [3, 7, 9, 10, 10, 1, 6],
    "hunger": [10, 2],
    "difficulty": 4,
}
SYSTEM = Cause(actor=None, door="system")


def main(sizes: Sizes, place: Place) -> Figures:
    people = crowd(sizes.people)
    user = people[len(people) // 2]
    board, floor, statements = measure_board(user, sizes.rounds)
    awarded, changed = measure_award(user, sizes.rounds)
    live = earned_live.measure(place, sizes.rounds)
    drills(people[: max(sizes.attempts // 100, 1)], sizes.attempts)
    reset_floor, undo_floor = plain_copies()
    reset_seconds, reset_memory = grown(lambda: run_reset(Shown("reset")))
    undo_seconds, undo_memory = grown(lambda: run_undo(Shown("undo")))
    events(user, sizes.events)
    badges_floor = timed(read_events)
    badges, badges_memory = grown(lambda: call_command("award_badges", stdout=sys.stderr))
    return Figures(
        sizes,
        awarded,
        changed,
        live,
        board,
        floor,
        statements,
        reset_seconds,
        reset_floor,
        reset_memory,
        undo_seconds,
        undo_floor,
        undo_memory,
        badges,
        badges_floor,
        badges_memory,
    )


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def grown(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds, and by how many MiB the process was larger at the end of it."""
    before = counters.memory(os.getpid())
    seconds = timed(work)
    return seconds, (counters.memory(os.getpid()) - before) / 1024**2


class Shown(Report):
    """A line for each tenth of a step."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._total, self._tenth = 1, 0

    def started(self, step: str, total: int) -> None:
        self._total, self._tenth = max(total, 1), 0

    def moved(self, step: str, done: int) -> None:
        if (tenth := min(done * 10 // self._total, 10)) > self._tenth:
            self._tenth = tenth
            print(f"{self._what}: {step} {tenth * 10} %", file=sys.stderr, flush=True)


def crowd(count: int) -> list[CustomUser]:
    """So many people on the board of everybody, some with as many points as others."""
    week = Day.of(CustomUser(), timezone.now()).week
    users = [CustomUser(username=f"earner-{number}", total_points=number // 2 + 1) for number in range(count)]
    CustomUser.objects.bulk_create(users, batch_size=BATCH)
    places = (
        Standing(
            board=Board.ALL,
            user=user,
            total_points=user.total_points,
            weekly_points=number % 150 + 1,
            week=week,
        )
        for number, user in enumerate(users)
    )
    save(Standing, places)
    save(PlayerProfile, (PlayerProfile(user=user, public_id=f"b{n:x}") for n, user in enumerate(users)))
    return users


def save(model: type, rows: Iterator[object]) -> None:
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)  # type: ignore[attr-defined]  # whichever model it is


def measure_board(user: CustomUser, rounds: int) -> tuple[float, float, int]:
    call = Call(Principal.for_user(user), Cause(user, "web"))
    ours, floor = [], []
    with CaptureQueriesContext(connection) as queries:
        shown_board(call, ShowBoard())
    statements = len(queries)

    def keyed() -> None:
        for _ in range(statements):
            list(Standing.objects.order_by("pk").values_list()[:50])

    for _ in range(rounds):
        ours.append(timed(lambda: shown_board(call, ShowBoard())))
        floor.append(timed(keyed))
    return median(ours), median(floor), statements


def measure_award(user: CustomUser, rounds: int) -> tuple[float, float]:
    """Each is one transaction with the event that open pages hear of."""
    character = Character.objects.filter(splat="vampire5th").select_related("owner").first()
    if character is None:
        raise RuntimeError("the world has characters")
    teller, meant = Principal.system(), Reference(str(character.pk))
    ours, floor = [], []
    for number in range(rounds):

        def earn(key: str = f"bench:{number}") -> None:
            with transaction.atomic():
                award(user, 1, "exam", notice("points_reset"), key, SYSTEM)

        def alter(hunger: int = number % 4 + 1) -> None:
            with transaction.atomic():
                change(teller, meant, [Operation("hunger", "set", hunger)], SYSTEM)

        ours.append(timed(earn))
        floor.append(timed(alter))
    return median(ours), median(floor)


def drills(people: list[CustomUser], attempts: int) -> None:
    now = timezone.now()
    count = max(attempts // ANSWERS, 1)
    ids = [uuid7() for _ in range(count)]
    drill = {
        "system": "v5",
        "level": 2,
        "asked": ANSWERS,
        "started_at": now,
        "ends_at": now,
        "finished_at": now,
    }
    save(
        PracticeSession,
        (PracticeSession(id=pk, user=people[n % len(people)], **drill) for n, pk in enumerate(ids)),
    )
    answered = {"question": QUESTION, "choice": 1, "is_right": True, "answered_at": now}
    save(
        Attempt,
        (Attempt(session_id=pk, number=number, **answered) for pk in ids for number in range(1, ANSWERS + 1)),
    )


def plain_copies() -> tuple[float, float]:
    """Copy and delete the answers by two statements, and bring them back by one."""
    with connection.cursor() as cursor:
        cursor.execute("SET FOREIGN_KEY_CHECKS = 0" if connection.vendor == "mysql" else "SELECT 1")

        def away() -> None:
            cursor.execute("CREATE TABLE bench_attempts AS SELECT * FROM attempts")
            cursor.execute("DELETE FROM attempts")

        taken = timed(away)
        back = timed(lambda: cursor.execute("INSERT INTO attempts SELECT * FROM bench_attempts"))
        cursor.execute("DROP TABLE bench_attempts")
        cursor.execute("SET FOREIGN_KEY_CHECKS = 1" if connection.vendor == "mysql" else "SELECT 1")
    return taken, back


def run_reset(report: Report) -> None:
    reset(Scope.of("all"), SYSTEM, after=restore_points.last_id(), report=report)


def run_undo(report: Report) -> None:
    undo(restore_points.to_undo().pk, SYSTEM, report)


def events(user: CustomUser, count: int) -> None:
    """The events of one drill, over and over, in the stream of their person."""
    cause = Cause(user, "web")
    drill = practice.start(user, "v5", 1, cause)
    for number in range(1, 6):
        drill = practice.answer(user, drill.pk, number, 0, cause)
    stream = Stream.objects.get(pk=user.pk)
    own = list(Event.objects.filter(stream=stream).order_by("seq"))
    columns = [field.attname for field in Event._meta.concrete_fields if field.attname not in ("id", "seq")]
    copies = [{name: getattr(event, name) for name in columns} for event in own]
    save(
        Event,
        (Event(seq=stream.seq + number, **copies[number % len(copies)]) for number in range(1, count + 1)),
    )
    stream.seq += count
    stream.save()


def read_events() -> None:
    rows = Event.objects.order_by("stream_id", "seq").values_list("seq", "type", "changes", "subject")
    for _row in rows.iterator(BATCH):
        pass


if __name__ == "__main__":
    figures = main(Sizes(**json.loads(sys.argv[1])), Place(**json.loads(sys.argv[2])))
    print(json.dumps(asdict(figures)))
