"""Refusals are in the language of who is connected: their setting, else that of their client."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contract.translation import PSEUDO
from gateway import snapshots
from gateway.tests.kit import Table, Viewer
from gateway.tests.test_frames import GARBAGE
from gateway.tests.test_outages import broken
from testing.pseudo_language import unmarked

pytestmark = pytest.mark.django_db(transaction=True)

NO_STREAM = f"chronicle:{uuid4()}"
REFUSED: list[dict[str, Any]] = [
    {"type": "subscribe", "stream": NO_STREAM},
    {"type": "subscribe", "stream": "nothing"},
    {"type": "unsubscribe", "stream": NO_STREAM},
    {"type": "open", "id": str(uuid4())},
    {"type": "close", "id": str(uuid4())},
    {"type": "feed"},
    {"type": "posted", "positions": {}},
]


def documented() -> set[str]:
    """The codes of errors in docs/GATEWAY.md."""
    text = (Path(__file__).resolve().parents[3] / "docs" / "GATEWAY.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (`[a-z_`, ]+) \|", text.partition("| `code` of an error")[2].partition("\n\n")[0], re.M
    )
    return {code for row in rows for code in re.findall("[a-z_]+", row)}


def _is_text(text: str) -> bool:
    """Whether it can be sent at all: half of a surrogate cannot."""
    return "\ud800" not in text


def test_every_refusal_is_marked_for_translation(
    join: Any, settings: Any, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GATEWAY |= {"max_subscriptions": 1, "max_sheets": 1, "max_bad_frames": 100, "rate_frames": 40}
    owl, fox = table.create("mira", "Night Owl"), table.create("mira", "Grey Fox")
    viewer: Viewer = join("mira", headers={"Accept-Language": PSEUDO})
    for text in filter(_is_text, GARBAGE):
        viewer.raw(text)
    for frame in REFUSED:
        viewer.send(**frame)
    viewer.subscribe(table.stream)
    viewer.subscribe(f"user:{uuid4()}")
    viewer.send(type="open", id=owl)
    viewer.send(type="open", id=fox)
    viewer.wait("error", code="too_many_sheets")
    with monkeypatch.context() as trouble:
        trouble.setattr(snapshots, "stream_access", broken)
        viewer.subscribe(table.stream)
    for _number in range(20):
        viewer.send(type="heartbeat")
    viewer.wait("error", code="too_fast")

    errors = [frame for frame in viewer.frames if frame["type"] == "error"]
    assert {error["code"] for error in errors} == documented()
    assert not [error["detail"] for error in errors if unmarked(error["detail"])]


def test_the_setting_of_a_person_goes_before_their_client(join: Any, world: Any) -> None:
    world.jonas.user_settings["language"] = "de"
    world.jonas.save()
    for name, header in (("jonas", "en"), ("mira", "de-AT,en;q=0.8")):
        viewer = join(name, headers={"Accept-Language": header})
        assert viewer.subscribe(NO_STREAM)["detail"] == "Diesen Stream gibt es nicht.", name
