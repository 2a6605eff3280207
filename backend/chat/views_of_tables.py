"""Views with the table names of the chat specification (S003), for whoever reads the database with SQL.

They are dropped before migrations run and made again afterwards: SQLite rebuilds a table to change it, PostgreSQL
changes no column that a view shows, and neither would go on with a view in the way.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.db import connections

VIEWS: Mapping[str, str] = {
    "chatserver": """
        SELECT s.id, s.name, s.icon, s.owner_id AS creator_id, s.created_at
        FROM servers s
    """,
    "chatchannel": """
        SELECT c.id, c.server_id, c.name, CASE c.kind WHEN 2 THEN 'VOICE' WHEN 13 THEN 'VOICE' ELSE 'TEXT' END AS type,
               c.position
        FROM server_channels c
        WHERE c.parent_id IS NULL AND c.kind <> 4
    """,
    "chatmessage": """
        SELECT m.id, m.server_id, m.channel_id, m.user_id, m.content AS text, m.created_at AS timestamp
        FROM chat_messages m
        WHERE m.channel_id IS NOT NULL AND m.deleted_at IS NULL
    """,
    "servermembership": """
        SELECT m.id, m.user_id, m.server_id,
               CASE WHEN m.user_id = s.owner_id OR EXISTS ({held} AND {administrator} = 'allow') THEN 'ADMIN'
                    WHEN EXISTS ({held} AND r.system = 'MODERATOR') THEN 'MODERATOR'
                    ELSE 'MEMBER' END AS role,
               m.joined_at
        FROM server_members m
        JOIN servers s ON s.id = m.server_id
    """,
}
HELD = """
    SELECT 1 FROM server_members_roles h JOIN server_roles r ON r.id = h.serverrole_id WHERE h.servermember_id = m.id
"""
# What a role says about the permission that allows everything, as each engine reads JSON.
ADMINISTRATOR = {
    "sqlite": "json_extract(r.permissions, '$.administrator')",
    "mysql": "JSON_VALUE(r.permissions, '$.administrator')",
    "postgresql": "r.permissions ->> 'administrator'",
}


def drop(sender: AppConfig, using: str, **_: Any) -> None:
    """Before migrations."""
    with connections[using].cursor() as cursor:
        for name in VIEWS:
            cursor.execute(f"DROP VIEW IF EXISTS {name}")


def make(sender: AppConfig, using: str, **_: Any) -> None:
    """After migrations, once all tables are there: somebody may have migrated to a time before chat."""
    connection = connections[using]
    tables = {"servers", "server_channels", "server_members", "server_members_roles", "server_roles"}
    with connection.cursor() as cursor:
        if not tables | {"chat_messages"} <= set(connection.introspection.table_names(cursor)):
            return
        for name, query in VIEWS.items():
            cursor.execute(f"DROP VIEW IF EXISTS {name}")
            filled = query.replace("{held}", HELD).replace(
                "{administrator}", ADMINISTRATOR[connection.vendor]
            )
            cursor.execute(f"CREATE VIEW {name} AS {filled}")
