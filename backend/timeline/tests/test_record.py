"""Events get gapless numbers in the order of commit, whoever writes at once."""

import json
import re
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from contract import events as contract
from contract.base import Named
from contract.events import CharacterSubject, EventType
from rules.notices import notice
from rules.visibility import PRIVATE, PUBLIC, SECRET, TABLE
from testing.together import together
from timeline import frames
from timeline import services as timeline
from timeline.database_outage import retry_lost_transactions
from timeline.models import Event, Stream
from timeline.services import Cause, Viewer

pytestmark = pytest.mark.engine

BACKEND = Path(__file__).parents[2]
NOBODY = Cause(actor=None, door="system")


def owned_by(owner: uuid.UUID | None = None, **more: Any) -> CharacterSubject:
    return CharacterSubject(owner=owner or uuid.uuid4(), name="Night Owl", splat="vampire5th", **more)


def append(stream_id: uuid.UUID, **more: Any) -> Event:
    with transaction.atomic():
        return timeline.record(
            **{
                "stream": ("chronicle", stream_id),
                "type": EventType.CHARACTER_UPDATED,
                "subject": owned_by(),
                "entity_id": uuid.uuid4(),
                "version": 1,
                "cause": NOBODY,
                **more,
            }
        )


def append_in_vain(stream_id: uuid.UUID) -> None:
    with transaction.atomic():
        append(stream_id)
        raise ZeroDivisionError


@pytest.mark.django_db
def test_numbers_begin_at_one_and_each_stream_counts_for_itself() -> None:
    first, other = uuid.uuid4(), uuid.uuid4()
    assert [append(first).seq, append(first).seq, append(other).seq] == [1, 2, 1]
    unknown = uuid.uuid4()
    assert timeline.heads([first, str(other), unknown]) == {str(first): 2, str(other): 1, str(unknown): 0}


@pytest.mark.django_db
def test_what_is_rolled_back_takes_no_number() -> None:
    stream = uuid.uuid4()
    append(stream)
    with pytest.raises(ZeroDivisionError):
        append_in_vain(stream)
    assert append(stream).seq == 2


@pytest.mark.django_db
def test_a_kind_of_stream_that_is_none() -> None:
    with pytest.raises(ValueError, match="no such kind"):
        append(uuid.uuid4(), stream=("party", uuid.uuid4()))


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_share_no_number_and_leave_no_gap() -> None:
    stream = uuid.uuid4()

    def write() -> None:
        for _ in range(10):
            # As behind every door: MariaDB may call two who make the same stream a deadlock, and one tries again.
            retry_lost_transactions(partial(append, stream))

    assert together(write, write) == [None, None]
    assert list(Event.objects.filter(stream=stream).order_by("seq").values_list("seq", flat=True)) == [
        *range(1, 21)
    ]
    assert Stream.objects.get(id=stream).seq == 20


