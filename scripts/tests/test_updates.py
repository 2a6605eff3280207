"""`update_packages` and `sync_requirements`: what they change of the requirements files, and what they leave alone."""

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.version import Version

from scripts import constraints, environment, pins, sync_requirements, update_packages
from scripts.common import ROOT, ScriptError

PRODUCTION = """# What production runs.
-c scripts/constraints.txt
channels==4.3.2  # stays plain
Django==5.2.19
mysqlclient==2.3.1
pillow==13.0.0
uvloop==0.21.0; sys_platform != 'win32'
httpx>=0.27
"""
DEVELOPMENT = """-c scripts/constraints.txt
channels[daphne]==4.3.3
django==5.2.21
Pillow==12.9.0
uvloop==0.22.1 ; sys_platform != "win32"
httpx==0.28.1
# Only here:
black==26.10.1
"""
SYNCED = """# What production runs.
-c scripts/constraints.txt
channels==4.3.3  # stays plain
Django==5.2.21
mysqlclient==2.3.1
pillow==13.0.0
uvloop==0.22.1; sys_platform != 'win32'
httpx>=0.27
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    """`(requirements.txt, requirements-dev.txt)` of the scripts, somewhere else."""
    production, development = tmp_path / "requirements.txt", tmp_path / "requirements-dev.txt"
    production.write_text(PRODUCTION)
    development.write_text(DEVELOPMENT)
    for module in (sync_requirements, update_packages, constraints):
        monkeypatch.setattr(module, "PRODUCTION", production)
        monkeypatch.setattr(module, "DEVELOPMENT", development)
    return production, development


@pytest.mark.req("S004-85", "S004-86", "S004-87", "S004-88", "S004-90")
def test_production_gets_the_newer_versions_of_what_both_files_name(files):
    production, development = files
    assert sync_requirements.main([]) == 0
    assert production.read_text() == SYNCED
    assert development.read_text() == DEVELOPMENT


@pytest.mark.req("S004-89")
def test_what_was_raised_and_what_is_for_development_alone_is_reported(files, capsys):
    sync_requirements.main([])
    shown = capsys.readouterr().out
    for line in (
        "Raised: channels 4.3.2 → 4.3.3",
        "Left alone: pillow 13.0.0",
        "requirements-dev.txt: black",
    ):
        assert line in shown


@pytest.mark.req("S004-90")
def test_a_check_changes_nothing_and_fails_when_out_of_step(files):
    production, _ = files
    assert sync_requirements.main(["--check"]) == 1
    assert production.read_text() == PRODUCTION
    sync_requirements.main([])
    assert sync_requirements.main(["--check"]) == 0


@pytest.mark.req("S004-90")
def test_line_ends_and_a_last_line_without_one_stay(files):
    production, _ = files
    production.write_bytes(b"# mine\r\nDjango == 5.2.19 # why\r\n\r\nchannels==4.3.2")
    sync_requirements.main([])
    assert production.read_bytes() == b"# mine\r\nDjango == 5.2.21 # why\r\n\r\nchannels==4.3.3"


@pytest.mark.parametrize(
    ("production", "development", "result"),
    [
        ("a-b==1", "A_b==2", "a-b==2"),
        ("a==1.0", "a==1.0.0", "a==1.0"),
        ("a==1.9", "a==1.10", "a==1.10"),
        ("a==2.0", "a==2.0rc1", "a==2.0"),
        ("a==2.0rc1", "a==2.0", "a==2.0"),
        ("a==1.*", "a==2.0", "a==1.*"),
        ("a==1 --hash=sha256:00", "a==2", "a==1 --hash=sha256:00"),
        ("a[x]==1", "a==2", "a[x]==2"),
        ("a==1", 'a==2; python_version < "3.12"', "a==2"),
        ("a==1", 'a==2; python_version < "3.12"\na==3; python_version >= "3.12"', "a==1"),
        (
            'a==1; python_version < "3.12"\na==1; python_version >= "3.12"',
            'a==2; python_version<"3.12"\na==3; python_version>="3.12"',
            'a==2; python_version < "3.12"\na==3; python_version >= "3.12"',
        ),
        ("#a==1", "a==2", "#a==1"),
    ],
)
def test_each_kind_of_line(production, development, result):
    assert sync_requirements.synced(production, development) == result


def test_versions_are_compared_as_packaging_compares_them():
    versions = (
        "0 0.9 1.0.dev1 1.0a1.dev1 1.0a1 1.0a1.post1 1.0b2 1.0rc1 1.0 1.0.0 1.0+local.2 1.0-1 1.0.post2.dev1"
    )
    versions += " 1.0.post2 v1.1 1.1.1 1.10 1!0.5 2026.6 1.0alpha1 1.0-rev3 1.0+local.10"
    for one, other in itertools.product(versions.split(), repeat=2):
        assert pins.is_newer(one, other) is (Version(one) > Version(other)), (one, other)


@pytest.mark.req("S004-85", "S004-90")
def test_the_script_runs_in_a_clone_with_no_environment_and_no_network(tmp_path):
    copied = ("scripts", "backend/contract", "backend/scripts", "requirements.txt", "requirements-dev.txt")
    for name in copied:
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
    production = tmp_path / "requirements.txt"
    newest = production.read_text()
    production.write_text(newest.replace("Django==5", "Django==4"))
    env = os.environ | {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    codes = [
        subprocess.run([tmp_path / script, *options], env=env, capture_output=True, check=False).returncode
        for script in ("scripts/sync_requirements.sh", "backend/scripts/sync_requirements.sh")
        for options in (["--check"], [])
    ]
    assert codes == [1, 0, 0, 0]
    assert production.read_text() == newest


def test_the_two_files_of_this_checkout_are_in_step():
    assert sync_requirements.main(["--check"]) == 0


@pytest.fixture
def newest(files, monkeypatch):
    """pip's answer, and no resolving: `newest["black"] = "27.1"`."""
    answer = {"django": "5.2.30", "black": "27.1", "mysqlclient": "2.4", "six": "2.0"}
    monkeypatch.setattr(update_packages, "outdated", lambda: answer)
    monkeypatch.setattr(constraints, "write", lambda interpreters: None)
    return answer


