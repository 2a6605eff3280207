"""What the figures count: each rule on a handful of lines, and the whole table on this checkout."""

import pytest

from scripts import figures
from scripts.common import ROOT
from scripts.sources import Checkout, Source

SHAPES = """
from contract import Answer
from contract.translation import _

class Base(serializers.Serializer):
    name = Field()

class Roll(Base):
    pool = Field()

def answer(row):
    return {"id": row.id, "name": row.name}

def modelled(row):
    return Answer(id=row.id, name=row.name)

def say(row):
    return _("{name} rolls {pool}.", name=row.name, pool=row.pool)

def parse(document):
    return document.get("name")

def read_settings(environ):
    return environ.get("HOME")

def plain(number: int) -> int:
    return number + 1
"""


def checkout(**files: str) -> Checkout:
    return Checkout([Source(path.replace("__", "/") + ".py", text) for path, text in files.items()])


@pytest.mark.parametrize(
    ("path", "counted"),
    [
        ("backend__api__views", {"serializers": 4, "answers": 4, "parsers": 2, "client readers": 0}),
        ("bot__rodbot__cards", {"serializers": 0, "answers": 0, "parsers": 0, "client readers": 6}),
        ("backend__contract__rolls", dict.fromkeys(("serializers", "answers", "parsers"), 0)),
        ("backend__rules__dice", dict.fromkeys(("serializers", "answers", "parsers"), 0)),
        ("backend__api__tests__test_views", dict.fromkeys(("serializers", "answers", "parsers"), 0)),
    ],
)
def test_lines_that_restate_a_shape(path: str, counted: dict[str, int]) -> None:
    found = figures.restating(checkout(**{path: SHAPES}))
    assert found | counted == found


def test_a_class_of_the_same_name_elsewhere_is_no_serializer() -> None:
    models = "class Roll(models.Model):\n    pool = Field()\n\nclass Luck(Roll):\n    pass\n"
    found = figures.restating(checkout(backend__api__shapes=SHAPES, backend__rolls__models=models))
    assert found["serializers"] == 4


def test_circles_count_what_is_imported_for_types_only_or_inside_a_function() -> None:
    sources = checkout(
        bot__rodbot__a="from rodbot import b\n",
        bot__rodbot__b="if TYPE_CHECKING:\n    from .c import name\n",
        bot__rodbot__c="def late():\n    import rodbot.a\n",
        bot__rodbot__d="from rodbot import a\n",
    )
    assert figures.circles(sources.python) == [{"rodbot.a", "rodbot.b", "rodbot.c"}]


def test_any_counts_where_it_is_used_not_where_it_is_imported() -> None:
    source = Source(
        "backend/a.py", "from typing import Any\nx: Any\n\ndef f(y: dict[str, Any]) -> 'Any': ...\n"
    )
    assert len(figures.any_uses(source)) == 2


def test_the_table_of_this_checkout(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures.main(["--root", str(ROOT)]) == 0
    table = capsys.readouterr().out
    assert "product lines" in table
    assert "import circles" in table