@pytest.mark.django_db(transaction=True)
def test_it_is_told_after_the_commit_and_never_before(monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[str] = []
    monkeypatch.setattr(timeline, "publish", lambda group, message: received.append(message["type"]))
    with transaction.atomic():
        append(uuid.uuid4())
        assert received == []
    assert received == ["stream.event", "feed.event"]
    with pytest.raises(ZeroDivisionError):
        append_in_vain(uuid.uuid4())
    assert len(received) == 2


@pytest.mark.parametrize(
    ("viewer", "owner", "level"),
    [
        (Viewer("a"), "a", PRIVATE),
        (Viewer("a"), "b", PUBLIC),
        (Viewer("a", member=True), "b", TABLE),
        (Viewer("a", member=True), "a", PRIVATE),
        (Viewer("a", storyteller=True), "a", SECRET),
        (Viewer(None, member=True), None, TABLE),
        (Viewer(None), None, PUBLIC),
    ],
)
def test_what_a_viewer_is_to_an_event(viewer: Viewer, owner: str | None, level: int) -> None:
    assert viewer.level(owner) == level


CHANGES = {"hunger": [1, 2], "clan": ["", "Brujah"], "storyteller_notes": ["", "x"]}
OWNER = uuid.uuid4()
VISIBILITY = {"clan": int(TABLE), "storyteller_notes": int(SECRET)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("viewer", "paths"),
    [
        (Viewer("stranger"), None),
        (Viewer("player", member=True), {"clan"}),
        (Viewer(str(OWNER), member=True), {"clan", "hunger"}),
        (Viewer("st", storyteller=True), {"clan", "hunger", "storyteller_notes"}),
    ],
)
def test_since_shows_each_viewer_their_part(viewer: Viewer, paths: set[str] | None) -> None:
    stream = uuid.uuid4()
    given = {"notices": [notice("stains_wiped")], "cause": Cause(None, "web", "/vampire update notes:x")}
    append(stream, changes=CHANGES, visibility=VISIBILITY, subject=owned_by(OWNER), **given)
    append(stream, changes={"clan": ["Brujah", ""]}, visibility=VISIBILITY, subject=owned_by(OWNER))
    (first, text), (second, _) = timeline.since(stream, 0, viewer)
    assert (first, second) == (1, 2)
    if paths is None:
        assert text is None
        return
    assert text
    frame = json.loads(text)
    assert frame["fields"].keys() == frame["event"]["changes"].keys() == paths
    sees_all = len(paths) == len(CHANGES)
    assert bool(frame["event"]["notices"]) is sees_all
    assert bool(frame["event"]["command"]) is sees_all
    assert "Hidden" not in text or sees_all


@pytest.mark.django_db
def test_since_starts_after_what_was_seen_and_has_a_limit() -> None:
    stream = uuid.uuid4()
    for _ in range(5):
        append(stream, changes={"hunger": [1, 2]})
    seqs = [seq for seq, _ in timeline.since(stream, 2, Viewer(None, storyteller=True), limit=2)]
    assert seqs == [3, 4]
    assert timeline.since(stream, 5, Viewer(None, storyteller=True)) == []
    assert timeline.since(uuid.uuid4(), 0, Viewer(None)) == []


@pytest.mark.django_db
def test_an_event_without_changes_is_no_secret_but_its_words_are() -> None:
    event = append(uuid.uuid4(), type=EventType.CHARACTER_DELETED, notices=[notice("derangement")])
    assert frames.frame(event, PUBLIC) is None
    for level, words in ((TABLE, []), (PRIVATE, [{"code": "derangement", "data": {}}])):
        shown = frames.event_json(event, level)
        assert shown
        assert shown["notices"] == words


@pytest.mark.django_db
def test_an_event_keeps_the_name_of_who_is_gone(django_user_model: Any) -> None:
    user = django_user_model.objects.create(username="mira", global_name="Mira")
    stream, entity = uuid.uuid4(), uuid.uuid4()
    append(stream, entity_id=entity, cause=Cause(user, "web"), changes={"hunger": [1, 2]})
    user.delete()
    (shown,) = timeline.history(entity, SECRET)
    assert shown["actor"] == {"id": None, "name": "Mira", "avatar_url": ""}


@pytest.mark.django_db
def test_an_event_reads_as_the_contract_says_and_writes_the_same_json() -> None:
    event = append(
        uuid.uuid4(),
        changes={"health.total": [6, 7], "lines.a": [None, {"name": "x"}]},
        labels={"health.total": "Health"},
        notices=[notice("impaired", label="Health")],
        subject=owned_by(acting_for=Named(id=uuid.uuid4(), name="Mira")),
    )
    event.refresh_from_db()
    event.notices.append("A row of before has sentences.")
    body = frames.event_json(event, SECRET)
    assert body is not None
    assert contract.Event.model_validate(body).model_dump(mode="json") == body
    assert (body["acting_for"] or {})["name"] == "Mira"


@pytest.mark.django_db
def test_an_event_carries_what_its_type_says() -> None:
    with pytest.raises(TypeError, match=r"roll\.made is about a RollSubject"):
        append(uuid.uuid4(), type=EventType.ROLL_MADE)


def product_code() -> list[tuple[Path, str]]:
    return [(path, path.read_text()) for path in BACKEND.rglob("*.py") if "tests" not in path.parts]


def test_each_type_of_event_is_recorded_by_some_service() -> None:
    """A line of the table that nothing records would be a promise that nobody keeps."""
    services = [text for path, text in product_code() if path.parent != BACKEND / "contract"]
    unused = [type for type in EventType if not any(f"EventType.{type.name}" in text for text in services)]
    assert unused == []


def test_nothing_is_recorded_under_a_name_that_is_not_in_the_table() -> None:
    """Names of events stand in the table and nowhere else in services: no text, no f-string."""
    named = re.compile(r"""type=f?["']""")
    recording = [(path, text) for path, text in product_code() if "EventType" in text]
    assert [str(path) for path, text in recording if named.search(text)] == []
