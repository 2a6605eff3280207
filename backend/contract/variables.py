"""Every variable that the processes read, declared once: its kind with its range, its default, what goes together.

The environment comes before `.env`; an empty value is one that is not set. Whatever is not understood is a
`ConfigError` with a sentence: nothing falls back to a default that somebody did not mean. Standard library only, as
the scripts read this before anything is installed.
"""

import difflib
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract import dotenv, shards
from contract.dotenv import ConfigError, DotEnv
from contract.redis_address import cluster
from contract.shards import Shards
from contract.variable_kinds import (
    Parser,
    T,
    address,
    channel,
    choice,
    database,
    database_of_redis,
    days,
    dotted,
    flag,
    host,
    level,
    number,
    numbers,
    origin,
    port,
    rate,
    redis,
    seconds,
    several,
    text,
    web,
)

DEVELOPMENT, PREPRODUCTION, PRODUCTION = "development", "preproduction", "production"
ENVIRONMENTS = (DEVELOPMENT, PREPRODUCTION, PRODUCTION)
ENGINES = {"sqlite3": "sqlite3", "mysql": "mysql", "postgresql": "postgresql"}
ENGINES |= {"sqlite": "sqlite3", "mariadb": "mysql", "postgres": "postgresql", "psql": "postgresql"}
FILE = "ENV_FILE"  # another file in place of `.env`; empty: none

SECRET_LENGTH, API_KEY_LENGTH, DIFFERENT_SIGNS = 50, 32, 8
GUESSABLE = re.compile("insecure|change.?me|example|placeholder|password|qwert", re.IGNORECASE)
HOW_TO_MAKE_ONE = "Make one:  python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"


