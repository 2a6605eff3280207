"""Parts that run together stop together, and none is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.common import ScriptError, wait_until
from scripts.supervisor import Supervisor


def python(code):
    return [sys.executable, "-u", "-c", code]


def alive(pid):
    """A zombie is not alive: nobody may be left to wait for a grandchild."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"
PARENT = f"import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); print(c.pid); {SLEEP}"


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(tmp_path / "logs", show=False) as supervisor:
        yield supervisor


@pytest.mark.req("S004-79")
def test_parts_and_their_children_are_gone_after_the_end(tmp_path):
    with Supervisor(tmp_path / "logs", show=False) as supervisor:
        part = supervisor.start("family", python(PARENT), os.environ)
        assert wait_until(lambda: bool(part.last), 10)
        grandchild = int(part.last[0])
        assert alive(grandchild)
    assert not alive(part.process.pid)
    assert wait_until(lambda: not alive(grandchild), 5)


def test_a_part_that_will_not_go_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("scripts.common.STOP_SECONDS", 0.3)
    with Supervisor(tmp_path / "logs", show=False) as supervisor:
        part = supervisor.start("stubborn", python(STUBBORN), os.environ)
        assert wait_until(lambda: bool(part.last), 10)
    assert not alive(part.process.pid)
    assert part.process.returncode == -signal.SIGKILL


def test_a_part_that_is_ended_on_purpose_is_no_trouble(supervisor):
    part = supervisor.start("sleeper", python(SLEEP), os.environ)
    supervisor.start("other", python(SLEEP), os.environ)
    supervisor.end("sleeper")
    assert not alive(part.process.pid)
    supervisor.raise_if_dead()
    assert [part.name for part in supervisor.parts] == ["other"]


def test_a_part_that_ends_by_itself_is_named_with_its_last_lines(supervisor):
    supervisor.start("backend", python("print('no such table'); raise SystemExit(3)"), os.environ)
    with pytest.raises(ScriptError, match=r"(?s)backend stopped by itself \(code 3\).*no such table"):
        supervisor.raise_if_dead(10)


def test_waiting_for_a_part_ends_when_it_dies(supervisor):
    supervisor.start("backend", python("raise SystemExit(1)"), os.environ)
    with pytest.raises(ScriptError, match="backend stopped"):
        supervisor.wait_for("backend", lambda: False)


def test_output_is_kept_in_a_log_and_shown_with_its_name(tmp_path, capsys):
    with Supervisor(tmp_path / "logs", show=True) as supervisor:
        part = supervisor.start("backend", python("print('hello')"), os.environ)
        assert wait_until(lambda: part.process.poll() is not None, 10)
    assert (tmp_path / "logs" / "backend.log").read_text() == "hello\n"
    assert "backend | hello" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_nothing_is_left_when_the_script_itself_is_killed(tmp_path):
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from scripts.supervisor import Supervisor\n"
        f"s = Supervisor(Path({str(tmp_path)!r}), show=False)\n"
        f"part = s.start('part', [sys.executable, '-c', {SLEEP!r}], os.environ)\n"
        "print(part.process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(python(code), cwd=root, capture_output=True, text=True, timeout=20)
    pid = int(done.stdout)
    assert wait_until(lambda: not alive(pid), 5)


@pytest.fixture
def quick_restarts(monkeypatch):
    monkeypatch.setattr("scripts.supervisor.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("scripts.supervisor.LONGEST_PAUSE", 0.03)


def restarted(supervisor, old):
    supervisor.restart_dead(0.05)
    part = supervisor.part("worker")
    return part is not None and part is not old


def test_a_part_that_dies_is_started_again_later_and_later(supervisor, quick_restarts, capsys):
    supervisor.start("worker", python("raise SystemExit(4)"), os.environ)
    for _ in range(4):
        old = supervisor.part("worker")
        assert wait_until(lambda old=old: restarted(supervisor, old), 20)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("worker ended")]
    pauses = [line.removeprefix("worker ended by itself (code 4) and starts again in ") for line in lines]
    assert pauses[:4] == ["0.01 s.", "0.02 s.", "0.03 s.", "0.03 s."]


def test_one_that_ran_for_a_while_begins_with_the_first_pause(
    supervisor, quick_restarts, monkeypatch, capsys
):
    monkeypatch.setattr("scripts.supervisor.STEADY_SECONDS", 0)
    supervisor.start("worker", python("pass"), os.environ)
    for _ in range(2):
        old = supervisor.part("worker")
        assert wait_until(lambda old=old: restarted(supervisor, old), 20)
    assert capsys.readouterr().out.count("starts again in 0.01 s.") >= 2


def test_a_restart_on_purpose_is_no_trouble(supervisor, capsys):
    old = supervisor.start("worker", python(SLEEP), os.environ)
    supervisor.restart("worker")
    supervisor.restart("nobody")
    supervisor.restart_dead(0.1)
    new = supervisor.part("worker")
    assert new is not old
    assert not alive(old.process.pid)
    assert alive(new.process.pid)
    assert "ended by itself" not in capsys.readouterr().out


def test_a_child_that_outlives_a_part_is_ended_before_it_starts_again(supervisor, quick_restarts):
    part = supervisor.start("worker", python(PARENT), os.environ)
    assert wait_until(lambda: bool(part.last), 10)
    grandchild = int(part.last[0])
    part.process.kill()
    assert wait_until(lambda: restarted(supervisor, part), 20)
    assert wait_until(lambda: not alive(grandchild), 5)


def test_several_parts_are_stopped_at_once(tmp_path):
    """Each says that it was asked before the other has ended."""
    wait = (
        "import signal, sys, time, pathlib\n"
        "def asked(*_):\n"
        "    pathlib.Path(sys.argv[1]).touch()\n"
        "    while not pathlib.Path(sys.argv[2]).exists(): time.sleep(0.02)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, asked); print('up'); time.sleep(60)"
    )
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    with Supervisor(tmp_path / "logs", show=False, stop_seconds=20) as supervisor:
        supervisor.start("discord 0-1", [*python(wait), one, two], os.environ)
        supervisor.start("discord 2-3", [*python(wait), two, one], os.environ)
        assert wait_until(lambda: all("up" in part.last for part in supervisor.parts), 20)
        supervisor.stop_together(supervisor.names)
        assert [part.process.returncode for part in supervisor.parts] == [0, 0]
