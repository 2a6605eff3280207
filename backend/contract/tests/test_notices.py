"""The sentence of a notice, from its code and data."""

import pytest

from contract.notices import Notice, read, sentence


@pytest.mark.parametrize(
    ("code", "data", "expected"),
    [
        ("limit_reached", {"label": "Health", "limit": 20, "ignored": 2}, "Health stops at 20; 2 ignored."),
        ("few_stains", {"stains": 1}, "Only 1 stain to remove."),
        ("few_stains", {"stains": 3}, "Only 3 stains to remove."),
        ("nightmare_tens", {"tens": 1}, "A Nightmare die shows a 10."),
        ("nightmare_tens", {"tens": 2}, "2 Nightmare dice show a 10."),
        ("moved_in", {"chronicle": "{name|#|#}"}, "Into “{name|#|#}”."),
        ("of_a_later_version", {"label": "Health"}, "of_a_later_version"),
    ],
)
def test_data_stand_in_the_sentence(code: str, data: dict[str, int | str], expected: str) -> None:
    assert sentence(Notice(code=code, data=data)) == expected


def test_the_text_of_an_old_row_is_its_own_sentence() -> None:
    assert sentence(read("1 superficial became aggravated.")) == "1 superficial became aggravated."


def test_a_notice_is_read_from_json() -> None:
    assert read({"code": "stains_wiped", "data": {}}) == Notice(code="stains_wiped", data={})
