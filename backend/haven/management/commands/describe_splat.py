"""Print every trait of a splat and where it shows up."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from haven.registry import SPLATS
from haven.schema import splat_schema
from rules.traits import UNVERIFIED

# The commands of every splat have these, written by hand in the Discord process.
BY_HAND = {
    "name": "option name of new, set and update, change_name of set",
    "theme": "option color",
    "avatar": "option image",
    "experience.total": "option exp",
}


class Command(BaseCommand):
    help = (
        "Prints every trait of a splat: values, slash options, web element, card row, who sees and writes it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("splat", help=f"one of: {', '.join(SPLATS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["splat"]
        if slug not in SPLATS:
            raise CommandError(f"There is no splat “{slug}”. There are: {', '.join(SPLATS)}.")
        described = splat_schema(slug, SPLATS[slug])
        self.stdout.write(f"{slug}: {described['label']}, edition {described['edition']}")
        for group in described["groups"]:
            self.stdout.write(f"\n{group['label']}")
            for trait in described["traits"]:
                if trait["group"] == group["slug"]:
                    self.stdout.write("\n".join(_trait(trait, described["command"])))
        unverified = [trait["label"] for trait in described["traits"] if trait["page"] == UNVERIFIED]
        if unverified:
            self.stdout.write(f"\n{UNVERIFIED.capitalize()}: {', '.join(unverified)}")


def _trait(trait: dict[str, Any], command: str) -> Iterator[str]:
    card = f"card row {trait['card']}" if trait["tracker"] else "not on the card"
    yield (
        f"  {trait['slug']} ({trait['label']}): {trait['kind']}, <{trait['element']}>, {card}, "
        f"seen from {trait['visibility']} up, written by {trait['writer']}, {trait['page'] or 'no page'}"
    )
    for field in trait["fields"]:
        yield f"    {field['path']}: {_values(field)}, {_option(field, trait, command)}"
    if trait["entry"]:
        yield from _entry(trait["entry"], "    ")


def _values(field: dict[str, Any]) -> str:
    start = "not set" if field["start"] in (None, "") else field["start"]
    if field["type"] == "integer":
        return f"{field['min']} to {field['max']}, starts at {start}"
    if field["type"] == "choice":
        return f"one of {len(field['choices'])}{' or other text' if field['free_text'] else ''}, starts as {start}"
    if field["type"] == "text":
        return f"text up to {field['max_length']} characters{', several lines' if field['multiline'] else ''}"
    return f"yes or no, starts as {'yes' if start is True else 'no'}"


def _option(field: dict[str, Any], trait: dict[str, Any], command: str) -> str:
    if not trait["tracker"]:
        return BY_HAND.get(field["path"], "no slash option")
    change = f"update ({field['adjust_min']} to +{field['adjust_max']})" if field.get("adjust") else "update"
    required = " (required)" if field["required"] else ""
    return f"option {field['name']} of /{command} new{required}, set, {change}"


def _entry(entry: dict[str, Any], indent: str) -> Iterator[str]:
    yield f"{indent}up to {entry['max']} entries"
    for field in entry["fields"]:
        yield f"{indent}  {field['name']}: {_values(field)}"
    for name, nested in entry["entries"].items():
        yield f"{indent}  {name}:"
        yield from _entry(nested, f"{indent}    ")
