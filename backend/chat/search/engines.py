"""Ask the index of each engine for messages with words: `filter(HasWords(F("search"), […]))`.

Every word is one of `chat.search.words.encoded`: ASCII letters and digits alone, so none can be read as an operator.
"""

import re
from typing import Any

from django.db.models import Lookup

ENCODED = re.compile(r"[a-z0-9]+")
Sql = tuple[str, list[Any]]


class HasWords(Lookup[list[str]]):
    """Each of these words is in the column, whole or as the beginning of one."""

    lookup_name = "words"
    prepare_rhs = False

    def words(self) -> list[str]:
        words = list(self.rhs)
        if not words or not all(map(ENCODED.fullmatch, words)):
            raise ValueError("only words of `encoded` are searched for")
        return words

    def as_sqlite(self, compiler: Any, connection: Any) -> Sql:
        """An own index by number (`chat.search.index`): this engine's indexes know rows by their numbers alone."""
        quote = connection.ops.quote_name
        message = f"{quote(self.lhs.alias)}.{quote('id')}"
        found = """
            SELECT n.message FROM chat_search_words w JOIN chat_search_numbers n ON n.number = w.rowid
            WHERE chat_search_words MATCH %s
        """
        return f"{message} IN ({found})", [" ".join(f"{word}*" for word in self.words())]

    def as_mysql(self, compiler: Any, connection: Any) -> Sql:
        column, params = self.process_lhs(compiler, connection)
        query = " ".join(f"+{word}*" for word in self.words())
        return f"MATCH ({column}) AGAINST (%s IN BOOLEAN MODE)", [*params, query]

    def as_postgresql(self, compiler: Any, connection: Any) -> Sql:
        """Found first, as an array of ids: beside an order and a limit the planner would rather read a whole room."""
        quote = connection.ops.quote_name
        message = f"{quote(self.lhs.alias)}.{quote('id')}"
        query = " & ".join(f"{word}:*" for word in self.words())
        found = """
            SELECT w.id FROM chat_messages w WHERE to_tsvector('simple', w.search) @@ to_tsquery('simple', %s)
        """
        return f"{message} = ANY(ARRAY({found}))", [query]
