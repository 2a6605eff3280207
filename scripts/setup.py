"""`scripts/setup.sh`: writes `.env`, readable by its owner alone, and keeps what is filled in already.

Values come from `--set NAME=VALUE`, the environment or the person on a terminal; else they are the defaults,
and fresh secrets.
"""

import argparse
import contextlib
import difflib
import getpass
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from contract import dotenv, variables
from contract.dotenv import ConfigError, DotEnv
from contract.variables import DEVELOPMENT, ENGINES, ENVIRONMENTS
from scripts import probes
from scripts.common import BACKEND, ROOT, ScriptError, cannot_use, run_main, say

EXAMPLE = ROOT / ".env.example"

Ask = Callable[[str, str], str]
OF_PRODUCTION = ("ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL")
TRIES = 10  # of a question, for one who answers at random
ANYTHING = re.compile(".*", re.DOTALL)
# What Discord gives out looks like this; a mistake in copying is told here rather than by the bot's failing login.
FORMS = {
    "DISCORD_BOT_TOKEN": (
        re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}"),
        "must be three parts with dots between them, from the developer portal, Bot, Token.",
    ),
    "DISCORD_APP_ID": (
        re.compile(r"\d{15,20}"),
        "must be a number of 15 to 20 digits (General Information).",
    ),
    "DISCORD_APP_SECRET": (
        re.compile(r"[\w-]{20,}"),
        "must be the client secret of OAuth2, letters and digits.",
    ),
}


class Questions:
    """Asks one person, checks each answer when it is typed, and keeps what is known already."""

    def __init__(self, known: Mapping[str, str], ask: Ask) -> None:
        self.known = known
        self.answers: dict[str, str] = {}
        self._ask = ask

    def value(self, name: str) -> str:
        return self.answers.get(name) or self.known.get(name, "")

    def question(self, name: str, text: str, default: str = "", optional: bool = False) -> None:
        if self.value(name) or (optional and name in {**self.known, **self.answers}):
            return
        for _ in range(TRIES):
            answer = self._ask(text, default) or default
            problem = answer_problem(name, answer, optional)
            if not problem:
                self.answers[name] = answer
                return
            say(f"  {problem}")
        raise ScriptError(f"{name} is still not right. Run scripts/setup.sh again.")

    def asks_again(self, names: Sequence[str], problem: str) -> bool:
        """Whether these are to be asked once more: they were asked just now, and what they name does not answer."""
        asked = [name for name in names if name in self.answers]
        if not problem or not asked:
            return False
        say(f"  {problem}")
        if (self._ask("Keep it all the same? (y/n)", "y") or "y").lower().startswith("y"):
            return False
        for name in asked:
            del self.answers[name]
        return True


def answer_problem(name: str, answer: str, optional: bool) -> str:
    """What is wrong with an answer; empty when nothing is."""
    if not answer:
        return "" if optional else f"{name} is needed."
    form, sentence = FORMS.get(name, (ANYTHING, ""))
    if not form.fullmatch(answer):
        return f"{name} {sentence}"
    try:
        variables.understand({name: answer}, DotEnv(Path()), {})
    except ConfigError as error:
        return str(error)
    return ""


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
    if values.get("ENV") == variables.PRODUCTION:
        needed.append("ALLOWED_HOSTS")
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
            f"{path} lacks {', '.join(names)}. Give what is missing by --set NAME=VALUE or in that file, "
            "or run scripts/setup.sh on a terminal."
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
    names = (*example, *OF_PRODUCTION)
    answers = {name: os.environ[name] for name in names if not values.get(name) and os.environ.get(name)}
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
    person = Questions(known, ask)
    person.question("ENV", f"Environment ({', '.join(ENVIRONMENTS)})", DEVELOPMENT)
    live = person.value("ENV") != DEVELOPMENT
    if live:
        _ask_site(person)
        _ask_database(person)
        _ask_redis(person)
    _ask_discord(person, live)
    person.question("PATREON_WEBHOOK_SECRET", "Patreon webhook secret (Enter: none)", optional=True)
    return person.answers


def _ask_site(person: Questions) -> None:
    needed = person.value("ENV") == variables.PRODUCTION
    person.question("ALLOWED_HOSTS", "Public host names, such as play.example", optional=not needed)
    first = person.value("ALLOWED_HOSTS").split(",")[0].strip().lstrip(".")
    if first:
        person.question("SITE_URL", "Address that people see", f"https://{first}")
    person.question("TRUST_PROXY", "Behind a reverse proxy of your own, such as nginx or Caddy (1 or 0)", "1")


def _ask_database(person: Questions) -> None:
    person.question("DB_ENGINE", f"Database ({', '.join(sorted(set(ENGINES.values())))})", "mysql")
    engine = ENGINES.get(person.value("DB_ENGINE"))
    if engine == "sqlite3" or person.value("DATABASE_URL"):
        return
    while True:
        person.question("DB_HOST", "Database host", "127.0.0.1")
        person.question("DB_PORT", "Database port", "3306" if engine == "mysql" else "5432")
        person.question("DB_NAME", "Database name", "rod")
        person.question("DB_USER", "Database user", "rod")
        person.question("DB_PASSWORD", "Database password", optional=True)
        names = ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD")
        if not person.asks_again(
            names, probes.database({name: person.value(name) for name in ("DB_ENGINE", *names)})
        ):
            return


def _ask_redis(person: Questions) -> None:
    while True:
        text = "Redis (Enter: 127.0.0.1:6379; else an address such as redis://:password@host:6379/0)"
        person.question("REDIS_URL", text, optional=True)
        if not person.asks_again(("REDIS_URL",), probes.redis(person.value("REDIS_URL"))):
            return


def _ask_discord(person: Questions, live: bool) -> None:
    if "DISCORD_BOT_TOKEN" not in person.known and not live:
        say("Discord is optional: with an empty token our own local Discord, the sandbox, takes its place.")
    without = "none" if live else "sandbox"
    person.question("DISCORD_BOT_TOKEN", f"Discord bot token (Enter: {without})", optional=True)
    if person.value("DISCORD_BOT_TOKEN"):
        person.question("DISCORD_APP_ID", "Discord application id")
        person.question("DISCORD_APP_SECRET", "Discord application secret")
        person.question("DISCORD_DEBUG_CHANNEL", "Channel id for error reports (Enter: none)", optional=True)
        bridges = "May channels be bridged with the web? The bot then reads what people write (1 or 0)"
        person.question("DISCORD_MESSAGE_CONTENT", bridges, "0")


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
    values = ensure(ask_on_terminal if on_terminal() and not options.yes else None, chosen(options.set))
    say(f"{env_file()} is complete. Next: {next_command(values)}")
    return 0


def chosen(pairs: Sequence[str]) -> dict[str, str]:
    """Understand `NAME=VALUE`. A name that is mistyped would be left out without a word."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise ScriptError(f"--set {pair}: write NAME=VALUE.")
        if name not in variables.DECLARED:
            near = difflib.get_close_matches(name.upper(), variables.DECLARED, 1)
            meant = f" Did you mean {near[0]}?" if near else " .env.example has them all."
            raise ScriptError(f"--set {name}: there is no such setting.{meant}")
        found[name] = value
    return found


def next_command(values: Mapping[str, str]) -> str:
    return "scripts/dev.sh" if values["ENV"] == DEVELOPMENT else "scripts/run.sh (docs/DEPLOY.md)"


if __name__ == "__main__":
    run_main(main)
