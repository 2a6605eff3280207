"""How text becomes words that every engine reads alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.search.engines import ENCODED
from chat.search.words import LONGEST, all_encoded, asked, column, encoded, fold
from rules.errors import Invalid


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Night Owl", ["the", "night", "owl"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Zoë’s café — naïve", ["zoes", "cafe", "naive"]),
        ("don't don’t", ["dont", "dont"]),
        ("snake_case, a-b/c.d", ["snake", "case", "a", "b", "c", "d"]),
        ("İstanbul", ["istanbul"]),
        ("ﬁne ２０２４", ["fine", "2024"]),
        ("Ночь Ёж", ["ночь", "еж"]),
        ("हिन्दी में", ["हिनदी", "में"]),
        ("我们去巴黎 tonight", ["我们", "们去", "去巴", "巴黎", "tonight"]),
        ("🦉 * \" ' + - ( ) < > ~ @", []),
    ],
)
def test_case_marks_and_signs_are_folded_away(text: str, words: list[str]) -> None:
    assert fold(text) == words


@given(st.text(alphabet=st.characters(categories=["L", "N"]), max_size=12), st.text(max_size=6))
def test_beginnings_stay_beginnings_and_nothing_else_becomes_one(word: str, more: str) -> None:
    assert encoded(word + more).startswith(encoded(word))
    if more and len(encoded(word + more)) < LONGEST:
        assert not encoded(word).startswith(encoded(word + more))


@given(st.text(max_size=8), st.text(max_size=8))
def test_two_words_are_alike_only_if_they_are(one: str, other: str) -> None:
    assert (encoded(one) == encoded(other)) == (one == other)


@given(st.text(max_size=60))
def test_no_sign_of_an_engine_is_left_whatever_somebody_types(text: str) -> None:
    for word in column(text).split():
        assert ENCODED.fullmatch(word)
        assert len(word) <= LONGEST
        assert word[0] == "x"


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(" ".join(fold(text))) == fold(text) or any(ord(char) > 0x2E80 for char in text)


@pytest.mark.parametrize("query", ["a", "ab", " ab c d ", "*", "''", "🦉", "巴", "“”", "\x00ab"])
def test_short_words_alone_are_refused_in_words(query: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(query)
    assert refused.value.data["fields"]["q"] == ["Type at least 3 letters of a word."]


def test_short_words_beside_others_are_left_out_and_named() -> None:
    assert asked("the Owl of Xi") == (["the", "owl"], ["of", "xi"])
    assert asked("巴黎") == (["巴黎"], [])


def test_too_many_words_are_refused() -> None:
    with pytest.raises(Invalid):
        asked(" ".join(f"word{number}" for number in range(11)))


def test_a_word_that_another_begins_with_is_not_asked_for_twice() -> None:
    assert sorted(all_encoded(["vam", "vampire", "owl"])) == ["xowl", "xvampire"]
