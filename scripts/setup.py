"""`scripts/setup.sh`: writes `.env`, readable by its owner alone, and keeps what is filled in already.

Values come from `--set NAME=VALUE`, the environment or the person on a terminal; else they are the defaults,
and fresh secrets.
"""

import argparse
import getpass
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts.common import BACKEND, ROOT, ScriptError, run_main, say

EXAMPLE = ROOT / ".env.example"
ENVIRONMENTS = ("development", "preproduction", "production")
ENGINES = ("sqlite3", "mysql", "postgresql")
LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z_0-9]*)=(.*)$")
PLAIN = re.compile(r"[\w.@:/+=,%~-]*")

Ask = Callable[[str, str], str]


def env_file() -> Path:
    """Return `backend/.env` if there is one, as the settings read it first, else the one at the top."""
    inner = BACKEND / ".env"
    return inner if inner.is_file() else ROOT / ".env"


def parse(text: str) -> dict[str, str]:
    """Read NAME=value lines; the first of two wins, as it does for the settings."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        match = LINE.match(line)
        if match:
            values.setdefault(match[1], _unquote(match[2].strip()))
    return values


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1]
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return re.sub(r"\s+#.*$", "", value)


def _quote(name: str, value: str) -> str:
    if value.startswith("$") or "\n" in value:
        raise ScriptError(f"{name}: a value in .env may not begin with $ or hold a line break.")
    if PLAIN.fullmatch(value):
        return value
    return f"'{value}'" if "'" not in value else '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def merge(text: str, values: Mapping[str, str]) -> str:
    """Write the values into their lines of the text, or at its end; other lines stay as they are."""
    left = dict(values)
    lines = []
    for line in text.splitlines():
        match = LINE.match(line)
        name = match[1] if match else ""
        lines.append(f"{name}={_quote(name, left.pop(name))}" if name in left else line)
    lines += [f"{name}={_quote(name, value)}" for name, value in left.items()]
    return "\n".join(lines) + "\n"


def missing(values: Mapping[str, str]) -> list[str]:
    """List the names that need a value before anything can start."""
    needed = ["ENV", "SECRET_KEY", "API_KEY"]
    if not values.get("DATABASE_URL"):
        needed.append("DB_ENGINE")
        if values.get("DB_ENGINE") not in (None, "", "sqlite3"):
            needed += ["DB_NAME", "DB_HOST", "DB_USER"]
    return [name for name in needed if not values.get(name)]


def check_values(values: Mapping[str, str], file: Path) -> None:
    if values.get("ENV") not in (None, "", *ENVIRONMENTS):
        raise ScriptError(f"ENV={values['ENV']} in {file}: it must be one of {', '.join(ENVIRONMENTS)}.")
    port = values.get("REDIS_PORT", "")
    if port and not port.isdecimal():
        raise ScriptError(f"REDIS_PORT={port} in {file}: it must be a number.")


def ensure(ask: Ask | None, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """Make or complete `.env` and return its values. Without `ask` nobody is asked."""
    file = env_file()
    old = file.read_text(encoding="utf-8") if file.is_file() else ""
    values = parse(old)
    check_values(values, file)
    new = dict(chosen or {})
    if missing(values | new):
        new |= _answers(values | new, ask) | new
    changed = {name: value for name, value in new.items() if values.get(name, "") != value}
    if changed or not file.is_file():
        check_values(values | changed, file)
        write(file, merge(old or EXAMPLE.read_text(encoding="utf-8"), changed))
        say(f"{'Completed' if old else 'Wrote'} {file} (readable by you alone).")
    elif file.stat().st_mode & 0o077 and os.name == "posix":
        file.chmod(0o600)
    values = parse(file.read_text(encoding="utf-8"))
    if names := missing(values):
        raise ScriptError(
            f"{file} lacks {', '.join(names)}. Fill them in there, or run scripts/setup.sh on a terminal."
        )
    return values


def _answers(values: Mapping[str, str], ask: Ask | None) -> dict[str, str]:
    """Find values for the example's lines that have none: environment, question, default or fresh secret."""
    example = parse(EXAMPLE.read_text(encoding="utf-8"))
    answers = {name: os.environ[name] for name in example if not values.get(name) and os.environ.get(name)}
    if answers.get("ENV") not in ENVIRONMENTS:
        answers.pop("ENV", None)  # some shells use that name for a file
    if ask:
        answers |= _questions(dict(values) | answers, ask)
    known = dict(values) | answers
    fresh = {"SECRET_KEY": secrets.token_urlsafe(50), "API_KEY": secrets.token_urlsafe(40)}
    defaults = {name: fresh.get(name, default) for name, default in example.items() if not known.get(name)}
    return answers | {name: value for name, value in defaults.items() if value}


