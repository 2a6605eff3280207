"""Catalogues of translations: `python -m scripts.translations update` or `compile`.

`update` extracts every marked sentence into `locale/<language>/<package>.po` and keeps what is translated; `compile`
makes of these files what the processes read. docs/TRANSLATION.md says how to mark and to translate.
"""

import importlib
import os
import pkgutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel

from scripts import catalogues
from scripts.common import BACKEND, BOT, ROOT, ScriptError, run_main, say
from scripts.environment_for_tests import environment_for_tests

Ids = str | tuple[str, ...]
Keywords = Mapping[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None]

KEYWORDS: Keywords = {"_": None, "N_": None, "n_": (1, 2), "p_": ((1, "c"), 2)}
# What Django makes of its template tags.
TEMPLATE_KEYWORDS: Keywords = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# No line is broken: two branches that change one sentence then meet in one line.
WIDTH = 0
HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"

"""


@dataclass(frozen=True)
class Message:
    """A marked sentence: `ids` is one text, or singular and plural. `package` names the file that it belongs to."""

    ids: Ids
    context: str | None
    package: str
    place: str

    @property
    def key(self) -> tuple[str | None, Ids]:
        return self.context, self.ids


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["update"]:
        with tempfile.TemporaryDirectory(prefix="rod-translations-") as folder:
            set_up(Path(folder))
            for language in catalogues.languages():
                update(language)
    elif list(arguments) == ["compile"]:
        compile_stale()
    else:
        raise ScriptError("Usage: python -m scripts.translations update|compile")
    return 0


# Extraction.


def marked() -> list[Message]:
    """Every sentence in the code, the templates, the scripts of pages and the declarations, each in one file."""
    found: dict[tuple[str | None, Ids], list[Message]] = defaultdict(list)
    for message in (*_in_files(), *_declared()):
        found[message.key].append(message)
    return [min(messages, key=lambda message: _rank(message.package)) for messages in found.values()] + list(
        {message.key: message for message in _in_scripts()}.values()
    )


def _rank(package: str) -> int:
    return catalogues.PACKAGES.index(package)


def _package_of(path: Path) -> str:
    name = path.relative_to(ROOT).parts[1]
    return name if name in catalogues.PACKAGES else "others"


def _sources(folder: Path, pattern: str) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob(pattern)) if not {"tests", "migrations"} & set(file.parts))


def _in_files() -> Iterator[Message]:
    from django.utils.translation.template import templatize

    for file in (*_sources(BACKEND, "*.py"), *_sources(BOT / "rodbot", "*.py")):
        yield from _extracted(file, "python", file.read_text(encoding="utf-8"), KEYWORDS)
    for file in (*_sources(BACKEND, "*.html"), *_sources(BACKEND, "*.txt")):
        if "templates" in file.parts:
            code = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            # What is left of the markup is indented as it was, which Python would not have.
            flat = "\n".join(line.lstrip() for line in code.splitlines())
            yield from _extracted(file, "python", flat, TEMPLATE_KEYWORDS)


def _in_scripts() -> Iterator[Message]:
    for file in _sources(BACKEND / "main" / "static" / "main" / "js", "*.js"):
        text = file.read_text(encoding="utf-8")
        for message in _extracted(file, "javascript", text, KEYWORDS):
            yield Message(message.ids, message.context, catalogues.JAVASCRIPT, message.place)


def _extracted(file: Path, method: str, text: str, keywords: Keywords) -> Iterator[Message]:
    place = file.relative_to(ROOT).as_posix()
    for _line, ids, _comments, context in extract(method, BytesIO(text.encode()), keywords):
        if ids:
            yield Message(ids, context, _package_of(file) if method == "python" else "others", place)


def _declared() -> Iterator[Message]:
    """Labels and sentences that are data: of the schema, the inputs, the notices and the tables of the rules."""
    from contract import notices
    from rolls.schema import schema

    for part, package in (
        ("splats", "haven"),
        ("rolls", "rules"),
        ("any_roll", "rules"),
        ("checks", "rules"),
    ):
        for text in _labels(schema()[part]):
            yield Message(text, None, package, f"the schema: {part}")
    for place, text in _in_contexts():
        yield Message(text, place, "haven", "the models of the sheets")
    for text in _of_inputs():
        yield Message(text, None, "contract", "the contract's inputs")
    for context, text in _of_commands():
        yield Message(text, context, "rodbot", "the bot's commands")
    for text in notices.SENTENCES.values():
        yield Message(text, None, "contract", "contract.notices")
    for text in _of_rules():
        yield Message(text, None, "rules", "the tables of the rules")


def _labels(part: object, key: str = "") -> Iterator[str]:
    """The texts of a schema that people read."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from _labels(value, name)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _labels(value, key)
    elif isinstance(part, str) and part and key in ("label", "description", "choices", "levels"):
        yield part


def _in_contexts() -> Iterator[tuple[str, str]]:
    """Labels of traits that are translated by their context."""
    from haven.registry import SPLATS

    for model in SPLATS.values():
        for trait in model.traits.values():
            if trait.context:
                yield trait.context, trait.label


