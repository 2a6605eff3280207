"""Progress as people live it: practice and a streak, an exam, a session, a board that moves, a reset and its undo."""

import contextlib
import json
import sqlite3
import subprocess
import sys
from uuid import UUID

import pytest
from playwright.async_api import expect

from rules import drills
from rules.json import JsonObject
from sandbox.person import Person
from sandbox.reply import Reply
from scripts.common import BACKEND
from tests.end_to_end.conftest import SECONDS, Stack

pytestmark = pytest.mark.browser
LETTERS = "ABCDE"
PRIVATE = "SELECT {} FROM users WHERE discord_username = 'jonas'"
ASKED = """
SELECT question FROM attempts JOIN practice_sessions s ON s.id = session_id JOIN users u ON u.id = s.user_id
WHERE discord_username = 'jonas' AND choice IS NULL ORDER BY s.started_at DESC, number LIMIT 1"""
SAT = """
SELECT questions FROM paper_attempts a JOIN users u ON u.id = a.user_id
WHERE discord_username = 'jonas' AND finished_at IS NULL"""


def ask(stack: Stack, statement: str, *values: object) -> object:
    """One value from the database, or a change of it: what a test can't wait days for."""
    with contextlib.closing(sqlite3.connect(stack.env["DB_NAME"], timeout=SECONDS)) as database, database:
        row = database.execute(statement, values).fetchone()
        return row and row[0]


def make_admin(stack: Stack, name: str) -> None:
    command = [sys.executable, "manage.py", "set_role", name, "admin"]
    subprocess.run(command, cwd=BACKEND, env=dict(stack.env), check=True)


def right(question: JsonObject) -> str:
    """The button of the right answer, as the rules engine gives it."""
    return LETTERS[drills.read(question).right]


async def drill(stack: Stack, jonas: Person) -> Reply:
    reply = await jonas.slash("progress practice", options={"system": "h5", "level": 1})
    for _number in range(5):
        reply = await jonas.click(reply, right(json.loads(str(ask(stack, ASKED)))))
    return reply


async def pass_exam(stack: Stack, jonas: Person) -> Reply:
    reply = await jonas.slash("progress exam")
    reply = await jonas.select(reply, "Hunter 5th edition: the rules")
    reply = await jonas.click(reply, "Begin or go on")
    for question in json.loads(str(ask(stack, SAT))):
        reply = await jonas.click(reply, right(question["drill"]))
    return await jonas.click(reply, "Hand in")


@pytest.mark.req("CARD-07", "S001-71", "S001-67", "S001-55")
async def test_progress_from_the_first_drill_to_a_reset_and_back(
    stack: Stack, jonas: Person, vesna: Person, new_page
) -> None:
    await vesna.slash("server features", feature="boards", on=True)
    assert "You practised 1 day in a row." in (await drill(stack, jonas)).text
    # Two days later: the day between is forgiven.
    ask(
        stack,
        "UPDATE users SET last_practice_date = date(last_practice_date, '-2 days') WHERE discord_username = 'jonas'",
    )
    assert "You practised 2 days in a row." in (await drill(stack, jonas)).text
    assert ask(stack, PRIVATE.format("last_grace_skip_date"))

    passed = await pass_exam(stack, jonas)
    assert "passed with 100%" in passed.text
    certificate = (await jonas.slash("progress certificates")).text.rpartition("<")[2].rstrip(">")

    board = await new_page(width=820)
    await stack.sign_in(board, "vesna")
    server = UUID(str(ask(stack, "SELECT id FROM servers WHERE name = 'Night Court'")))
    await board.goto(f"{stack.backend}/servers/{server}/boards/")
    row = board.locator(".board tr", has_text="Jonas")
    before = int((await row.locator("td").last.inner_text()).replace(",", ""))

    await vesna.slash("episode plan", title="Ashes")
    await vesna.slash("episode start")
    over = await vesna.slash("episode end")
    ids = {user["username"]: user["id"] for user in (await vesna.world())["users"]}
    await vesna.slash("episode tick", options={"user": ids["jonas"], "state": "came"})
    assert over.text
    assert "Jonas: 20 points" in (await vesna.slash("episode award")).text
    # The page that was open all the while moved by itself.
    await expect(row.locator("td").last).to_have_text(str(before + 20))

    mine = await jonas.slash("progress me")
    assert [file["content_type"] for file in mine.message["attachments"]] == ["image/png"]
    assert "Streak: 2 days in a row" in mine.text
    points = ask(stack, PRIVATE.format("total_points"))

    refused = await jonas.slash("progress reset")
    assert refused.text == "Only admins of this platform can reset progress."
    assert ask(stack, PRIVATE.format("total_points")) == points
    make_admin(stack, "vesna")
    shown = await vesna.slash("progress reset")
    form = await vesna.click(shown, "Reset…")
    wrong = await vesna.submit(form, {"word": "reset"})
    assert ask(stack, PRIVATE.format("total_points")) == points, wrong.text
    form = await vesna.click(shown, "Reset…")
    done = await vesna.submit(form, {"word": "RESET"})
    assert "**Progress was reset.**" in done.text
    assert ask(stack, PRIVATE.format("total_points")) == 0
    # What a reset keeps, and what its undo brings back.
    assert (await board.request.get(certificate)).ok
    await vesna.click(done, "Undo the reset")
    assert ask(stack, PRIVATE.format("total_points")) == points
    assert "Streak: 2 days in a row" in (await jonas.slash("progress me")).text
