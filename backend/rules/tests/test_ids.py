"""Ids are in the order of time and never alike."""

import threading
import time
from uuid import RFC_4122

import pytest

from rules.ids import entry_id, uuid7


def test_a_uuid_is_of_version_7_and_begins_with_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_later_uuids_are_larger() -> None:
    first = uuid7()
    time.sleep(0.002)
    assert uuid7() > first


def test_entries_added_in_the_same_millisecond_keep_their_order() -> None:
    made = [entry_id() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {len(new_id) for new_id in made} == {16}


def test_two_threads_never_get_the_same_entry_id() -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.extend(entry_id() for _ in range(2000))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_an_entry_id_may_stand_in_a_path() -> None:
    assert entry_id().isalnum()


def test_ids_of_one_moment_keep_the_order_in_which_they_were_made() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(new_id.version, new_id.variant) for new_id in made} == {(7, RFC_4122)}


def test_ids_go_on_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr("rules.ids.time.time_ns", lambda: 1)
    later = [uuid7() for _ in range(3)]
    assert [first, *later] == sorted([first, *later])
