"""The translation core: lookup, filling, the choice of a language, threads and tasks."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from contract import translation
from contract.translation import N_, _, best, language, n_, p_, speaking


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small catalogue in place of the real one."""
    catalog = Catalog(locale="de")
    catalog.add("Saved {name}.", "{name} ist gespeichert.")
    catalog.add(("{count} die", "{count} dice"), ("{count} Würfel", "{count} Würfel."))
    catalog.add("Mark", "Zeichen", context="noun")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(translation, "CATALOGUES", tmp_path)
    translation.catalogue.cache_clear()
    yield
    translation.catalogue.cache_clear()


def test_english_needs_no_catalogue() -> None:
    assert language() == "en"
    assert _("Saved {name}.", name="Mira") == "Saved Mira."
    assert n_("{count} die", "{count} dice", 1) == "1 die"
    assert n_("{count} die", "{count} dice", 2) == "2 dice"
    assert p_("noun", "Mark") == N_("Mark") == "Mark"


@pytest.mark.usefixtures("german")
def test_a_sentence_is_looked_up_and_filled() -> None:
    with speaking("de"):
        assert language() == "de"
        assert _("Saved {name}.", name="{Mira}") == "{Mira} ist gespeichert."
        assert n_("{count} die", "{count} dice", 2) == "2 Würfel."
        assert (p_("noun", "Mark"), p_("verb", "Mark")) == ("Zeichen", "Mark")
    assert language() == "en"


@pytest.mark.usefixtures("german")
def test_what_a_player_typed_stays_as_it_is() -> None:
    with speaking("de"):
        assert (_(""), _("{a} 100%"), _("%(x)s")) == ("", "{a} 100%", "%(x)s")


def test_a_missing_catalogue_means_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "CATALOGUES", tmp_path)
    translation.catalogue.cache_clear()
    with speaking("de"):
        assert _("Saved {name}.", name="Mira") == "Saved Mira."
    translation.catalogue.cache_clear()


def test_the_pseudo_language_wraps_each_sentence() -> None:
    with speaking("qps"):
        assert _("Saved {name}.", name=_("Hunger")) == "⟦Saved ⟦Hunger⟧.⟧"
        assert n_("{count} die", "{count} dice", 3) == "⟦3 dice⟧"
        assert p_("noun", "Mark") == "⟦Mark⟧"
        assert _("") == ""


def test_nobody_speaks_an_unknown_language() -> None:
    with speaking("tlh"):
        assert language() == "en"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("en-GB", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr, de;q=0.5, en;q=0.7", "en"),
        ("fr;q=1, *;q=0.1", "en"),
        ("de;q=0", "en"),
        ("DE_ch", "de"),
        ("de;q=x, de;q=1.2.3", "en"),
        ("q=1;;,,\x00" + "de," * 1000, "de"),
        ("qps", "qps"),
        ("derp", "en"),
    ],
)
def test_the_best_match_of_a_header(wanted: str | None, found: str) -> None:
    assert best(wanted) == found


def test_who_names_none_of_ours_gets_the_default() -> None:
    assert best("fr,it", "de") == "de"


def test_threads_and_tasks_speak_their_own_language() -> None:
    heard: dict[str, str] = {}

    async def task(wanted: str) -> None:
        with speaking(wanted):
            await asyncio.sleep(0)
            heard[f"task {wanted}"] = language()

    async def both() -> None:
        await asyncio.gather(task("de"), task("en"))

    with speaking("de"):
        thread = threading.Thread(target=lambda: heard.update(thread=language()))
        thread.start()
        thread.join()
    asyncio.run(both())
    assert heard == {"thread": "en", "task de": "de", "task en": "en"}
