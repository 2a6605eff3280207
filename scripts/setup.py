"""`scripts/setup.sh`: writes `.env`, readable by its owner alone, and keeps what is filled in already.

Values come from `--set NAME=VALUE`, the environment or the person on a terminal; else they are the defaults,
and fresh secrets.
"""

import argparse
import contextlib
import getpass
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from contract import dotenv, variables
from contract.dotenv import ConfigError, DotEnv
from contract.variables import DEVELOPMENT, ENGINES, ENVIRONMENTS
from scripts.common import BACKEND, ROOT, ScriptError, cannot_use, run_main, say

EXAMPLE = ROOT / ".env.example"

Ask = Callable[[str, str], str]


def env_file() -> Path:
    """Return the file that the settings read."""
    chosen = os.environ.get(variables.FILE)
    return Path(chosen) if chosen else dotenv.find(BACKEND)


def missing(values: Mapping[str, str]) -> list[str]:
    """List the names that need a value before anything can start."""
    needed = ["ENV", "SECRET_KEY", "API_KEY"]
    if not values.get("DATABASE_URL"):
        needed.append("DB_ENGINE")
        if ENGINES.get(values.get("DB_ENGINE", ""), "sqlite3") != "sqlite3":
            needed += ["DB_NAME", "DB_HOST", "DB_USER"]
    return [name for name in needed if not values.get(name)]


def ensure(ask: Ask | None, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """Make or complete `.env` and return its values. Without `ask` nobody is asked."""
    try:
        return _complete(env_file(), ask, dict(chosen or {}))
    except ConfigError as error:
        raise ScriptError(str(error)) from error


def _complete(path: Path, ask: Ask | None, new: dict[str, str]) -> dict[str, str]:
    text = dotenv.text_of(path)
    file = dotenv.parse(text, path)
    variables.understand(file.values, file, {})
    if missing({**file.values, **new}):
        new = _answers({**file.values, **new}, ask) | new
    changed = {name: value for name, value in new.items() if file.values.get(name, "") != value}
    completed = {**file.values, **changed}
    understood = variables.understand(completed, DotEnv(path, file.values), {})
    variables.check(understood)
    if names := missing(completed):
        raise ScriptError(
            f"{path} lacks {', '.join(names)}. Fill them in there, or run scripts/setup.sh on a terminal."
        )
    if changed or not path.is_file():
        write(path, dotenv.merge(text or EXAMPLE.read_text(encoding="utf-8"), changed))
        say(f"{'Completed' if text else 'Wrote'} {path} (readable by you alone).")
    elif path.stat().st_mode & 0o077 and os.name == "posix":
        with contextlib.suppress(PermissionError):  # another's, who lets us read it
            path.chmod(0o600)
    return dict(dotenv.read(path).values)


def _answers(values: Mapping[str, str], ask: Ask | None) -> dict[str, str]:
    """Find values for the example's lines that have none: environment, question, default or fresh secret."""
    example = dotenv.read(EXAMPLE).values
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

    question("ENV", f"Environment ({', '.join(ENVIRONMENTS)})", DEVELOPMENT)
    if {**known, **answers}["ENV"] != DEVELOPMENT:
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
    question("DB_ENGINE", f"Database ({', '.join(sorted(set(ENGINES.values())))})", "mysql")
    if ENGINES.get(engine()) == "sqlite3":
        return
    question("DB_HOST", "Database host", "127.0.0.1")
    question("DB_PORT", "Database port", "3306" if ENGINES.get(engine()) == "mysql" else "5432")
    question("DB_NAME", "Database name", "rod")
    question("DB_USER", "Database user", "rod")
    question("DB_PASSWORD", "Database password", optional=True)


def write(file: Path, text: str) -> None:
    """Write the file atomically; others can never read it, not even for a moment."""
    file = file.resolve()
    try:
        number, name = tempfile.mkstemp(dir=file.parent, prefix=".env.")  # mkstemp makes it 0600
    except OSError as error:
        raise ScriptError(cannot_use(file, error)) from error
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
