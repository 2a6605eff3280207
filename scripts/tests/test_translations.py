"""The catalogues fit what is marked, and the tool finds what is marked."""

import os
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from contract.command_names import called
from contract.translation import speaking
from scripts import catalogues, translations

COMMAND = re.compile(r"(?:(?<=[`>])/[a-z]+(?: [a-z]+)?(?=[`<]| [a-z_]+:)|(?<= )/help\b)")
PERCENT = re.compile(r"%\(\w+\)[sd]")


def _fields(text: str) -> set[str]:
    parsed = string.Formatter().parse(text)
    # In the sentence of a notice `{dice|# die|# dice}` is a form of `dice`.
    names = {name.partition("|")[0] for _literal, name, _format, _conversion in parsed if name}
    return names | set(PERCENT.findall(text))


def _translations() -> list[tuple[str, Message]]:
    packages = [package for files in catalogues.DOMAINS.values() for package in files]
    return [
        (f"{language}/{package}.po", message)
        for language in catalogues.languages()
        for package in packages
        for message in translations.read(language, package)
        if message.id
    ]


def _texts(part: str | tuple[str, ...]) -> list[str]:
    return [part] if isinstance(part, str) else list(part)


def test_everything_is_translated_and_nothing_is_left_over() -> None:
    """`python -m scripts.translations update` shows what to do."""
    marked = {message.key for message in translations.marked()}
    known = {
        (message.context, translations._ids(message.id)): all(_texts(message.string))
        for _file, message in _translations()
    }
    assert not {key for key in marked if not known.get(key)}, "not translated"
    assert not known.keys() - marked, "no longer marked"


def test_each_sentence_has_one_translation() -> None:
    """Where two branches translated a sentence, git leaves both: one of them has to go, and `update` is run again."""
    files = list(catalogues.LOCALE.rglob("*.po"))
    assert not [
        f"{file.name}: {found}"
        for file in files
        for found in re.findall(r'^msgstr ".*\nmsgstr ".*', file.read_text(encoding="utf-8"), re.MULTILINE)
    ]


def test_each_translation_is_filled_with_the_same_data() -> None:
    """A singular may leave out the number: “One die”."""
    wrong = []
    for file, message in _translations():
        plural = _fields(_texts(message.id)[-1])
        *german_singular, german_plural = map(_fields, _texts(message.string))
        if all(_texts(message.string)) and (
            german_plural != plural or set().union(*german_singular) - plural
        ):
            wrong.append(f"{file}: {message.id!r}")
    assert not wrong


def test_a_sentence_names_commands_as_discord_does() -> None:
    """Discord shows commands by their names in the reader's language."""
    wrong = []
    for file, message in _translations():
        ids, strings = " ".join(_texts(message.id)), " ".join(_texts(message.string))
        with speaking(file.partition("/")[0]):
            wrong += [(file, name) for name in COMMAND.findall(ids) if called(name) not in strings]
    assert not wrong


def test_templates_code_and_scripts_are_extracted() -> None:
    found = {message.ids: message.package for message in translations.marked()}
    assert found["Humanity"] == "haven", "a label of the schema"
    assert found["A note’s title has 1 to 100 characters."] == "contract", "a sentence of an input"


def test_a_template_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "BACKEND", tmp_path / "backend")
    monkeypatch.setattr(translations, "BOT", tmp_path / "bot")
    folder = tmp_path / "backend" / "main" / "templates"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text("""
        <p title="{% translate "Your dice" %}">it's {{ name|default:_("nobody") }}</p>
          {% blocktranslate trimmed count number=dice %}
            One die
          {% plural %}
            {{ number }} dice
          {% endblocktranslate %}
        {% translate "Mark" context "noun" %}""")
    found = {(message.context, message.ids, message.package) for message in translations._in_files()}
    assert found == {
        (None, "Your dice", "main"),
        (None, "nobody", "main"),
        (None, ("One die", "%(number)s dice"), "main"),
        ("noun", "Mark", "main"),
    }


def test_a_changed_source_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    assert catalogues.stale() == []
    source = catalogues.source("de", "main")
    source.parent.mkdir(parents=True)
    source.write_text('msgid "Save"\nmsgstr "Speichern"\n')
    assert catalogues.stale() == [("de", "django")]
    translations.compile_stale()
    assert b"Speichern" in catalogues.compiled("de", "django").read_bytes()
    assert catalogues.stale() == []
    later = catalogues.compiled("de", "django").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert catalogues.stale() == [("de", "django")]
