"""The run of everything adds up what pytest says, leaves nothing out in silence, and fails when anything failed."""

import os
import sys

import pytest

from scripts import environment, pytest_services, test
from scripts.common import ROOT, ScriptError


@pytest.mark.parametrize(
    "line",
    [
        "12 passed in 3.06s",
        "1 failed, 52 passed in 184.75s (0:03:04)",
        "==== 2 failed, 3 passed, 1 skipped, 4 warnings in 0.12s ====",
        "1 error in 7.91s",
        "no tests ran in 0.01s",
    ],
)
def test_pytest_s_closing_line_is_known(line):
    assert test.CLOSING.match(line)


@pytest.mark.parametrize(
    "line", ["FAILED test_x.py - it passed in 3 ways", "bringing up nodes...", "took 12 s"]
)
def test_other_lines_are_not_taken_for_it(line):
    assert not test.CLOSING.match(line)


COUNTS = {"passed": 7, "failed": 0, "skipped": 0}


def test_all_green_ends_with_the_counts_and_zero(capsys):
    assert test.close([], {}, COUNTS, 1) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "7 passed, 0 failed"


def test_a_broken_step_fails_the_run_and_is_named(capsys):
    assert test.close(["mypy"], {}, COUNTS, 1) == 1
    assert "FAILED: mypy" in capsys.readouterr().out


def test_what_could_not_run_is_said_at_the_end_and_is_a_failure_in_ci(capsys, monkeypatch):
    missing = {"mariadb": "NOT RUN: the run on MariaDB"}
    monkeypatch.delenv("CI", raising=False)
    assert test.close([], missing, COUNTS, 1) == 0
    assert "!! NOT RUN: the run on MariaDB" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert test.close([], missing, COUNTS, 1) == 1


def test_without_rights_the_missing_parts_are_named_with_their_packages(capsys, monkeypatch):
    monkeypatch.setattr(environment, "apt_prefix", lambda: None)
    monkeypatch.setattr(test.services, "chromium_binary", lambda: None)
    test.install_packages()
    missing = test.missing_parts()
    assert list(missing) == ["chromium"]
    assert "sudo apt install chromium" in missing["chromium"]
    assert missing["chromium"] in capsys.readouterr().out


def test_the_long_run_alone_needs_what_deployments_are_made_of():
    assert set(test.parts(for_long_run=True)) - set(test.parts()) == set(test.DEPLOYED_WITH)


def test_the_driver_of_production_is_the_one_tested():
    assert environment.mysqlclient_pin().startswith("mysqlclient==")
    assert environment.has("pytest==" + pytest.__version__)
    assert not environment.has("pytest==0")
    assert not environment.has("no-such-package==1")


def test_jobs_run_side_by_side_and_the_failed_are_named(capsys):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    good = test.Job("good", [sys.executable, "-c", "print('2 passed, 1 skipped in 0.10s')"], os.environ)
    bad = test.Job("bad", [sys.executable, "-c", "print('1 failed in 1s'); raise SystemExit(1)"], os.environ)
    assert test.run_jobs([good, bad], counts, at_once=2) == ["bad"]
    assert counts == {"passed": 2, "failed": 1, "skipped": 1}
    shown = capsys.readouterr().out
    assert "1 failed in 1s" in shown
    assert "2 passed" not in shown


def test_what_a_job_alone_needs_is_made_first_and_its_failure_is_the_jobs():
    def fails():
        raise ScriptError("no compiler")

    def job(first):
        return test.Job("one", [sys.executable, "-c", "print('1 passed in 1s')"], os.environ, first)

    assert test._run(job(lambda: None))[:2] == (0, "1 passed in 1s\n")
    assert test._run(job(fails))[:2] == (1, "no compiler")


@pytest.mark.parametrize(("works", "broken"), [(True, ["bad"]), (False, ["bad", "pytest on sqlite"])])
def test_what_runs_beside_sqlite_is_counted_and_judged_too(capsys, monkeypatch, works, broken):
    bad = test.Job("bad", [sys.executable, "-c", "print('1 failed in 1s'); raise SystemExit(1)"], os.environ)
    monkeypatch.setattr(test, "checks", lambda env, missing: [bad])
    monkeypatch.setattr(test, "engines", lambda missing: [])
    monkeypatch.setattr(test, "run_on_sqlite", lambda counts: counts.update(passed=5) or works)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    assert test.run_everything({}, counts) == broken
    assert counts == {"passed": 5, "failed": 1, "skipped": 0}


def test_the_scripts_of_the_pages_are_checked_where_node_is():
    with_node = {job.name for job in test.checks(os.environ, {})}
    without = {job.name for job in test.checks(os.environ, {"node": "NOT RUN"})}
    assert with_node - without == {"eslint", "types of scripts", "tests of scripts"}
    assert "djlint" in without


def test_the_other_engines_get_the_marked_modules_alone():
    marked = test.marked_modules()
    assert "backend/rod/tests/test_migrations.py" in marked
    assert "backend/rules/tests/test_ids.py" not in marked
    (job,) = test.engines({"postgres": "NOT RUN"})
    assert job.name == "pytest on mariadb"
    assert job.command[-2:] == ["--database", "mariadb"]


def test_the_tests_of_a_platform_stay_on_one_worker():
    """xdist's own groups do nothing with this pytest, and each worker started every platform."""
    unit_of = pytest_services.unit_of
    assert all((ROOT / folder).exists() for folder in pytest_services.PLATFORMS)
    assert unit_of("bot/tests/seam/test_dice.py::test_a[1]") == unit_of(
        "bot/tests/seam/test_macros.py::test_b"
    )
    alone = "bot/tests/rodbot/test_text.py::test_a[bot/tests/seam/x]"
    assert unit_of(alone) == alone


def test_the_quicker_browser_is_installed_only_where_that_is_possible(monkeypatch):
    monkeypatch.setattr(test.services, "headless_shell", lambda: None)
    monkeypatch.setattr(environment, "apt_prefix", lambda: None)
    assert test.quicker() == []
    monkeypatch.setattr(test.services, "headless_shell", lambda: "/usr/bin/chromium-headless-shell")
    monkeypatch.setattr(environment, "apt_prefix", list)
    assert test.quicker() == []
