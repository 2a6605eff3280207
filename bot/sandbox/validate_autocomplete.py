"""The choices that the bot offers while a person types."""

from typing import Any

from sandbox import forms, limits
from sandbox.errors import FormErrors

STRING, INTEGER, NUMBER = 3, 4, 10


def check_choices(value: Any, option_type: int) -> None:
    errors = FormErrors()
    path: tuple[str | int, ...] = ("data", "choices")
    for index, choice in enumerate(forms.items(errors, path, value, limits.COMMAND_CHOICES)):
        choice = forms.mapping(errors, (*path, index), choice)
        forms.text(errors, (*path, index, "name"), choice.get("name"), limits.CHOICE_NAME, 1)
        check_value(errors, (*path, index, "value"), choice.get("value"), option_type)
    errors.check()


def check_value(errors: FormErrors, path: tuple[str | int, ...], value: Any, option_type: int) -> None:
    if option_type == STRING:
        forms.text(errors, path, value, limits.CHOICE_TEXT, 1)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        errors.add(path, "NUMBER_TYPE_COERCE", f'Value "{str(value)[:100]}" is not a number.')
    elif option_type == INTEGER and value != int(value):
        errors.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
