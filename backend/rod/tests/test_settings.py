"""What the settings make of an environment: read anew from a copy, so that no `.env` of this machine takes part."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rod.checks import environment_is_sound

BACKEND = Path(__file__).resolve().parent.parent.parent
STRONG = "k9-Vd3_uQm7Zr1xT5wBn8Yc2LfHj6PgSa0EoRiKtXyUvMqNdWzCb4"
KEY = "0123456789abcdef0123456789abcdef"
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": STRONG,
    "API_KEY": KEY,
    "ALLOWED_HOSTS": "play.example,www.play.example",
    "DB_ENGINE": "postgresql",
    "DB_NAME": "rod",
    "DB_HOST": "db.internal",
    "DB_USER": "rod",
    "DB_PASSWORD": "hush",
    "USE_REDIS": "1",
}


@pytest.fixture
def read(tmp_path, monkeypatch):
    """`read({"ENV": "production"}, file="DB_NAME=x")`: settings from these variables and such a `backend/.env`."""
    folder = tmp_path / "backend" / "rod"
    folder.mkdir(parents=True)
    shutil.copy(BACKEND / "rod" / "settings.py", folder)

    def run(given=(), file=None, top_file=None):
        for place, text in ((folder.parent, file), (tmp_path, top_file)):
            if text is not None:
                (place / ".env").write_text(text)
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in dict(given).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(folder / "settings.py"))

    return run


@pytest.mark.req("S004-48", "S004-49")
@pytest.mark.parametrize(
    ("env", "debug"),
    [(None, True), ("development", True), ("preproduction", False), ("production", False)],
)
def test_debug_is_on_exactly_in_development(read, env, debug):
    settings = read({} if env is None else {"ENV": env})
    assert settings["ENV"] == env or (env is None and settings["ENV"] == "development")
    assert settings["DEBUG"] is debug


@pytest.mark.req("S004-50", "S004-51", "S004-61")
def test_development_keeps_sqlite_in_the_backend_folder(read, tmp_path):
    database = read()["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "backend" / "db.sqlite3")


@pytest.mark.req("S004-50", "S004-52", "S000-12", "S000-13", "S000-14", "S000-15", "S000-16")
def test_mysql_takes_its_address_and_person_from_the_environment(read):
    database = read(PRODUCTION | {"DB_ENGINE": "mysql"})["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.mysql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.internal", "3306", "rod")
    assert (database["USER"], database["PASSWORD"]) == ("rod", "hush")
    assert (
        read(PRODUCTION | {"DB_ENGINE": "mysql", "DB_PORT": "3307"})["DATABASES"]["default"]["PORT"] == "3307"
    )


@pytest.mark.req("S003-26", "S000-13", "S000-14", "S000-15", "S000-16")
@pytest.mark.parametrize("port", ["5432", "5433", ""])
def test_postgresql_takes_them_too_and_knows_its_own_port(read, port):
    database = read(PRODUCTION | {"DB_PORT": port})["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.internal", port, "rod")
    assert (database["USER"], database["PASSWORD"]) == ("rod", "hush")


@pytest.mark.req("S002-68")
def test_one_address_may_stand_for_all_of_the_database(read):
    database = read({"DATABASE_URL": "postgres://rod:hush@db.internal:5433/play"})["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.internal", 5433, "play")


@pytest.mark.req("S000-11", "S004-12")
def test_credentials_are_read_from_the_file(read):
    file = "DB_ENGINE=postgresql\nDB_NAME=filed\nDB_USER=clerk\nDB_PASSWORD=hush\nDB_HOST=db.internal\n"
    database = read(file=file)["DATABASES"]["default"]
    assert (database["NAME"], database["USER"], database["PASSWORD"]) == ("filed", "clerk", "hush")


def test_the_environment_comes_before_the_files_and_the_inner_file_before_the_outer(read):
    settings = read(
        {"VERSION": "1"}, file="VERSION=2\nAPI_KEY=2", top_file="VERSION=3\nAPI_KEY=3\nDISCORD_APP_ID=3"
    )
    assert (settings["VERSION"], settings["API_KEYS"], settings["DISCORD_APP_ID"]) == ("1", ["2"], "3")


@pytest.mark.req("S004-53")
def test_redis_has_an_index_and_is_asked_for(read):
    assert read()["REDIS_DB_INDEX"] == 0
    settings = read({"REDIS_DB_INDEX": "3", "REDIS_HOST": "cache.internal", "USE_REDIS": "1"})
    assert settings["REDIS_URL"] == "redis://cache.internal:6379/3"
    assert settings["CACHES"]["default"]["LOCATION"] == settings["REDIS_URL"]
    assert settings["CHANNEL_LAYERS"]["default"]["CONFIG"]["hosts"] == [settings["REDIS_URL"]]


@pytest.mark.req("S004-80")
def test_development_without_redis_keeps_everything_in_memory(read):
    settings = read()
    assert "InMemory" in settings["CHANNEL_LAYERS"]["default"]["BACKEND"]
    assert "locmem" in settings["CACHES"]["default"]["BACKEND"]


@pytest.mark.req("S004-55")
def test_several_keys_are_valid_while_one_is_being_replaced(read):
    assert read({"API_KEY": f"{KEY}, other ,"})["API_KEYS"] == [KEY, "other"]
    assert read()["API_KEYS"] == []


@pytest.mark.req("S004-56", "S004-57", "S004-58", "S004-60")
@pytest.mark.parametrize(
    "name", ["DISCORD_APP_ID", "DISCORD_APP_SECRET", "DISCORD_BOT_TOKEN", "PATREON_WEBHOOK_SECRET"]
)
def test_integrations_are_given_by_the_environment_and_empty_by_default(read, name):
    assert read()[name] == ""
    assert read({name: "given"})[name] == "given"


@pytest.mark.req("S003-23", "S003-24", "S003-25")
def test_tokens_are_signed_and_end_as_the_environment_says(read):
    assert read()["SIMPLE_JWT"]["ALGORITHM"] == "HS256"
    assert read()["SIMPLE_JWT"]["ACCESS_TOKEN_LIFETIME"].total_seconds() == 30 * 60
    jwt = read({"ALGORITHM": "HS512", "ACCESS_TOKEN_EXPIRE_MINUTES": "5", "SECRET_KEY": STRONG})
    assert (jwt["SIMPLE_JWT"]["ALGORITHM"], jwt["SECRET_KEY"]) == ("HS512", STRONG)
    assert jwt["SIMPLE_JWT"]["ACCESS_TOKEN_LIFETIME"].total_seconds() == 5 * 60


@pytest.mark.req("S003-62")
def test_no_other_origin_reads_answers_unless_the_environment_names_it(read):
    assert read()["CORS_ALLOWED_ORIGINS"] == ["http://localhost:3000", "http://127.0.0.1:3000"]
    assert read(PRODUCTION)["CORS_ALLOWED_ORIGINS"] == []
    named = read(PRODUCTION | {"CORS_ALLOWED_ORIGINS": "https://app.example"})
    assert named["CORS_ALLOWED_ORIGINS"] == ["https://app.example"]


@pytest.mark.req("S004-61")
def test_development_trusts_this_machine_alone(read):
    settings = read()
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["http://localhost:3000", "http://127.0.0.1:3000"]


@pytest.mark.req("S004-62")
def test_preproduction_adds_its_own_host_and_is_as_strict_as_production(read):
    settings = read(PRODUCTION | {"ENV": "preproduction", "ALLOWED_HOSTS": "dev.play.example"})
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "dev.play.example"]
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SESSION_COOKIE_SECURE"]


@pytest.mark.req("S004-63")
def test_production_knows_the_public_hosts_alone(read):
    settings = read(PRODUCTION)
    assert settings["ALLOWED_HOSTS"] == ["play.example", "www.play.example"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://play.example", "https://www.play.example"]
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_SSL_REDIRECT"]


def check(given, *options):
    """`manage.py check` in a process of its own."""
    command = [sys.executable, str(BACKEND / "manage.py"), "check", "--fail-level", "WARNING", *options]
    env = dict(os.environ) | {"DATABASE_URL": ""} | given
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.req("S004-63")
def test_production_passes_django_s_check_for_deployment():
    done = check(PRODUCTION, "--deploy")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.req("S004-54")
def test_without_a_secret_key_nothing_starts():
    done = check(PRODUCTION | {"SECRET_KEY": ""})
    assert done.returncode != 0
    assert "SECRET_KEY setting must not be empty" in done.stderr


@pytest.fixture
def problems(read, settings):
    """The codes of what the start refuses in production with these changes."""

    def codes(changed):
        then = read(PRODUCTION | changed)
        for name in ("ENV", "LIVE", "SECRET_KEY", "API_KEYS", "USE_REDIS", "ALLOWED_HOSTS"):
            setattr(settings, name, then[name])
        return [problem.id for problem in environment_is_sound(None)]

    return codes


@pytest.mark.req("S004-48", "S004-54", "S004-55")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ENV": "live"}, "rod.E001"),
        ({"SECRET_KEY": "short"}, "rod.E002"),
        ({"SECRET_KEY": "django-insecure-" + STRONG}, "rod.E002"),
        ({"API_KEY": ""}, "rod.E003"),
        ({"API_KEY": f"{KEY},short"}, "rod.E003"),
        ({"USE_REDIS": "0"}, "rod.E004"),
        ({"ALLOWED_HOSTS": ""}, "rod.E005"),
    ],
)
def test_an_unsafe_production_does_not_start(problems, changed, code):
    assert code in problems(changed)


def test_a_sound_production_has_nothing_to_complain_of(problems):
    assert problems({}) == []
