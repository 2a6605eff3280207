"""`mypy --strict` holds everywhere: no module of ours is excused, only what packages without types bring."""

import tomllib

from scripts.common import ROOT


def test_no_module_is_excused() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert settings["strict"] is True
    assert [name for name, value in settings.items() if value is False] == []
    assert all(set(each) == {"module", "ignore_missing_imports"} for each in settings["overrides"])
