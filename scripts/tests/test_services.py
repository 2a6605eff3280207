"""The private servers of a test run really start, answer and leave nothing behind."""

import socket

import psycopg
import pytest
import redis

from scripts import services
from scripts.pytest_services import need


def closed(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_redis_answers_and_leaves_nothing():
    need(services.redis_binary(), "redis-server is not installed")
    with services.start_redis() as server:
        with redis.Redis.from_url(server.url) as connection:
            assert connection.ping()
        folder = server.folder
    assert closed(server.port)
    assert not folder.exists()


def test_mariadb_answers_and_leaves_nothing():
    need(services.mariadb_binary(), "MariaDB is not installed")
    mysql = pytest.importorskip("MySQLdb", reason="not run: mysqlclient is not installed")
    with services.start_mariadb() as server:
        connection = mysql.connect(host="127.0.0.1", port=server.port, user="root")
        with connection.cursor() as cursor:
            cursor.execute("select @@character_set_server")
            assert cursor.fetchone() == ("utf8mb4",)
        connection.close()
    assert closed(server.port)
    assert not server.folder.exists()


def test_postgres_answers_and_leaves_nothing():
    need(services.postgres_folder(), "PostgreSQL is not installed")
    with services.start_postgres() as server, psycopg.connect(server.url) as connection:
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
    assert closed(server.port)
    assert not server.folder.exists()


def test_a_server_that_cannot_start_says_why(tmp_path):
    with pytest.raises(services.ScriptError, match="no such program"):
        services._start(
            "x", lambda port: ["sh", "-c", "echo no such program; exit 3"], tmp_path, ready=lambda port: False
        )


def test_a_stranger_on_the_port_is_no_redis():
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        assert not services.answers_ping("127.0.0.1", stranger.getsockname()[1], seconds=0.2)


async def test_a_page_of_the_browser_runs_scripts(new_page):
    page = await new_page(width=390)
    await page.set_content("<p>hello</p><script>document.title = String(innerWidth)</script>")
    assert await page.title() == "390"
