"""The code is held to Black's format, whichever of the two formatters looks first."""

from pathlib import Path

import pytest

from scripts import formatted

RUFF_WOULD_CHANGE_IT = "name = f'<b>{person[\"name\"]}</b>'\n"


@pytest.mark.req("S004-74")
@pytest.mark.parametrize(
    ("code", "answer"), [("x = 1\n", 0), ("x  =  1\n", 1), (RUFF_WOULD_CHANGE_IT, 0), ("x = (\n", 123)]
)
def test_what_black_would_change_fails(
    code: str, answer: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "module.py").write_text(code)
    monkeypatch.setattr(formatted, "ROOT", tmp_path)
    monkeypatch.setattr(formatted, "CODE", ["module.py"])
    monkeypatch.setattr(formatted, "unformatted_code", list)
    assert (formatted.doubtful(["module.py"]) == []) == (code == "x = 1\n")
    assert formatted.main() == answer


def test_what_is_not_committed_is_always_shown_to_black(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "module.py").write_text("x  =  1\n")
    monkeypatch.setattr(formatted, "ROOT", tmp_path)
    monkeypatch.setattr(formatted, "doubtful", lambda code: [])
    monkeypatch.setattr(formatted, "unformatted_code", lambda: ["module.py"])
    assert formatted.main() == 1
