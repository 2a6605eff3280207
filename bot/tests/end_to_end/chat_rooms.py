"""Rooms of chat for browser tests: a channel with as many messages as a test needs, and the page that shows it."""

import contextlib
import sqlite3
from collections.abc import Sequence
from uuid import UUID

from playwright.async_api import Page, expect

from tests.end_to_end.conftest import SECONDS, Stack

# What differs from message to message; all else is as in the one that is copied.
OWN = {
    "id": "lower(hex(randomblob(16)))",
    "seq": "?",
    "changed": "?",
    "content": "?",
    "nonce": "lower(hex(randomblob(16)))",
}


def channel(stack: Stack, name: str) -> UUID:
    """The id of a channel of the Night Court."""
    found = "SELECT c.id FROM server_channels c JOIN servers s ON s.id = c.server_id WHERE s.name = ? AND c.name = ?"
    with contextlib.closing(_database(stack)) as database:
        return UUID(database.execute(found, ["Night Court", name]).fetchone()[0])


def fill(stack: Stack, room: UUID, texts: Sequence[str], name: str = "") -> None:
    """Put messages after the last one of a room, by its author, who is called `name` there; faster than anybody could
    write them."""
    with contextlib.closing(_database(stack)) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(chat_messages)")]
        own = OWN | ({"user_name": "?"} if name else {})
        values = ", ".join(own.get(column, column) for column in columns)
        last = "SELECT id, seq FROM chat_messages WHERE room = ? ORDER BY seq DESC LIMIT 1"
        like, seq = database.execute(last, [room.hex]).fetchone()
        insert = f"INSERT INTO chat_messages ({', '.join(columns)}) SELECT {values} FROM chat_messages WHERE id = ?"
        order = [column for column in columns if own.get(column) == "?"]
        rows = [
            [
                {"seq": seq + at, "changed": seq + at, "content": text, "user_name": name}[column]
                for column in order
            ]
            + [like]
            for at, text in enumerate(texts, start=1)
        ]
        database.executemany(insert, rows)
        database.execute("UPDATE streams SET seq = ? WHERE id = ?", [seq + len(texts), room.hex])


def _database(stack: Stack) -> sqlite3.Connection:
    return sqlite3.connect(stack.env["DB_NAME"], timeout=SECONDS)


async def open_room(stack: Stack, page: Page, username: str, room: UUID, query: str = "") -> Page:
    """Signed in, in the room, and live."""
    await stack.sign_in(page, username)
    await page.goto(f"{stack.backend}/talk/{room}/{query}")
    await expect(page.get_by_role("log")).to_be_visible()
    return page


async def write(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Message to")
    await box.fill(text)
    await box.press("Enter")
