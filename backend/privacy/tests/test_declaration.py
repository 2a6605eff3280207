"""Every model says whether and how it is personal."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from discordauth.models import CustomUser
from privacy.declaration import NOT_PERSONAL, PERSONAL
from privacy.download import readme
from privacy.erasing import stays

MODELS = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
DECLARED = {personal.model._meta.label for personal in PERSONAL}


@pytest.mark.parametrize("label", [model._meta.label for model in MODELS])
def test_each_model_is_declared_once(label: str) -> None:
    assert (label in DECLARED) != (
        label in NOT_PERSONAL
    ), f"{label}: say in privacy/declaration.py what it holds"


def test_nothing_is_declared_that_is_gone_or_declared_twice() -> None:
    assert DECLARED | NOT_PERSONAL.keys() <= {model._meta.label for model in MODELS}
    assert len(DECLARED) == len(PERSONAL)


def test_what_names_an_account_is_personal() -> None:
    for model in MODELS:
        names = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
        if any(field.related_model is CustomUser for field in names):
            assert model._meta.label in DECLARED


def test_each_is_in_the_download_or_says_why_not() -> None:
    for personal in PERSONAL:
        assert bool(personal.files) != bool(personal.hidden), personal.model
        assert personal.holds in readme()


def test_each_file_is_explained_to_players() -> None:
    explained = (Path(__file__).parents[3] / "docs" / "PRIVACY.md").read_text(encoding="utf-8")
    for personal in PERSONAL:
        for name in personal.files or {}:
            assert f"`{name}`" in explained


def test_the_account_itself_comes_last() -> None:
    assert PERSONAL[-1].model is CustomUser
    assert PERSONAL[-1].erase is not stays
