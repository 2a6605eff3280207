"""`mypy --strict` holds everywhere but in the modules that pyproject.toml lists, and that list only gets shorter."""

import tomllib
from typing import Any

from scripts.common import BACKEND, BOT, ROOT

# Lower it whenever a module leaves the list.
NOT_STRICT = 10
LENIENT = {"disallow_any_generics", "disallow_subclassing_any", "disallow_untyped_calls", "warn_return_any"}


def settings() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    return found


def lenient() -> list[str]:
    exceptions = [each for each in settings()["overrides"] if LENIENT & set(each)]
    return [module for each in exceptions for module in each["module"]]


def test_everything_else_is_strict() -> None:
    assert settings()["strict"] is True
    weaker = [name for name, value in settings().items() if value is False]
    assert weaker == []
    loose = [each for each in settings()["overrides"] if not LENIENT & set(each)]
    assert all(set(each) == {"module", "ignore_missing_imports"} for each in loose)


def test_the_list_only_gets_shorter() -> None:
    assert len(lenient()) == NOT_STRICT


def test_every_listed_module_is_there() -> None:
    for module in lenient():
        path = module.removesuffix(".*").replace(".", "/")
        places = [root / f"{path}{ending}" for root in (BACKEND, BOT) for ending in (".py", "")]
        assert any(place.exists() for place in places), f"{module} is gone: take it off the list"
