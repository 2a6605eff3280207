"""The long run goes on where it was broken off, and keeps its results where readers find them."""

import sys
from pathlib import Path

import pytest

from scripts import environment, long_run
from scripts.common import ScriptError
from scripts.long_run import Part, Result
from scripts.pytest_services import in_shard

GOOD, BAD = Result(True, "5 passed in 1.00s", 1, "2026-11-29"), Result(
    False, "1 failed in 1.00s", 1, "2026-11-29"
)
ONE = Part("one", "", "says something", ("-c", "print('3 passed in 0.10s')"))
TWO = Part(
    "two", "1/2", "fails", ("-c", "import os; print(os.environ['FUZZ']); raise SystemExit(1)"), {"FUZZ": "20"}
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_run, "STATE", tmp_path / "run" / "long.json")
    monkeypatch.setattr(long_run, "COVERAGE", tmp_path / "run" / "coverage")
    monkeypatch.setattr(long_run, "DOCUMENT", tmp_path / "BENCHMARKS.md")
    monkeypatch.setattr(long_run, "parts", lambda: [ONE, TWO])
    monkeypatch.setattr(environment, "python", lambda: Path(sys.executable))


def test_what_is_done_is_not_done_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert long_run.main([]) == 1
    assert "3 passed" in capsys.readouterr().out
    results = long_run.load()
    assert (results["one"].good, results["two 1/2"].words) == (True, "20")
    assert [part.name for part in long_run.wanted([], results)] == ["two 1/2"]
    assert [part.name for part in long_run.wanted(["one"], results)] == ["one"]
    assert [part.name for part in long_run.wanted(["two 1/2"], {})] == ["two 1/2"]


def test_another_commit_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    long_run.COVERAGE.mkdir(parents=True)
    long_run.save({"one": GOOD})
    assert long_run.load() == {"one": GOOD}
    monkeypatch.setattr(long_run, "commit", lambda: "another")
    assert long_run.load() == {}
    assert not long_run.COVERAGE.exists()


def test_a_part_that_takes_too_long_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_run, "LIMIT", 0.2)
    result = long_run.run(Part("slow", "", "waits", ("-c", "import time; time.sleep(60)")))
    assert (result.good, result.words) == (False, "took more than 0.2 s")


def test_results_are_written_between_the_marks() -> None:
    long_run.DOCUMENT.write_text(f"# Before\n{long_run.BEGIN}\nold\n{long_run.END}\nAfter\n")
    assert long_run.close({"one": GOOD}, write=True) == 0
    text = long_run.DOCUMENT.read_text()
    assert "| one | says something | 5 passed in 1.00s | 1 | 2026-11-29 |" in text
    assert "| two 1/2 | fails | not run yet |" in text
    assert text.startswith("# Before")
    assert text.endswith("After\n")
    assert "old" not in text
    assert long_run.close({"two 1/2": BAD}, write=True) == 1
    text = long_run.DOCUMENT.read_text()
    assert "| one | says something | 5 passed in 1.00s | 1 | 2026-11-29 |" in text, "of an earlier run"
    assert "| two 1/2 | fails | 1 failed in 1.00s | 1 | 2026-11-29 |" in text
    long_run.DOCUMENT.write_text("nothing")
    with pytest.raises(ScriptError, match="has no place"):
        long_run.close({"one": BAD}, write=True)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_every_test_is_in_exactly_one_shard_with_all_its_parameters(count: int) -> None:
    names = [f"backend/app/tests/test_{number}.py::test_it[{case}]" for number in range(50) for case in "ab"]
    shards = [
        {name for name in names if in_shard(f"{number}/{count}", name)} for number in range(1, count + 1)
    ]
    assert sorted(name for shard in shards for name in shard) == sorted(names)
    assert all(name.replace("[a]", "[b]") in shard for shard in shards for name in shard)
