"""What the settings make of an environment: read from a copy, so that no `.env` of this machine takes part."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract import dotenv, variables

BACKEND = Path(__file__).resolve().parent.parent.parent
STRONG = "k9-Vd3_uQm7Zr1xT5wBn8Yc2LfHj6PgSa0EoRiKtXyUvMqNdWzCb4"
KEY = "0123456789abcdef0123456789abcdef"
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": STRONG,
    "API_KEY": KEY,
    "ALLOWED_HOSTS": "play.example,www.play.example",
    "SITE_URL": "",
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
                (place / ".env").write_bytes(text if isinstance(text, bytes) else text.encode())
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in {"SECRET_KEY": STRONG, **dict(given)}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(folder / "settings.py"))

    return run


@pytest.mark.req("S004-48", "S004-49")
@pytest.mark.parametrize(
    ("env", "debug"),
    [(None, True), ("development", True), ("preproduction", False), ("production", False)],
)
def test_debug_is_on_exactly_in_development(read, env, debug):
    settings = read({} if env is None else PRODUCTION | {"ENV": env})
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


def test_the_environment_comes_before_the_file(read):
    settings = read({"VERSION": "1", "DISCORD_APP_ID": ""}, file="VERSION=2\nAPI_KEY=2\nDISCORD_APP_ID=3")
    assert (settings["VERSION"], settings["API_KEYS"], settings["DISCORD_APP_ID"]) == ("1", ["2"], "")
    assert os.environ["API_KEY"] == "2", "what is not ours may be for a library, which reads the environment"


def test_run_02_there_is_one_file(read):
    assert read(top_file="VERSION=3")["VERSION"] == "3"
    with pytest.raises(SystemExit, match="two files with settings"):
        read(file="VERSION=2", top_file="VERSION=3")


@pytest.mark.req("S004-53")
def test_redis_has_an_index_and_is_asked_for(read):
    assert read()["REDIS_DB_INDEX"] == 0
    settings = read({"REDIS_DB_INDEX": "3", "REDIS_HOST": "cache.internal", "USE_REDIS": "1"})
    assert settings["REDIS_URL"] == "redis://cache.internal:6379/3"
    assert settings["CACHES"]["default"]["LOCATION"] == [settings["REDIS_URL"]]
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
    """A checkout has no collected static files yet, and that is all there is to say."""
    done = check(PRODUCTION, "--deploy")
    assert set(re.findall(r"\((\w+\.[CEW]\d+)\)", done.stderr)) <= {"rod.W001"}, done.stderr
    assert "no issues" in done.stdout or "identified 1 issue" in done.stderr


REFUSED = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is too easy to guess"),
    ({"SECRET_KEY": "x" * 60}, "SECRET_KEY is too easy to guess"),
    ({"SECRET_KEY": "0123456789" * 6}, "SECRET_KEY is too easy to guess"),
    ({"SECRET_KEY": "abcdefgh" * 7 + "abc"}, "SECRET_KEY is too easy to guess"),
    ({"SECRET_KEY": "x" + "abcdefghij" * 6}, "SECRET_KEY is too easy to guess"),
    (
        {"SECRET_KEY": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        "SECRET_KEY is too easy to guess",
    ),
    ({"SECRET_KEY": "".join(sign * 5 for sign in "k7Qz3mWpR9vT")}, "SECRET_KEY is too easy to guess"),
    ({"SECRET_KEY": "django-insecure-" + STRONG}, "SECRET_KEY is too easy to guess"),
    ({"SECRET_KEY": "please-change-me-" + STRONG}, "SECRET_KEY is too easy to guess"),
    ({"API_KEY": ""}, "API_KEY is not set"),
    ({"API_KEY": f"{KEY},short"}, "API_KEY is too easy to guess"),
    ({"API_KEY": f"{KEY},{'k7Qz3mWpR9vT' * 3}"}, "API_KEY is too easy to guess"),
    ({"API_KEY": "k" * 40}, "API_KEY is too easy to guess"),
    ({"USE_REDIS": "0"}, "USE_REDIS is off"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=\\* lets"),
    ({"ALLOWED_HOSTS": "play.example, *"}, "ALLOWED_HOSTS=\\* lets"),
    ({"DB_NAME": ""}, "DB_NAME is not set"),
    ({"SITE_URL": "https://other.example"}, "ALLOWED_HOSTS does not name other.example"),
    ({"SITE_URL": "http://play.example"}, "Write https:// there"),
    ({"PATREON_CLIENT_ID": "x"}, "PATREON_CLIENT_ID and PATREON_CLIENT_SECRET belong together"),
    ({"PATREON_CLIENT_SECRET": "x"}, "PATREON_CLIENT_ID and PATREON_CLIENT_SECRET belong together"),
    ({"DISCORD_BOT_TOKEN": "x"}, "DISCORD_APP_ID and DISCORD_APP_SECRET not: nobody could sign in"),
    ({"DISCORD_BOT_TOKEN": "x", "DISCORD_APP_ID": "1"}, "and DISCORD_APP_SECRET not"),
    *[
        ({"ENV": value}, "ENV must be one of")
        for value in ("prod", "live", "Production", "", " ", "/etc/profile")
    ],
]


@pytest.mark.req("S004-48", "S004-54", "S004-55")
@pytest.mark.parametrize(("changed", "sentence"), REFUSED)
def test_run_03_an_unsafe_production_does_not_start(read, changed, sentence):
    with pytest.raises(SystemExit, match=sentence) as refused:
        read(PRODUCTION | changed)
    assert not any(secret in str(refused.value) for secret in (STRONG, KEY, "short"))


def test_run_03_preproduction_is_as_strict(read):
    with pytest.raises(SystemExit, match="ALLOWED_HOSTS"):
        read(PRODUCTION | {"ENV": "preproduction", "ALLOWED_HOSTS": "*"})


NONSENSE = {
    "AUTO_MIGRATE": ["of", "2"],
    "GATEWAY_URL": ["localhost:8081", "ws://x"],
    "ACCESS_TOKEN_EXPIRE_MINUTES": ["0", "-5", "half", "1e3", "٣"],
    "ALGORITHM": ["none", "RS256"],
    "ALLOWED_HOSTS": ["https://play.example", "play.example:8146", "play.example/", "*.play.example"],
    "BACKEND_URL": ["localhost:8080", "ftp://x", "http://", "http://x:99999"],
    "CORS_ALLOWED_ORIGINS": ["app.example", "https://app.example/path"],
    "DATABASE_URL": [
        "rod",
        "oracle://db/rod",
        "postgres://rod@db:port/rod",
        "postgres://rod:p#w@db/rod",
        "mysql://db",
    ],
    "DB_CONN_MAX_AGE": ["forever", "-1"],
    "DB_ENGINE": ["oracle", "django.db.backends.mysql", "SQLite 3"],
    "DB_PORT": ["0", "65536", "mysql"],
    "DISCORD_API_BASE": ["discord.com"],
    "DISCORD_DEBUG_CHANNEL": ["#errors"],
    "GATEWAY": [
        "{",
        "[]",
        '{"poll_interval": "2"}',
        '{"pol_interval": 2}',
        *(
            f'{{"poll_interval": {value}}}'
            for value in ("NaN", "Infinity", "-Infinity", "1e999", "-1", "0", "true")
        ),
        '{"db_threads": 2.5}',
        '{"poll_interval": 2, "poll_interval": 3}',
        '[["poll_interval", 2]]',
    ],
    "LOG_LEVEL": ["loud"],
    "MEDIA_STORAGE": ["S3"],
    "REDIS_DB_INDEX": ["-1", "first"],
    "REDIS_PORT": ["six", "63790000", "6379.0"],
    "REDIS_URL": [
        "127.0.0.1:6379",
        "http://cache:6379",
        "unix://",
        *(f"redis://cache:6379/{index}" for index in ("first", "-1", "1.5", "0/1", "99999", "%31", "0?db=1")),
        "redis://cache:6379?db=first",
        "rediss://cache?db=",
        "unix:///run/redis.sock?db=first",
        "redis+sentinel://one:26379",
        "redis+sentinel://one:26379/court/first",
    ],
    "SECURE_SSL_REDIRECT": ["of", "2"],
    "SITE_URL": ["play.example", "https://play.example/path"],
    "TESTING": ["maybe"],
    "THROTTLE_USER": ["600", "600/fortnight", "0/min", "many/min"],
    "TRUST_PROXY": ["ja", "-"],
    "USE_REDIS": ["if there"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in NONSENSE.items() for value in values]
)
def test_run_04_what_is_not_understood_is_never_a_default(read, name, value):
    with pytest.raises(SystemExit, match=rf"(?s){name}.* (must|which is not known)"):
        read({name: value})


@pytest.mark.parametrize("name", sorted(set(NONSENSE) | {"DB_NAME", "VERSION", "MEDIA_ROOT"}))
def test_run_04_an_empty_value_is_one_that_is_not_set(read, name):
    assert read({name: ""})["MIDDLEWARE"]
    assert read(file=f"{name}=")["MIDDLEWARE"]


@pytest.mark.parametrize(
    ("name", "engine"),
    [("mariadb", "mysql"), ("postgres", "postgresql"), ("sqlite", "sqlite3"), ("mysql", "mysql")],
)
def test_run_04_other_names_of_the_engines_are_known(read, name, engine):
    database = read({"DB_ENGINE": name, "DB_NAME": "rod"})["DATABASES"]["default"]
    assert database["ENGINE"] == f"django.db.backends.{engine}"
    assert database["PORT" if engine != "sqlite3" else "ENGINE"] is not None


def test_run_04_mariadb_in_an_address_is_known(read):
    database = read({"DATABASE_URL": "mariadb://rod:hush@db.internal/play"})["DATABASES"]["default"]
    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.mysql", "play")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("ENV=production".encode("utf-16"), "saved as UTF-16"),
        ("ENV=production".encode("utf-16-le"), "saved as UTF-16"),
        (b"ENV=development\nVERSION=caf\xe9", "line 2: this is not UTF-8"),
        ("ENV=development\nproduction", "line 2: this is no assignment"),
        ("ENV=development\nENV=production", "line 2: ENV has another value in line 1"),
        ("DB_PASSWORD='open", "quote that does not end"),
        ("ALOWED_HOSTS=play.example", "Write ALLOWED_HOSTS"),
        ("env=production", "Write ENV"),
        ("REDIS_PORT=six", "line 1: REDIS_PORT must be a whole number from 1 to 65535"),
    ],
)
def test_run_04_a_file_that_is_not_understood_is_refused_with_its_line(read, file, sentence):
    with pytest.raises(SystemExit, match=sentence):
        read(file=file)


def test_run_01_a_mark_before_the_first_line_hides_nothing(read):
    rest = "".join(f"\r\n{name}={value}" for name, value in PRODUCTION.items() if name != "ENV")
    settings = read(file=b"\xef\xbb\xbfENV=production" + rest.encode())
    assert (settings["ENV"], settings["DEBUG"], settings["LIVE"]) == ("production", False, True)


def test_run_02_comments_behind_a_value_are_none_of_it(read, tmp_path):
    settings = read(file="DB_NAME=db.sqlite3  # local\nAPI_KEY=abc # rotating\nREDIS_HOST= # none")
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "backend" / "db.sqlite3")
    assert settings["API_KEYS"] == ["abc"]
    assert "127.0.0.1" in settings["REDIS_URL"]


@pytest.mark.parametrize(
    "password", ["$ecret", "${HOME}", "a#b", "pass word ", "it's", 'say "no"', "back\\slash"]
)
def test_run_05_a_password_arrives_as_it_is(read, password):
    where = {"DB_ENGINE": "postgresql", "DB_NAME": "rod"}
    assert read(where | {"DB_PASSWORD": password})["DATABASES"]["default"]["PASSWORD"] == password
    line = dotenv.merge("", {"DB_PASSWORD": password})
    assert read(where, file=line)["DATABASES"]["default"]["PASSWORD"] == password


def test_run_05_a_secret_may_begin_with_a_dollar(read):
    assert (
        read(file="DB_PASSWORD='$ecret'\nDB_ENGINE=mysql\nDB_NAME=rod")["DATABASES"]["default"]["PASSWORD"]
        == "$ecret"
    )
    assert read({"DISCORD_APP_SECRET": "$HOME"})["DISCORD_APP_SECRET"] == "$HOME"


@pytest.mark.parametrize("closed", ["backend", "backend/db.sqlite3"])
def test_run_15_a_database_that_cannot_be_written_is_named(read, tmp_path, monkeypatch, closed):
    (tmp_path / "backend" / "db.sqlite3").touch()
    access = os.access
    monkeypatch.setattr(os, "access", lambda place, mode: place != tmp_path / closed and access(place, mode))
    with pytest.raises(SystemExit, match=f"^{tmp_path / closed} cannot be written to by this user"):
        read()
    monkeypatch.setattr(os, "access", access)
    assert read()["DATABASES"]["default"]["NAME"] == str(tmp_path / "backend" / "db.sqlite3")


def test_run_15_a_database_in_no_folder_is_refused(read, tmp_path):
    with pytest.raises(SystemExit, match="has no folder"):
        read({"DB_NAME": str(tmp_path / "nowhere" / "db.sqlite3")})
    with pytest.raises(SystemExit, match="has no folder"):
        read({"DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/db.sqlite3"})


MODULE = [sys.executable, "-m"]
# The start of every kind of process, as production starts it.
PROCESSES = {
    "manage.py": [sys.executable, "manage.py", "migrate", "--check"],
    "gunicorn": [*MODULE, "gunicorn", "--bind", "127.0.0.1:0", "rod.wsgi:application"],
    "uvicorn": [*MODULE, "uvicorn", "--port", "0", "rod.asgi:application"],
    "discord": [*MODULE, "rodbot"],
}
UNSAFE = PRODUCTION | {"ENV_FILE": "", "DISCORD_BOT_TOKEN": "token", "DISCORD_API_BASE": "http://127.0.0.1:1"}
UNSAFE |= {
    "DISCORD_APP_ID": "1",
    "DISCORD_APP_SECRET": "secret",
    "DISCORD_GATEWAY": "ws://127.0.0.1:1",
    "DISCORD_CDN": "http://127.0.0.1:1",
}


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"ENV": "live"},
            "ENV=live in the environment: ENV must be one of development, preproduction, production.",
        ),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too easy to guess for ENV=production"),
    ],
    ids=["ENV", "SECRET_KEY"],
)
def test_run_03_every_process_ends_with_the_sentence(process, changed, sentence):
    _ends_with(process, changed, sentence)


@pytest.mark.parametrize("process", [process for process in PROCESSES if process != "discord"])
def test_run_15_every_process_names_a_database_that_it_cannot_write(process, tmp_path):
    """The Discord process has no database."""
    file = tmp_path / "none" / "db.sqlite3"
    _ends_with(process, {"DB_ENGINE": "sqlite", "DB_NAME": str(file)}, f"The database {file} has no folder.")


def _ends_with(process, changed, sentence):
    path = os.pathsep.join([str(BACKEND), str(BACKEND.parent / "bot")])
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": path, **UNSAFE, **changed}
    done = subprocess.run(
        PROCESSES[process], cwd=BACKEND, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert sentence in said
    assert "Traceback" not in said


def test_a_sound_production_starts(read):
    assert read(PRODUCTION)["LIVE"]
    assert read(PRODUCTION | {"ALLOWED_HOSTS": ".play.example", "SITE_URL": "https://www.play.example"})[
        "LIVE"
    ]
    assert read(PRODUCTION | {"SITE_URL": "http://play.example", "SECURE_SSL_REDIRECT": "0"})["LIVE"]


@pytest.mark.parametrize("name", sorted(set(NONSENSE) - {"GATEWAY"}))  # whose parts the backend alone knows
def test_run_04_the_discord_process_ends_over_each_of_them_too(name):
    """It reads all variables, its own and those of the backend, by the same declaration."""
    from contract.dotenv import ConfigError
    from rodbot.core import config

    for value in NONSENSE[name]:
        with pytest.raises(ConfigError, match=name):
            config.load(**{"ENV_FILE": "", "DISCORD_BOT_TOKEN": "x", "API_KEY": KEY, name: value})


@pytest.mark.req("S004-48", "S004-51", "S004-53")
def test_every_variable_stands_in_the_example_once_and_nothing_else_does():
    """`TESTING` is set by the tests alone; a URL may stand for the parts of an address."""
    example = (BACKEND.parent / ".env.example").read_text()
    names = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)
    assert sorted(names) == sorted(set(variables.DECLARED) - {"TESTING"})


@pytest.mark.req("S004-48")
def test_nothing_is_read_from_the_environment_that_is_not_declared():
    """The code reads the environment by the declared variables alone, so that each has its check and its sentence."""
    code = [
        path
        for folder in (BACKEND, BACKEND.parent / "bot" / "rodbot")
        for path in folder.rglob("*.py")
        if not {"tests", "testing", "contract"} & set(path.parts)
    ]
    reads = re.compile(r"(?:environ(?:\.get\(|\.setdefault\(|\[)|getenv\()\s*[\"'](\w+)[\"'](?!\]\s*=[^=])")
    found = {name for path in code for name in reads.findall(path.read_text())}
    assert found <= {*variables.DECLARED, variables.FILE, "DJANGO_SETTINGS_MODULE"}