@pytest.mark.req("S004-82", "S004-83")
def test_a_person_chooses_and_the_versions_are_written(files, newest, monkeypatch, capsys):
    answers = iter(["9", "nothing", "2"])
    monkeypatch.setattr(update_packages, "on_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    assert update_packages.main([]) == 0
    production, development = files
    assert development.read_text() == DEVELOPMENT.replace("black==26.10.1", "black==27.1")
    assert production.read_text() == PRODUCTION
    shown = capsys.readouterr().out
    for line in ("1  django 5.2.21 → 5.2.30", "from 1 to 2", "nothing is not in the list", "Updated: black"):
        assert line in shown
    assert "by hand: mysqlclient 2.3.1 → 2.4" in shown


@pytest.mark.parametrize(
    ("answer", "names"),
    [("", []), ("all", ["a", "b", "c"]), ("1,3", ["a", "c"]), ("2-3", ["b", "c"]), ("B  1", ["a", "b"])],
)
def test_an_answer_names_numbers_ranges_or_packages(answer, names):
    found = update_packages.updates("a==1\nb==1\nc==1\n", {"a": "2", "b": "2", "c": "2"})
    assert [update.pin.name for update in update_packages.chosen(found, answer)] == names


@pytest.mark.req("S004-82")
def test_nothing_is_asked_without_a_terminal(files, newest):
    assert update_packages.main(["--check"]) == 1
    assert files[1].read_text() == DEVELOPMENT
    assert update_packages.main(["--all"]) == 0
    assert "django==5.2.30" in files[1].read_text()
    newest.clear()
    assert update_packages.main(["--check"]) == 0


@pytest.mark.req("S004-84")
def test_without_the_environment_it_names_the_dev_script(files, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "VENV", tmp_path)
    with pytest.raises(ScriptError, match="Run scripts/dev"):
        update_packages.main([])


def test_versions_that_do_not_go_together_leave_the_file_as_it_was(files, newest, monkeypatch):
    def refuse(interpreters):
        raise ScriptError("black 27.1 needs another click")

    monkeypatch.setattr(constraints, "write", refuse)
    with pytest.raises(ScriptError, match="another click"):
        update_packages.main(["black"])
    assert files[1].read_text() == DEVELOPMENT


@pytest.mark.req("S004-83")
def test_constraints_are_resolved_for_both_files_as_they_will_be(files, tmp_path, monkeypatch):
    """Production's older pin would contradict the newer one, until `sync_requirements` raises it."""
    asked = []

    def resolve(interpreter, wanted):
        asked.append(wanted)
        return interpreter, {"channels": "4.3.3", "click": "9", "attrs": "26"}

    monkeypatch.setattr(constraints, "resolve", resolve)
    monkeypatch.setattr(constraints, "FILE", tmp_path / "constraints.txt")
    monkeypatch.setattr(constraints, "ROOT", tmp_path)
    constraints.FILE.write_text('audioop-lts==0.2; python_version == "3.13"\nclick==8\n')
    constraints.write(["3.11"])
    assert SYNCED in asked[0]
    assert DEVELOPMENT in asked[0]
    lines = constraints.FILE.read_text().splitlines()
    assert lines[2:5] == ["attrs==26", 'audioop-lts==0.2; python_version == "3.13"', "click==9"]


@pytest.mark.req("S004-82")
def test_pip_itself_finds_what_is_outdated(tmp_path, monkeypatch):
    """A real pip, and an index that is a folder of one wheel."""
    wheel = tmp_path / "pip-99.0-py3-none-any.whl"
    metadata = {"METADATA": "Metadata-Version: 2.1\nName: pip\nVersion: 99.0\n", "RECORD": ""}
    metadata["WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    write_wheel(wheel, {f"pip-99.0.dist-info/{name}": text for name, text in metadata.items()})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert update_packages.outdated() == {"pip": "99.0"}


def write_wheel(path: Path, files: dict[str, str]) -> None:
    import zipfile

    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
