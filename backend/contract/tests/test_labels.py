"""Labels are kept in English and shown in the reader's language."""

import pytest

from contract.labels import label, labels_of, translated
from contract.notices import Notice, sentence
from contract.rolls import Consequence, Outcome, PoolLine, RolledPool, Step
from contract.translation import speaking


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Strength", "Körperkraft"),
        ("Disciplines: Dominate", "Disziplinen: Beherrschung"),
        ("Disciplines: Quietus of Mira", "Disziplinen: Quietus of Mira"),
        (
            "Strength 3 + Brawl 2 + Grappling 1 − Hurt 1",
            "Körperkraft 3 + Handgemenge 2 + Grappling 1 − Verletzt 1",
        ),
        ("Conviction (difficulty 8)", "Überzeugung (Schwierigkeit 8)"),
        ("2 Rouse checks", "2 Wallungsproben"),
        ("Fleeting Sanguine", "Flüchtig sanguinisch"),
        ("", ""),
    ],
)
def test_a_label_is_read_part_by_part(english: str, german: str) -> None:
    assert label(english) == english
    with speaking("de"):
        assert label(english) == german


def test_the_labels_of_an_answer_are_translated_and_nothing_else() -> None:
    pool = RolledPool(text="strength", dice=3, lines=[line("Strength")])
    with speaking("de"):
        shown = translated(pool)
        assert (shown.as_sum(), shown.lines[0].label) == ("Körperkraft 3", "Körperkraft")
    assert (shown.text, shown.lines[0].trait) == ("strength", "strength")
    assert translated(pool) is pool


def line(name: str, edition: str = "", specialty: str = "") -> PoolLine:
    return PoolLine(label=name, dice=3, trait=name.lower(), specialty=specialty, edition=edition)


def test_a_label_is_in_the_words_of_its_edition_and_its_place_on_the_sheet() -> None:
    lines = [line("Dexterity", "20th"), line("Awareness", "20th", "Performance")]
    realm = PoolLine(label="Nature", dice=1, trait="nature_realm", specialty="", edition="20th")
    event = sample_of_changes("20th", dexterity="Dexterity", nature_realm="Nature", nature="Nature")
    notice = Notice(
        code="above_generation", data={"label": "Dexterity", "context": "20th", "value": 6, "limit": 5}
    )
    with speaking("de"):
        assert RolledPool(lines=[*lines, realm]).as_sum() == "Geschick 3 + Performance 3 + Natur 1"
        assert translated(event).labels == {
            "dexterity": "Geschick",
            "nature_realm": "Natur",
            "nature": "Wesen",
        }
        assert event.label_of("dexterity") == "Geschick"
        assert sentence(notice).startswith("Geschick 6")


def sample_of_changes(edition: str, **labels: str) -> Consequence:
    return Consequence(changes=dict.fromkeys(labels, (1, 2)), labels=labels, notices=[], edition=edition)


def test_fields_of_labels_are_known_by_their_type() -> None:
    assert labels_of(Outcome) == {"label"}
    assert labels_of(Consequence) == {"labels"}
    assert labels_of(Step) == {"label"}


def test_a_notice_says_its_sentence_in_the_language_of_its_reader() -> None:
    notice = Notice(code="less_damage", data={"label": "Health", "healed": 1, "kind": "superficial"})
    assert sentence(notice) == "Health: only 1 superficial damage to heal."
    with speaking("de"):
        assert sentence(notice) == "Gesundheit: nur 1 Schaden zu heilen (leicht)."
        assert sentence(Notice(code="few_stains", data={"stains": 1})) == "Nur 1 Makel zu entfernen."
        assert sentence("Hunger stays.") == "Der Hunger bleibt."


def test_a_roll_that_was_stored_with_its_sum_reads_as_it_did() -> None:
    """Until 2026 `told` held the sum of the lines, which stood beside it."""
    lines = [{"label": "Dexterity", "dice": 3, "trait": "dexterity", "specialty": ""}]
    pool = RolledPool.model_validate({"text": "dex", "dice": 3, "told": "Dexterity 3", "lines": lines})
    assert pool.as_sum() == "Dexterity 3"
