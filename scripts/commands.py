"""Writes docs/COMMANDS.md, every command with its options, from the code; `--check` fails when it differs."""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from scripts.common import BACKEND, BOT, ROOT, say

FILE = ROOT / "docs" / "COMMANDS.md"
HEAD = """# Commands

What members see in Discord, by the edition that their server plays (`/server edition`). In direct messages the commands
of all editions are there; where two editions share a word, the second carries its number (`/vampire20`). Options in
**bold** are required. Written by `python -m scripts.commands`.
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


def describe() -> str:
    import discord
    from discord import app_commands

    from haven.schema import schema
    from rodbot import command_sets
    from rodbot.core.models import Schema

    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    sets = command_sets.CommandSets(Schema.read(schema()))
    parts = [HEAD]
    seen: dict[str, str] = {}
    for edition, made in sets.by_edition.items():
        parts.append(f"\n## {edition} edition\n" if edition != "cod" else "\n## Chronicles of Darkness\n")
        payloads = command_sets.for_server(made, tree)
        told = {payload["name"]: "\n".join(_command(payload)) for payload in payloads}
        parts += [text for name, text in told.items() if seen.get(name) != text]
        same = sorted(f"`{_shown(name)}`" for name, text in told.items() if seen.get(name) == text)
        if same:
            parts.append(f"\nAs above: {', '.join(same)}.\n")
        seen |= told
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
    inner = [one for one in part.get("options", ()) if one["type"] in GROUPS]
    for one in inner:
        yield f"\n**{name} {one['name']}**: {one['description']}\n"
        yield from _leaves(f"{name} {one['name']}", one)
    if not inner and part.get("options"):
        yield from ("| option | takes | |", "| --- | --- | --- |")
        yield from (_option(one) for one in part["options"])
        yield ""


def _option(one: dict[str, Any]) -> str:
    name = f"**`{one['name']}`**" if one.get("required") else f"`{one['name']}`"
    return f"| {name} | {_takes(one)} | {one['description'].replace('|', '/')} |"


def _takes(one: dict[str, Any]) -> str:
    if one.get("choices"):
        return ", ".join(choice["name"] for choice in one["choices"])
    if "min_value" in one or "max_value" in one:
        return f"{one.get('min_value', '…')} to {one.get('max_value', '…')}"
    return KINDS[one["type"]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    sys.path[:0] = [str(BACKEND), str(BOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
    import django

    django.setup()
    text = describe()
    if not options.check:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text:
        return 0
    say(
        f"{FILE.relative_to(ROOT)} no longer describes the commands. Write it anew: python -m scripts.commands"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
