"""No sentence in Python is left unmarked."""

from scripts import unmarked


def _sentences(code: str) -> list[str]:
    return [found.text for found in unmarked.in_code(code)]


def test_sentences_outside_of_marks_are_found() -> None:
    code = '''
"""A docstring of the module."""
log.warning("Nobody reads this sentence.")
raise Invalid("That is too much.")
raise Invalid(f"{name} is too much.")
text = _("This one is marked.") + N_("And so is this.") + _("All of {name}.", name="It is data, and wrong.")
'''
    assert _sentences(code) == ["That is too much.", "{name} is too much.", "It is data, and wrong."]


def test_what_is_put_together_cannot_be_marked() -> None:
    assert _sentences('_(f"Saved {name}.")') == _sentences('_("Saved " + name)') == ["an f-string is marked"]


def test_a_mark_inside_an_f_string_is_found() -> None:
    assert _sentences("""f'{error} {_("Please try again.")}'""") == ["marked inside an f-string"]
    assert _sentences("f'{_(label)}: {value}'") == []


def test_what_translates_does_not_throw_away_into_its_name() -> None:
    thrown = 'def read(text):\n    head, _, tail = text.partition(":")\n    return _("Too long.")'
    assert _sentences(thrown) == ["_ is thrown away and called"]
    assert _sentences('def read(text):\n    return [_("Too long.") for _ in text]') == []


def test_no_sentence_is_unmarked() -> None:
    assert not list(map(str, unmarked.everywhere()))