def variable(parse: Parser[T], default: T, *, secret: bool = False, blank: bool = True) -> T:
    """Declare a field of `Variables`. The value of a secret is never shown; `blank`: it may be there and empty."""
    metadata = {"parse": parse, "secret": secret, "blank": blank, "default": default}
    return field(default_factory=lambda: default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Variables:
    """The environment and `.env`, understood."""

    ENV: str = variable(choice(*ENVIRONMENTS), DEVELOPMENT, blank=False)
    VERSION: str = variable(text, "dev")
    TESTING: bool = variable(flag, False)
    LOG_LEVEL: str = variable(level, "INFO")
    SLOW_QUERY_SECONDS: float = variable(seconds, 0.5)
    SENTRY_DSN: str = variable(web, "", secret=True)
    METRICS_TOKEN: str = variable(text, "", secret=True)
    METRICS_DIR: str = variable(text, "")

    SECRET_KEY: str = variable(text, "", secret=True)
    API_KEY: list[str] = variable(several(text), [], secret=True)
    ADMIN_TOKEN: str = variable(text, "", secret=True)
    ALGORITHM: str = variable(choice("HS256", "HS384", "HS512"), "HS256")
    ACCESS_TOKEN_EXPIRE_MINUTES: int = variable(number(1, 7 * 24 * 60), 30)
    THROTTLE_USER: str = variable(rate, "600/min")

    SITE_URL: str = variable(origin, "")
    ALLOWED_HOSTS: list[str] = variable(several(host), [])
    CORS_ALLOWED_ORIGINS: list[str] = variable(several(origin), [])
    TRUST_PROXY: bool = variable(flag, False)
    SECURE_SSL_REDIRECT: bool = variable(flag, True)

    DATABASE_URL: str = variable(database, "", secret=True)
    DB_ENGINE: str = variable(choice("sqlite3", "mysql", "postgresql", **ENGINES), "sqlite3")
    DB_NAME: str = variable(text, "")
    DB_HOST: str = variable(text, "")
    DB_USER: str = variable(text, "")
    DB_PASSWORD: str = variable(text, "", secret=True)
    DB_PORT: int | None = variable(port, None)
    AUTO_MIGRATE: bool = variable(flag, False)
    DB_CONN_MAX_AGE: int = variable(number(0, 24 * 60 * 60), 600)

    EVENTS_KEPT_DAYS: int = variable(days, 0)
    ROLLS_KEPT_DAYS: int = variable(days, 0)
    REQUESTS_KEPT_DAYS: int = variable(days, 0)
    KEYS_KEPT_HOURS: int = variable(number(24, 168), 48)
    DELETION_GRACE_DAYS: int = variable(number(0, 90), 14)
    DOWNLOADS_KEPT_DAYS: int = variable(number(1, 30), 7)
    RESET_UNDO_DAYS: int = variable(number(1, 90), 7)
    RESET_NOTICE_CHANNEL: int | None = variable(channel, None)

    TASKS_BACKEND: str = variable(choice("database", "redis"), "database")
    TASK_SECONDS: int = variable(number(1, 24 * 60 * 60), 600)

    USE_REDIS: bool | None = variable(flag, None)
    REDIS_URL: str = variable(redis, "", secret=True)
    REDIS_HOST: str = variable(text, "127.0.0.1")
    REDIS_PORT: int = variable(port, 6379)
    REDIS_DB_INDEX: int = variable(database_of_redis, 0)
    GATEWAY: dict[str, float] = variable(numbers, {})

    STATIC_ROOT: str = variable(text, "")
    MEDIA_ROOT: str = variable(text, "")
    PRIVATE_MEDIA_ROOT: str = variable(text, "")
    MEDIA_STORAGE: str = variable(dotted, "django.core.files.storage.FileSystemStorage")

    S3_BUCKET: str = variable(text, "")
    S3_PRIVATE_BUCKET: str = variable(text, "")
    S3_ENDPOINT: str = variable(web, "")
    S3_REGION: str = variable(text, "")
    S3_ACCESS_KEY: str = variable(text, "", secret=True)
    S3_SECRET_KEY: str = variable(text, "", secret=True)
    S3_PUBLIC_URL: str = variable(web, "")

    DISCORD_APP_ID: str = variable(text, "")
    DISCORD_APP_SECRET: str = variable(text, "", secret=True)
    DISCORD_BOT_TOKEN: str = variable(text, "", secret=True)
    DISCORD_DEBUG_CHANNEL: int | None = variable(channel, None)
    DISCORD_DICE_EMOJI: bool = variable(flag, True)
    DISCORD_MESSAGE_CONTENT: bool = variable(flag, False)
    DISCORD_SHARDS: int | None = variable(number(1, shards.MOST), None)
    DISCORD_SHARD_RANGE: tuple[int, int] | None = variable(shards.shard_range, None)
    DISCORD_PROCESSES: int = variable(number(1, 64), 1)
    DISCORD_API_BASE: str = variable(web, "https://discord.com/api/v10")
    DISCORD_CDN: str = variable(web, "https://cdn.discordapp.com")
    DISCORD_GATEWAY: str = variable(address("ws", "wss"), "")
    DISCORD_OAUTH_AUTHORIZE: str = variable(web, "https://discord.com/oauth2/authorize")
    BACKEND_URL: str = variable(web, "http://localhost:8080")
    GATEWAY_URL: str = variable(web, "")
    PATREON_WEBHOOK_SECRET: str = variable(text, "", secret=True)
    PATREON_CLIENT_ID: str = variable(text, "")
    PATREON_CLIENT_SECRET: str = variable(text, "", secret=True)
    PATREON_CAMPAIGN_ID: str = variable(text, "")
    PATREON_API_BASE: str = variable(web, "https://www.patreon.com/api/oauth2")
    PATREON_OAUTH_AUTHORIZE: str = variable(web, "https://www.patreon.com/oauth2/authorize")

    @property
    def live(self) -> bool:
        return self.ENV != DEVELOPMENT

    @property
    def site_url(self) -> str:
        """The address that people see."""
        if self.SITE_URL or not (self.live and self.ALLOWED_HOSTS):
            return self.SITE_URL or "http://localhost:8080"
        return f"https://{self.ALLOWED_HOSTS[0].lstrip('.')}"

    @property
    def uses_mysql(self) -> bool:
        return self.DATABASE_URL.startswith(("mysql", "mariadb")) or (
            not self.DATABASE_URL and self.DB_ENGINE == "mysql"
        )

    @property
    def redis_url(self) -> str:
        return self.REDIS_URL or f"redis://{self.REDIS_HOST}:{self.REDIS_PORT}/{self.REDIS_DB_INDEX}"

    @property
    def shards(self) -> Shards | None:
        """Those of this process; None: as many as Discord recommends, all of them."""
        if self.DISCORD_SHARDS is None:
            return None
        return Shards(self.DISCORD_SHARDS, *(self.DISCORD_SHARD_RANGE or (0, self.DISCORD_SHARDS - 1)))


DECLARED = {declared.name: declared for declared in fields(Variables)}


def load(backend: Path, environ: Mapping[str, str] = os.environ) -> tuple[Variables, DotEnv]:
    """Read the environment, and `.env` of this checkout for what the environment does not name."""
    chosen = environ.get(FILE)
    if chosen is None:
        file = dotenv.read(dotenv.find(backend))
    elif chosen and not Path(chosen).exists():
        raise ConfigError(f"{FILE} is {chosen}, and there is no such file.")
    else:
        file = dotenv.read(Path(chosen)) if chosen else DotEnv(Path())
    variables = understand({**file.values, **environ}, file, environ)
    check(variables)
    return variables, file


def understand(given: Mapping[str, str], file: DotEnv, environ: Mapping[str, str]) -> Variables:
    """Parse what is given. File and environment serve the sentences: they say where a value stands."""
    _refuse_misspelt(file)
    values = {
        name: _parsed(name, given[name], _place(name, file, environ)) for name in DECLARED if name in given
    }
    return Variables(**{name: value for name, value in values.items() if value is not ...})


def check(variables: Variables) -> None:
    """Refuse what does not go together, or is not safe where others can reach it."""
    for problem in _contradictions(variables):
        raise ConfigError(problem)


def _parsed(name: str, value: str, place: str) -> Any:
    """Return the value, or `...` for one that is not set."""
    rules = DECLARED[name].metadata
    if not value.strip() and rules["blank"]:
        return ...
    try:
        return rules["parse"](value if rules["parse"] is text else value.strip())
    except ValueError as error:
        shown = name if rules["secret"] else f"{name}={value}"
        raise ConfigError(f"{shown}{place}: {name} {error}") from None


def _place(name: str, file: DotEnv, environ: Mapping[str, str]) -> str:
    if name in environ:
        return " in the environment"
    return f" in {file.path}, line {file.lines[name]}" if name in file.lines else ""


def _refuse_misspelt(file: DotEnv) -> None:
    """Refuse a name that is nearly one of ours. Names that are nothing like ours are for others, such as AWS_…"""
    for name in file.values:
        near = difflib.get_close_matches(name.upper(), DECLARED, 1, 0.9)
        if near and name not in (*DECLARED, FILE):
            place = f"{file.path}, line {file.lines[name]}"
            raise ConfigError(f"{place}: {name} is not known. Write {near[0]}, or put a # before the line.")


def _contradictions(variables: Variables) -> Iterator[str]:
    if not variables.DATABASE_URL and variables.DB_ENGINE != "sqlite3" and not variables.DB_NAME:
        yield f"DB_NAME is not set. Name the database that DB_ENGINE={variables.DB_ENGINE} is to use."
    if cluster(variables.REDIS_URL) and variables.REDIS_DB_INDEX:
        yield (
            f"REDIS_DB_INDEX is {variables.REDIS_DB_INDEX}, and the Redis Cluster that REDIS_URL names has database 0 "
            "alone. Set it to 0, or remove it."
        )
    if variables.TASKS_BACKEND == "redis":
        yield from _no_redis_for_tasks(variables)
    yield from _half_a_bucket(variables)
    yield from shards.problems(
        variables.DISCORD_SHARDS, variables.DISCORD_SHARD_RANGE, variables.DISCORD_PROCESSES
    )
    if bool(variables.PATREON_CLIENT_ID) != bool(variables.PATREON_CLIENT_SECRET):
        yield (
            "PATREON_CLIENT_ID and PATREON_CLIENT_SECRET belong together. Both stand at Patreon under Clients & API "
            "Keys; set both, or none if nobody is to link an account."
        )
    if variables.live:
        yield from _unsafe(variables)


def _no_redis_for_tasks(variables: Variables) -> Iterator[str]:
    if variables.USE_REDIS is False or not (variables.live or variables.USE_REDIS):
        yield "TASKS_BACKEND is redis, and USE_REDIS is off. Switch it on, or let tasks wait in the database."
    if cluster(variables.REDIS_URL):
        yield (
            "TASKS_BACKEND is redis, and REDIS_URL names a Redis Cluster, which rq cannot use. Set "
            "TASKS_BACKEND=database: many machines can share that too."
        )


def _half_a_bucket(variables: Variables) -> Iterator[str]:
    given = [name for name in DECLARED if name.startswith("S3_") and getattr(variables, name)]
    if given and not variables.S3_BUCKET:
        yield f"S3_BUCKET is not set, and {given[0]} is. Name the bucket that uploads are stored in."
    if variables.S3_BUCKET and not variables.S3_PUBLIC_URL:
        yield "S3_PUBLIC_URL is not set. Name the address that browsers load what is in S3_BUCKET from."
    if variables.S3_BUCKET and variables.S3_BUCKET == variables.S3_PRIVATE_BUCKET:
        yield "S3_PRIVATE_BUCKET is the same as S3_BUCKET. Name another one, which nobody can read without a signature."
    if bool(variables.S3_ACCESS_KEY) != bool(variables.S3_SECRET_KEY):
        yield "S3_ACCESS_KEY and S3_SECRET_KEY belong together. Set both, or none if the machine has a role of its own."


def _unsafe(variables: Variables) -> Iterator[str]:
    where = f"ENV={variables.ENV}"
    if variables.SECRET_KEY and is_weak(variables.SECRET_KEY, SECRET_LENGTH):
        yield (
            f"SECRET_KEY is too easy to guess for {where}: it must be random and at least {SECRET_LENGTH} long. "
            f"{HOW_TO_MAKE_ONE}"
        )
    if any(is_weak(key, API_KEY_LENGTH) for key in variables.API_KEY):
        yield (
            f"API_KEY is too easy to guess for {where}: each key must be random and at least {API_KEY_LENGTH} long. "
            f"{HOW_TO_MAKE_ONE}"
        )
    if variables.ADMIN_TOKEN and is_weak(variables.ADMIN_TOKEN, API_KEY_LENGTH):
        yield (
            f"ADMIN_TOKEN is too easy to guess for {where}: it must be random and at least {API_KEY_LENGTH} long. "
            f"{HOW_TO_MAKE_ONE}"
        )
    if variables.METRICS_TOKEN and is_weak(variables.METRICS_TOKEN, API_KEY_LENGTH):
        yield (
            f"METRICS_TOKEN is too easy to guess for {where}: it must be random and at least {API_KEY_LENGTH} long. "
            f"{HOW_TO_MAKE_ONE}"
        )
    if "*" in variables.ALLOWED_HOSTS:
        yield f"ALLOWED_HOSTS=* lets anybody's host name in, which {where} must not. Name the public hosts."
    if variables.USE_REDIS is False:
        yield f"USE_REDIS is off, and {where} has more than one process, which meet in Redis. Switch it on."


def is_weak(secret: str, length: int) -> bool:
    """Tell short, repeated, counted and well-known secrets from random ones."""
    return (
        len(secret) < length
        or len(set(secret)) < DIFFERENT_SIGNS
        or _repeats(secret)
        or _counts(secret)
        or bool(GUESSABLE.search(secret))
    )


def _repeats(secret: str) -> bool:
    """Whether three signs in a row are mostly those of another place, as in `abcabcabc…` with anything around it.

    Of random digits nineteen in twenty such places differ.
    """
    places = [secret[start : start + 3] for start in range(len(secret) - 2)]
    return len(set(places)) < len(places) / 2


def _counts(secret: str) -> bool:
    """Whether nearly all signs follow each other in the same distance, as in `abcdefgh…`, or most are like the last."""
    steps = Counter(ord(after) - ord(sign) for sign, after in pairwise(secret))
    return steps[0] > len(secret) / 2 or max(steps.values(), default=0) > 0.9 * len(secret)


def check_backend(variables: Variables) -> None:
    """Refuse to start without what the backend needs; the Discord process may live elsewhere and lack it."""
    for problem in _lacking(variables):
        raise ConfigError(problem)


def _lacking(variables: Variables) -> Iterator[str]:
    if not variables.SECRET_KEY:
        yield f"SECRET_KEY is not set. Run scripts/setup.sh, or put one into .env or the environment. {HOW_TO_MAKE_ONE}"
    if variables.live and not variables.API_KEY:
        yield "API_KEY is not set: the Discord process has no other way in. Run scripts/setup.sh."
    if variables.ENV == PRODUCTION and not variables.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS is not set. Name the public hosts, such as ALLOWED_HOSTS=play.example."
    if variables.live:
        yield from _unusable(variables)


def _unusable(variables: Variables) -> Iterator[str]:
    """What is right by itself, and would refuse every visitor all the same."""
    site = urlsplit(variables.site_url)
    if variables.ALLOWED_HOSTS and not _is_allowed(site.hostname or "", variables.ALLOWED_HOSTS):
        yield (
            f"SITE_URL is {variables.SITE_URL}, and ALLOWED_HOSTS does not name {site.hostname}: every page would be "
            "refused. Add it there."
        )
    if site.scheme == "http" and variables.SITE_URL and variables.SECURE_SSL_REDIRECT:
        yield (
            f"SITE_URL is {variables.SITE_URL}, and SECURE_SSL_REDIRECT sends everybody to https://. "
            "Write https:// there, or SECURE_SSL_REDIRECT=0 where nothing else can be reached."
        )
    missing = [name for name in ("DISCORD_APP_ID", "DISCORD_APP_SECRET") if not getattr(variables, name)]
    if variables.DISCORD_BOT_TOKEN and missing:
        yield (
            f"DISCORD_BOT_TOKEN is set, and {' and '.join(missing)} not: nobody could sign in. Both stand in Discord's "
            "developer portal (General Information, OAuth2). Run scripts/setup.sh."
        )


def _is_allowed(host: str, allowed: list[str]) -> bool:
    return any(host == name or (name[0] == "." and f".{host}".endswith(name)) for name in allowed)


def refuse_unwritable(database: Path) -> None:
    """Refuse a file of SQLite that this user cannot write; SQLite writes beside it too."""
    folder = database.parent
    if not folder.is_dir():
        raise ConfigError(f"The database {database} has no folder. Make it, or name another file as DB_NAME.")
    closed = next((place for place in (database, folder) if place.exists() and not _is_open(place)), None)
    if closed:
        raise ConfigError(
            f"{closed} cannot be written to by this user, and the database needs it. Change its owner or its rights, "
            "run this as its owner, or name another file as DB_NAME."
        )


def _is_open(place: Path) -> bool:
    return os.access(place, os.W_OK | (os.X_OK if place.is_dir() else os.R_OK))


def refuse_unknown(name: str, given: Mapping[str, float], known: Mapping[str, object]) -> None:
    """Refuse parts of a variable that nothing reads, and fractions where a whole number is counted."""
    for part, value in given.items():
        if part not in known:
            raise ConfigError(f"{name} names {part!r}, which is not known. It may name: {', '.join(known)}.")
        if known[part] is int and not isinstance(value, int):
            raise ConfigError(f"{name}: {part} must be a whole number.")
