"""What comes after a test that commits: the tables that hold something are emptied.

Django's own way empties each of them and writes all permissions again, which takes longer than most of those tests.
"""

from django.core.management.color import no_style
from django.db.backends.base.base import BaseDatabaseWrapper

# What migrating has written, and no test changes.
KEPT = {"django_content_type", "auth_permission"}


def empty(connection: BaseDatabaseWrapper) -> None:
    names = connection.introspection.django_table_names(only_existing=False, include_views=False)
    tables = sorted(set(names) - KEPT)
    quoted = [connection.ops.quote_name(table) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {table})' for table in quoted)}")
        found = cursor.fetchone()
    filled = [table for table, holds in zip(tables, found, strict=True) if holds]
    if filled:
        connection.ops.execute_sql_flush(_deletions(connection, filled))


def _deletions(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    # PostgreSQL would truncate, and refuses that where a table that is empty refers to one of them.
    if connection.vendor == "postgresql":
        return [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables]
    return connection.ops.sql_flush(no_style(), tables)
