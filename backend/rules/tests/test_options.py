"""What can be told: read, judged by name and all at once, and the same from a form."""

from dataclasses import dataclass

import pytest

from rules.errors import Invalid, Problems
from rules.options import (
    Choice,
    Flag,
    OptionSet,
    Pool,
    SheetWhole,
    Text,
    Whole,
    declare,
    declared,
    named,
    schema,
)


@dataclass(frozen=True, kw_only=True)
class Spell(OptionSet):
    words: str = declare(Text("Words", "What is spoken", 10, start=""))
    power: int = declare(Whole("Power", "How strong", -5, 5, start=1, first=True))
    target: str = declare(Choice("Target", "On whom", named("self", "other"), required=True))
    school: str | None = declare(Choice("School", "Of which", named("fire"), free_text=5, sheet="school"))
    quiet: bool = declare(Flag("Quiet", "Nobody hears it", start=False))
    surge: bool | int | None = declare(
        SheetWhole("Surge", "By the sheet", 0, 3, "surge_dice", "By a number", slash="surges")
    )
    pool: str | int | None = declare(Pool("Pool", "Dice", 20))

    def judge_together(self, problems: Problems) -> None:
        if self.quiet and self.words:
            problems.add("quiet", "Words are heard.")


def wrong(**given: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        Spell.read({"target": "self", **given})
    fields: dict[str, list[str]] = caught.value.data["fields"]
    return fields


def test_what_is_left_out_starts_as_declared() -> None:
    spell = Spell.read({"target": "other", "power": None, "words": ""})
    assert (spell.words, spell.power, spell.target, spell.quiet, spell.surge) == ("", 1, "other", False, None)


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        Spell.read({"power": 6, "words": 3, "luck": 7, "quiet": "loud"})
    assert caught.value.data["fields"] == {
        "luck": ["There is no option “luck” here."],
        "power": ["Power goes from -5 to 5."],
        "words": ["Words must be text."],
        "target": ["Target is missing."],
        "quiet": ["Quiet is either yes or no."],
    }


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("power", True, "Power must be a whole number."),
        ("power", "3", "Power must be a whole number."),
        ("power", "", "Power must be a whole number."),
        ("words", "x" * 11, "Words may have 10 characters; this has 11."),
        ("target", "moon", "Target must be one of: self, other."),
        ("target", ["self"], "Target must be one of: self, other."),
        ("school", "necromancy", "School may have 5 characters; this has 10."),
        ("surge", "much", "Surge is a whole number, or yes for the one on the sheet."),
        ("surge", 4, "Surge goes from 0 to 3."),
        ("pool", 1.5, "Pool must be text."),
    ],
)
def test_each_kind_says_what_it_wants(name: str, value: object, sentence: str) -> None:
    assert wrong(**{name: value}) == {name: [sentence]}


def test_options_that_do_not_go_together() -> None:
    assert wrong(quiet=True, words="Hush") == {"quiet": ["Words are heard."]}


def test_a_set_that_is_made_in_code_is_judged_alike() -> None:
    with pytest.raises(Invalid):
        Spell(target="self", power=6)


def test_the_sheet_says_what_was_left_out() -> None:
    sheet = {"school": "ice", "power": 4}
    assert Spell.read({"target": "self"}).by_sheet(sheet.get).school == "ice"
    assert Spell.read({"target": "self", "school": "fire"}).by_sheet(sheet.get).school == "fire"
    assert Spell.read({"target": "self"}).by_sheet({}.get).school is None


def test_a_form_says_the_same_in_text() -> None:
    form = {"o-words": " Rise ", "o-power": "−3", "o-target": "self", "o-quiet": "no", "o-pool": "7"}
    assert Spell.read_form(form, "o-{}") == {
        "words": "Rise",
        "power": -3,
        "target": "self",
        "quiet": False,
        "pool": 7,
    }
    assert Spell.read_form({"surge": "yes", "pool": "a + b"}) == {"surge": True, "pool": "a + b"}
    assert Spell.read_form({"surge": "2"}) == {"surge": 2}
    # What is no number stays as it was typed, so that the same sentence refuses it.
    assert wrong(**Spell.read_form({"power": "many"})) == {"power": ["Power must be a whole number."]}


def test_what_stands_in_the_open_comes_first() -> None:
    assert list(declared(Spell)) == ["power", "words", "target", "school", "quiet", "surge", "pool"]


def test_the_schema_tells_all_of_it() -> None:
    power, _, target, school, _, surge, _ = schema(Spell)
    assert isinstance(power, dict)
    assert (power["name"], power["type"], power["min"], power["max"], power["start"]) == (
        "power",
        "integer",
        -5,
        5,
        1,
    )
    assert isinstance(target, dict)
    assert target["choices"] == [{"value": "self", "label": "Self"}, {"value": "other", "label": "Other"}]
    assert isinstance(school, dict)
    assert (school["free_text"], school["by_sheet"]) == (True, True)
    assert isinstance(surge, dict)
    assert (surge["slash"], surge["number"]) == (
        "surges",
        {"slash": "surge_dice", "description": "By a number"},
    )
