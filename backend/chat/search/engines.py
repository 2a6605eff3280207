"""Ask the index of each engine for messages with words: `filter(HasWords(F("search"), […]))`.

Every word is one of `chat.search.words.encoded`: ASCII letters and digits alone, so none can be read as an operator.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Lookup

ENCODED = re.compile(r"[a-z0-9]+")
Sql = tuple[str, list[Any]]


def query(words: Sequence[str], vendor: str) -> str:
    """As the engine is asked for messages that have each of these words, whole or as the beginning of one."""
    if not words or not all(map(ENCODED.fullmatch, words)):
        raise ValueError("only words of `encoded` are searched for")
    if vendor == "mysql":
        return " ".join(f"+{word}*" for word in words)
    if vendor == "postgresql":
        return " & ".join(f"{word}:*" for word in words)
    return " ".join(f"{word}*" for word in words)


# How the engine finds messages with words.
FOUND = {
    "sqlite": "SELECT rowid FROM chat_search_words WHERE chat_search_words MATCH %s",
    "mysql": "SELECT id FROM chat_messages WHERE MATCH (search) AGAINST (%s IN BOOLEAN MODE)",
    "postgresql": "SELECT id FROM chat_messages WHERE to_tsvector('simple', search) @@ to_tsquery('simple', %s)",
}


def count(words: Sequence[str], most: int) -> int:
    """How many messages anywhere have these words; it counts no further than this."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        counted = f"SELECT COUNT(*) FROM ({FOUND[vendor]} LIMIT %s) found"  # noqa: S608  (a constant above)
        cursor.execute(counted, [query(words, vendor), most])
        found: int = cursor.fetchone()[0]
    return found


class HasWords(Lookup[list[str]]):
    """Each of these words is in the column, whole or as the beginning of one."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> Sql:
        """An own index by number (`chat.search.index`): this engine's indexes know rows by their numbers alone."""
        quote = connection.ops.quote_name
        message = f"{quote(self.lhs.alias)}.{quote('id')}"
        found = """
            SELECT n.message FROM chat_search_words w JOIN chat_search_numbers n ON n.number = w.rowid
            WHERE chat_search_words MATCH %s
        """
        return f"{message} IN ({found})", [query(self.rhs, "sqlite")]

    def as_mysql(self, compiler: Any, connection: Any) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        return f"MATCH ({column}) AGAINST (%s IN BOOLEAN MODE)", [*params, query(self.rhs, "mysql")]

    def as_postgresql(self, compiler: Any, connection: Any) -> Sql:
        """Found first, as an array of ids: beside an order and a limit the planner would rather read a whole room."""
        quote = connection.ops.quote_name
        message = f"{quote(self.lhs.alias)}.{quote('id')}"
        return f"{message} = ANY(ARRAY({FOUND['postgresql']}))", [query(self.rhs, "postgresql")]