def _of_rules() -> Iterator[str]:
    """What tables of outcomes, findings and conflicts call things."""
    from rolls.checks import FOLLOW_UPS
    from rolls.systems import SYSTEMS
    from rules.conflict.kinds import CATEGORIES, KINDS
    from rules.conflict.moves import MOVES
    from rules.dice import compulsions, resonance

    for system in SYSTEMS.values():
        yield from (verdict.label for verdict in system.verdicts.values())
    yield from (label for label, _options in FOLLOW_UPS.values())
    yield from (kind.label for kind in KINDS.values())
    yield from (move.label for move in MOVES.values())
    yield from CATEGORIES.values()
    for beast in compulsions.TABLE:
        yield from (beast.name, beast.rule, beast.ends)
    for clan in compulsions.CLAN.values():
        yield from (clan.name, clan.rule)
    yield resonance.NEGLIGIBLE
    for blood in resonance.TABLE:
        yield from (*blood.disciplines, *blood.moods)
        for temperament in resonance.TEMPERAMENTS:
            # As the outcome is called, and as odds and luck call it, by its slug.
            yield from (f"{temperament} {blood.name}", f"{temperament} {blood.name}".capitalize())


def _of_inputs() -> Iterator[str]:
    """What errors call the fields, and the sentences that fields have of their own."""
    import contract
    from contract import errors
    from contract.base import Input

    for module in pkgutil.iter_modules(contract.__path__):
        if not module.ispkg:
            importlib.import_module(f"contract.{module.name}")

    for model in _subclasses(Input):
        for name, field in model.model_fields.items():
            yield errors.label_of(field, name)
            if sentence := errors.own_sentence(field):
                yield sentence


def _of_commands() -> Iterator[tuple[str | None, str]]:
    """Names and descriptions of the bot's commands, with the context of each."""
    import discord
    from discord import app_commands

    from contract.schema import Schema
    from rodbot.command_sets import CommandSets
    from rodbot.core import localised
    from rolls.schema import schema

    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents(guilds=True)))
    sets = CommandSets(Schema.model_validate(schema()))
    # The main edition decides which of two commands with one name carries its number.
    for main in sets.editions:
        for command in sets.of(main, *sets.editions):
            yield from localised.texts([localised.part_of(command, command.to_dict(tree))])


def _subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        if child.__module__.startswith("contract."):
            yield child
        yield from _subclasses(child)


# Catalogues.


def read(language: str, package: str) -> Catalog:
    file = catalogues.source(language, package)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as source:
        return read_po(source, locale=language)


def translated(language: str, packages: Iterable[str]) -> dict[tuple[str | None, Ids], Ids]:
    """What is translated in these files."""
    return {
        (message.context, _ids(message.id)): _ids(message.string)
        for package in packages
        for message in read(language, package)
        if message.id and message.string and (isinstance(message.string, str) or all(message.string))
    }


def _ids(text: str | Sequence[str]) -> Ids:
    return text if isinstance(text, str) else tuple(text)


def update(language: str) -> None:
    """Write every file of this language: all that is marked now, with the translation it had in any of them."""
    packages = [package for files in catalogues.DOMAINS.values() for package in files]
    known = {domain: translated(language, files) for domain, files in catalogues.DOMAINS.items()}
    new = {package: Catalog(locale=language) for package in packages}
    for message in marked():
        domain = "djangojs" if message.package == catalogues.JAVASCRIPT else "django"
        string = known[domain].pop(message.key, None)
        new[message.package].add(message.ids, string, locations=[(message.place, 1)], context=message.context)
    for package, catalog in new.items():
        _write(language, package, catalog)
        if missing := sum(1 for message in catalog if message.id and not message.string):
            say(f"{language}/{package}.po: {missing} of {len(catalog)} are not translated")
    for left in known.values():
        for (_context, ids), string in left.items():
            say(f"no longer marked: {ids!r}: {string!r}")


def _write(language: str, package: str, catalog: Catalog) -> None:
    text = BytesIO()
    write_po(
        text, catalog, width=WIDTH, omit_header=True, sort_output=True, include_lineno=False, no_location=True
    )
    head = HEAD.format(language=language, plurals=get_plural(language).plural_forms)
    _replace(catalogues.source(language, package), head.encode() + text.getvalue())


def compile_stale() -> None:
    """Compile what is older than its sources."""
    for language, domain in catalogues.stale():
        whole = Catalog(locale=language, charset="utf-8")
        for (context, ids), string in translated(language, catalogues.DOMAINS[domain]).items():
            whole.add(ids, string, context=context)
        result = BytesIO()
        write_mo(result, whole)
        file = catalogues.compiled(language, domain)
        _replace(file, result.getvalue())


def _replace(file: Path, content: bytes) -> None:
    """Write at once: another process may read the file, or write it too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.read_bytes() == content:
        file.touch()
        return
    number, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(number, "wb") as output:
        output.write(content)
    os.chmod(name, 0o644)
    os.replace(name, file)


def set_up(folder: Path) -> None:
    """Load the apps, whose declarations are extracted; no database is touched."""
    os.environ |= environment_for_tests(folder) | {"DJANGO_SETTINGS_MODULE": "rod.settings"}
    sys.path[:0] = [str(BACKEND), str(BOT)]
    import django

    django.setup()


if __name__ == "__main__":
    run_main(main)
