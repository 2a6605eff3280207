"""`backend/reset_progress_data.py`: its texts word by word, and what it does or leaves alone."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection

import reset_progress_data as script
from discordauth.models import CustomUser
from progress.models import PracticeSession, RestorePoint, Reward
from progress.services import reset_users
from progress.tests import reset_kit as kit
from testing.personas import World

BACKEND = Path(script.__file__).parent
RULE = "=" * 60
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def earned(world: World) -> World:
    kit.populate(world)
    return world


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Run the script with this typed into it; return its exit code and what it printed."""

    def run(typed: str, *arguments: str, encoding: str = "utf-8") -> tuple[int, str]:
        printed = io.BytesIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding, write_through=True))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding))
        code = script.main(arguments)
        return code, printed.getvalue().decode(encoding)

    return run


WARNING = f"""\
{RULE}
DATABASE PROGRESS RESET SCRIPT
{RULE}

+----------------------------------------------------------+
|                 WARNING: DATABASE RESET                  |
+----------------------------------------------------------+
⚠️  This will delete ALL progress data:
   • Practice sessions and attempts
   • Paper attempts
   • Badges and rewards
   • Points, streaks and stats
   • Leaderboard data

Accounts, profiles, attendance, sessions, schedules, supporters, certificates and logs stay.
A restore point is kept for 7 days: python reset_progress_data.py --undo
⚠️  After that, this operation is IRREVERSIBLE.

Type 'RESET' to confirm: """
DONE = f"""\
🔄 Starting database reset...
{RULE}

1️⃣  Deleting all practice sessions and attempts...
   ✅ Deleted 4 practice sessions

2️⃣  Deleting all paper attempts...
   ✅ Deleted 4 paper attempts

3️⃣  Deleting all badges and rewards...
   ✅ Deleted 4 rewards/badges

4️⃣  Resetting all user statistics...
   ✅ Reset stats for 2 users

5️⃣  Resetting leaderboard...
   ✅ Reset 10 leaderboard entries

💾 Committing changes to database...

✅ All changes committed successfully!
{RULE}
✅ Database reset completed successfully!
{RULE}
A restore point is kept until """


@pytest.mark.req(
    *("S001-28", "S001-29", "S001-30", "S001-31", "S001-32", "S001-34", "S001-35", "S001-36", "S001-37"),
    *("S001-38", "S001-39", "S001-40", "S001-42", "S001-44"),
)
def test_it_prints_every_text_in_its_order_and_resets(earned: World, say: Say) -> None:
    code, text = say("RESET\n")
    assert text.startswith(WARNING + DONE)
    assert text.endswith("UTC. To undo the reset:\n    python reset_progress_data.py --undo\n")
    assert code == 0
    assert not PracticeSession.objects.exists()


@pytest.mark.req("S001-33")
@pytest.mark.parametrize(
    "typed", ["reset\n", "Reset\n", "RESET now\n", " RESET\n", "RESET \n", "\n", "", "RESET\t\n", "ЯESET\n"]
)
def test_anything_but_the_word_itself_leaves_every_row(earned: World, say: Say, typed: str) -> None:
    before = kit.tables()
    code, text = say(typed)
    assert (code, text.removeprefix(WARNING).strip()) == (1, "Reset cancelled. Nothing was changed.")
    assert kit.tables() == before


@pytest.mark.req("S001-41")
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_signs_that_the_output_cannot_show_fall_back_to_ascii(earned: World, say: Say, encoding: str) -> None:
    earned.chronicle.name = "Nächte in Łódź 🦉"
    earned.chronicle.save()
    code, text = say("RESET\n", "--chronicle", str(earned.chronicle.pk), encoding=encoding)
    assert code == 0
    assert "[~] Starting database reset...\n" in text
    assert "1. Deleting all practice sessions and attempts...\n   [OK] Deleted 2 practice sessions\n" in text
    assert "   - Leaderboard data" in text
    if encoding == "ascii":
        assert text.isascii()


@pytest.mark.req("S001-43")
def test_a_dry_run_asks_nothing_prints_the_counts_and_changes_nothing(earned: World, say: Say) -> None:
    before = kit.tables()
    code, text = say("", "--dry-run")
    assert code == 0
    steps = DONE.partition("💾")[0].strip()
    assert steps in text
    assert "Dry run: nothing was changed." in text
    assert "committed" not in text
    assert kit.tables() == before


