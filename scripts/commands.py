"""Print every slash command with its options, as Markdown.

python -m scripts.commands            to the terminal
python -m scripts.commands FILE.md    to a file
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.common import BACKEND, BOT, say
from scripts.environment_for_tests import environment_for_tests

HEAD = """# Commands

What members see in Discord: the commands of each edition that is played in their server (`/server edition`, `/chronicle
edit`), in direct messages those of all. Where two editions share a word, it is the main edition's, and the other's
carries its number (`/vampire20`). Options in **bold** are required.
"""
KINDS = {
    3: "text",
    4: "whole number",
    5: "yes or no",
    6: "person",
    7: "channel",
    8: "role",
    10: "number",
    11: "file",
}
GROUPS = (1, 2)
# Of editions without a number.
TITLES = {"cod": "Chronicles of Darkness", "fantasy": "Fantasy"}


def describe() -> str:
    """The text. Django must be set up: the commands of a splat come from its traits."""
    import discord
    from discord import app_commands

    from contract.schema import Schema
    from rodbot.command_sets import CommandSets
    from rodbot.core import descriptions
    from rolls.schema import schema

    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    sets = CommandSets(Schema.model_validate(schema()))
    parts = [HEAD]
    seen: dict[str, str] = {}
    for edition in sets.editions:
        parts.append(f"\n## {TITLES.get(edition, f'{edition} edition')}\n")
        payloads = descriptions.for_server(sets.of(edition), tree)
        described = {payload["name"]: "\n".join(_command(payload)) for payload in payloads}
        parts += [text for name, text in described.items() if seen.get(name) != text]
        same = sorted(f"`{_shown(name)}`" for name, text in described.items() if seen.get(name) == text)
        if same:
            parts.append(f"\nAs above: {', '.join(same)}.\n")
        seen |= described
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"


def _shown(name: str) -> str:
    return name if " " in name or name[0].isupper() else f"/{name}"


def _command(payload: dict[str, Any]) -> Iterator[str]:
    if payload.get("type", 1) != 1:
        yield f"\n### {payload['name']}\n\nIn the menu of a person.\n"
        return
    yield f"\n### /{payload['name']}\n\n{payload['description']}\n"
    yield from _leaves(f"/{payload['name']}", payload)


def _leaves(name: str, part: dict[str, Any]) -> Iterator[str]:
    subcommands = [option for option in part.get("options", ()) if option["type"] in GROUPS]
    for subcommand in subcommands:
        yield f"\n**{name} {subcommand['name']}**: {subcommand['description']}\n"
        yield from _leaves(f"{name} {subcommand['name']}", subcommand)
    if not subcommands and part.get("options"):
        yield from ("| option | takes | |", "| --- | --- | --- |")
        yield from (_option(option) for option in part["options"])
        yield ""


def _option(option: dict[str, Any]) -> str:
    name = f"**`{option['name']}`**" if option.get("required") else f"`{option['name']}`"
    return f"| {name} | {_takes(option)} | {option['description'].replace('|', '/')} |"


def _takes(option: dict[str, Any]) -> str:
    if option.get("choices"):
        return ", ".join(choice["name"] for choice in option["choices"])
    if "min_value" in option or "max_value" in option:
        return f"{option.get('min_value', '…')} to {option.get('max_value', '…')}"
    return KINDS[option["type"]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path)
    file = parser.parse_args(arguments).file
    with tempfile.TemporaryDirectory(prefix="rod-commands-") as folder:
        os.environ |= environment_for_tests(Path(folder)) | {"DJANGO_SETTINGS_MODULE": "rod.settings"}
        sys.path[:0] = [str(BACKEND), str(BOT)]
        import django

        django.setup()
        text = describe()
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        say(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
