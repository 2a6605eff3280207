"""The index of words of each engine, made by a migration and kept by the engine itself, whoever writes a message.

SQLite's knows rows by numbers that last, which a table with other keys has none of: so there is a table of them, and
triggers keep both. A migration that changes a column makes the table anew and leaves the triggers behind; therefore
they are looked for after every migration.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = {
    "chat_search_words": """
        CREATE VIRTUAL TABLE IF NOT EXISTS chat_search_words
        USING fts5(words, content='', detail='none', tokenize='ascii')
    """,
    "chat_search_numbers": """
        CREATE TABLE IF NOT EXISTS chat_search_numbers (number INTEGER PRIMARY KEY, message CHAR(32) NOT NULL UNIQUE)
    """,
}
PUT = """
    INSERT INTO chat_search_numbers (message) VALUES (new.id);
    INSERT INTO chat_search_words (rowid, words)
        SELECT number, new.search FROM chat_search_numbers WHERE message = new.id;
"""
TAKE = """
    INSERT INTO chat_search_words (chat_search_words, rowid, words)
        SELECT 'delete', number, old.search FROM chat_search_numbers WHERE message = old.id;
    DELETE FROM chat_search_numbers WHERE message = old.id;
"""
# SQLite runs the triggers of one change in no order that it promises: one of them does both.
TRIGGERS = {
    "chat_search_put": f"AFTER INSERT ON chat_messages WHEN new.search <> '' BEGIN {PUT} END",
    "chat_search_take": f"AFTER DELETE ON chat_messages WHEN old.search <> '' BEGIN {TAKE} END",
    "chat_search_come": f"""
        AFTER UPDATE OF search ON chat_messages WHEN old.search = '' AND new.search <> '' BEGIN {PUT} END
    """,
    "chat_search_go": f"""
        AFTER UPDATE OF search ON chat_messages WHEN old.search <> '' AND new.search = '' BEGIN {TAKE} END
    """,
    "chat_search_change": f"""
        AFTER UPDATE OF search ON chat_messages
        WHEN old.search <> '' AND new.search <> '' AND old.search <> new.search BEGIN {TAKE} {PUT} END
    """,
}
FILL = (
    "INSERT INTO chat_search_words (chat_search_words) VALUES ('delete-all')",
    "DELETE FROM chat_search_numbers",
    "INSERT INTO chat_search_numbers (message) SELECT id FROM chat_messages WHERE search <> '' ORDER BY id",
    """
        INSERT INTO chat_search_words (rowid, words)
        SELECT n.number, m.search FROM chat_search_numbers n JOIN chat_messages m ON m.id = n.message
    """,
)
MADE = {
    "mysql": "ALTER TABLE chat_messages ADD FULLTEXT INDEX chat_message_words (search)",
    # Without a list of pending words, which every search would read.
    "postgresql": "CREATE INDEX chat_message_words ON chat_messages USING GIN (to_tsvector('simple', search)) "
    "WITH (fastupdate = off)",
}
DROPPED = {
    "mysql": "ALTER TABLE chat_messages DROP INDEX chat_message_words",
    "postgresql": "DROP INDEX chat_message_words",
}


def make(connection: BaseDatabaseWrapper) -> None:
    """What the migration makes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _make_in_sqlite(cursor)
        else:
            cursor.execute(MADE[connection.vendor])


def drop(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(DROPPED[connection.vendor])
            return
        for name in TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def keep(sender: AppConfig, using: str, **_: Any) -> None:
    """After migrations: SQLite's triggers, if the table that they stood on was made anew."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'chat_search_numbers'")
        if cursor.fetchone() is None:
            return  # somebody migrated to a time before search
        cursor.execute(
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'chat_messages'"
        )
        if cursor.fetchone()[0] < len(TRIGGERS):
            _make_in_sqlite(cursor)


def _make_in_sqlite(cursor: Any) -> None:
    """The tables and the triggers, filled with all that is there."""
    for statement in (*TABLES.values(), *FILL):
        cursor.execute(statement)
    for name, body in TRIGGERS.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(f"CREATE TRIGGER {name} {body}")