@pytest.mark.req("S001-43", "S001-44")
def test_without_a_backup_it_says_that_there_is_no_way_back(earned: World, say: Say) -> None:
    code, text = say("", "--yes", "--no-backup")
    assert code == 0
    assert "This operation is IRREVERSIBLE: no restore point is kept." in text
    assert "--undo" not in text
    assert say("", "--undo") == (1, "❌ The last reset kept no restore point, so it can’t be undone.\n")


@pytest.mark.req("S001-44", "S001-55")
def test_the_command_that_it_prints_undoes_the_reset(earned: World, say: Say) -> None:
    before = PracticeSession.objects.count()
    say("", "--yes")
    code, text = say("", "--undo")
    assert code == 0
    assert "Restored 4 practice sessions" in text
    assert PracticeSession.objects.count() == before
    assert say("", "--undo")[0] == 1


@pytest.mark.req("S001-42")
def test_a_fault_after_step_three_leaves_everything(
    earned: World, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Error("the disk is on fire")

    before = kit.tables()
    monkeypatch.setattr(reset_users, "_reset_users", fail)
    code, text = say("RESET\n")
    assert code == 1
    assert text.endswith("❌ The reset failed: the disk is on fire\nNothing was changed.\n")
    assert "Deleted 4 rewards/badges" in text
    assert kit.tables() == before
    assert Reward.objects.count() == 4


@pytest.mark.req("S001-47")
def test_a_failed_connection_names_what_to_check(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise Error("could not connect to server")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    with pytest.raises(SystemExit) as ended:
        say("RESET\n")
    assert ended.value.code == 1


def test_one_place_alone_and_one_that_is_not_there(earned: World, say: Say) -> None:
    code, text = say("", "--yes", "--server", str(earned.server.pk))
    assert code == 0
    assert 'ALL progress data of the server "Night Court"' in text
    assert PracticeSession.objects.count() == 2
    assert say("", "--yes", "--season", str(earned.mira.pk)) == (1, "❌ There’s no such season.\n")
    assert RestorePoint.objects.count() == 1


def process(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=BACKEND, env=os.environ | environ, text=True, capture_output=True, timeout=120
    )


@pytest.mark.req("S001-45")
def test_without_its_packages_it_says_what_to_install() -> None:
    ended = process("-S", "reset_progress_data.py")
    assert ended.returncode == 1
    assert "Module not found: " in ended.stdout
    assert "backend" in ended.stdout
    assert "pip install -r requirements.txt" in ended.stdout


@pytest.mark.req("S001-45")
def test_a_copy_elsewhere_says_that_it_belongs_into_backend(tmp_path: Path) -> None:
    copy = tmp_path / "reset_progress_data.py"
    copy.write_text(Path(script.__file__).read_text())
    ended = process(str(copy), PYTHONPATH="")
    assert ended.returncode == 1
    assert "Module not found: rod\nMake sure that you are in the backend folder" in ended.stdout


@pytest.mark.req("S001-47", "S001-48")
def test_the_database_url_is_the_one_that_counts() -> None:
    url = "postgresql://nobody:secret@127.0.0.1:1/nothing"
    ended = process("reset_progress_data.py", DATABASE_URL=url, PYTHONIOENCODING="ascii")
    assert ended.returncode == 1
    assert ended.stdout.startswith("[X] Database connection failed: ")
    assert "Check DATABASE_URL in .env" in ended.stdout
    assert "secret" not in ended.stdout + ended.stderr


@pytest.mark.req("S001-46")
def test_requirements_can_be_installed_from_inside_backend() -> None:
    assert (BACKEND / "requirements.txt").read_text() == "-r ../requirements.txt\n"


@pytest.mark.req("S001-56")
def test_a_command_makes_admins_and_members(world: World) -> None:
    call_command("set_role", "mira", "admin", stdout=io.StringIO())
    assert CustomUser.objects.get(pk=world.mira.pk).is_admin
    call_command("set_role", world.mira.discord_id, "member", stdout=io.StringIO())
    assert not CustomUser.objects.get(pk=world.mira.pk).is_admin
    with pytest.raises(CommandError, match="No account is called"):
        call_command("set_role", "nobody at all", "admin")
    with pytest.raises(CommandError):
        call_command("set_role", "mira", "emperor")


@pytest.mark.req("S001-56")
def test_only_superusers_make_admins_in_the_admin(world: World, rf: Any) -> None:
    from django.contrib import admin

    page = admin.site.get_model_admin(CustomUser)
    request = rf.get("/")
    for user, closed in ((world.root, False), (world.mira, True)):
        request.user = user
        assert ("role" in page.get_readonly_fields(request)) is closed
