"""docs/SERVER_STRUCTURE.md names every model of a server with every field, and nothing that is not there."""

import re
from pathlib import Path

import pytest
from django.apps import apps

TEXT = (Path(__file__).parents[3] / "docs" / "SERVER_STRUCTURE.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE))
MODELS = {model.__name__: model for model in apps.get_app_config("chronicle").get_models()}


@pytest.mark.req("S000-78")
def test_every_model_has_its_section() -> None:
    assert set(SECTIONS) == set(MODELS)


@pytest.mark.req("S000-78")
@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if not model._meta.proxy])
def test_every_field_is_described(name: str) -> None:
    described = re.findall(r"^\| `(\w+)` \| \S", SECTIONS[name], re.MULTILINE)
    fields = [field.name for field in MODELS[name]._meta.get_fields() if field.concrete]
    assert described == fields
    assert f"Table `{MODELS[name]._meta.db_table}`" in SECTIONS[name]


@pytest.mark.req("S000-54", "S000-55")
@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if model._meta.proxy])
def test_a_proxy_names_whose_rows_it_shows(name: str) -> None:
    base = MODELS[name]._meta.concrete_model
    assert base is not None
    assert f"A proxy of {base.__name__}" in SECTIONS[name]
    assert f"Table `{base._meta.db_table}`" in SECTIONS[name]