def _questions(known: Mapping[str, str], ask: Ask) -> dict[str, str]:
    """Ask for what is not known. What may stay empty is not asked again once its line stands in the file."""
    answers: dict[str, str] = {}

    def question(name: str, text: str, default: str = "", optional: bool = False) -> None:
        if not known.get(name) and not (optional and name in known):
            answers[name] = ask(text, default) or default

    question("ENV", f"Environment ({', '.join(ENVIRONMENTS)})", "development")
    if {**known, **answers}["ENV"] != "development":
        _ask_database(question, lambda: {**known, **answers}.get("DB_ENGINE", ""))
    if "DISCORD_BOT_TOKEN" not in known:
        say("Discord is optional: with an empty token our own local Discord, the sandbox, takes its place.")
    question("DISCORD_BOT_TOKEN", "Discord bot token (Enter: sandbox)", optional=True)
    if {**known, **answers}.get("DISCORD_BOT_TOKEN"):
        question("DISCORD_APP_ID", "Discord application id")
        question("DISCORD_APP_SECRET", "Discord application secret")
        question("DISCORD_DEBUG_CHANNEL", "Channel id for error reports (Enter: none)", optional=True)
    question("PATREON_WEBHOOK_SECRET", "Patreon webhook secret (Enter: none)", optional=True)
    return answers


def _ask_database(question: Callable[..., None], engine: Callable[[], str]) -> None:
    question("DB_ENGINE", f"Database ({', '.join(ENGINES)})", "mysql")
    if engine() == "sqlite3":
        return
    question("DB_HOST", "Database host", "127.0.0.1")
    question("DB_PORT", "Database port", "3306" if engine() == "mysql" else "5432")
    question("DB_NAME", "Database name", "rod")
    question("DB_USER", "Database user", "rod")
    question("DB_PASSWORD", "Database password", optional=True)


def write(file: Path, text: str) -> None:
    """Write the file atomically; others can never read it, not even for a moment."""
    file = file.resolve()
    number, name = tempfile.mkstemp(dir=file.parent, prefix=".env.")  # mkstemp makes it 0600
    try:
        with os.fdopen(number, "w", encoding="utf-8") as output:
            output.write(text)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise


def on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_on_terminal(text: str, default: str) -> str:
    prompt = f"{text}{f' [{default}]' if default else ''}: "
    hidden = any(word in text.lower() for word in ("token", "secret", "password"))
    return (getpass.getpass(prompt) if hidden else input(prompt)).strip()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/setup.sh", description="Writes .env, keeping what is filled in."
    )
    parser.add_argument(
        "--yes", action="store_true", help="ask nothing: environment, defaults, fresh secrets"
    )
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="set this value")
    options = parser.parse_args(arguments)
    chosen = dict(pair.partition("=")[::2] for pair in options.set)
    ensure(ask_on_terminal if on_terminal() and not options.yes else None, chosen)
    say(f"{env_file()} is complete. Next: scripts/dev.sh")
    return 0


if __name__ == "__main__":
    run_main(main)
