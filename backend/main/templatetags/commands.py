"""The bot's commands as Discord shows them to the reader: in their language."""

from functools import cache

from django import template

from contract.command_names import called, option_called
from contract.help import Example
from contract.schema import Schema
from contract.translation import language
from rolls import schema

register = template.Library()
register.filter("called", called)
register.filter("option_called", option_called)


@register.filter
def as_typed(example: Example) -> str:
    """The example with the names of its command and options."""
    labels = _roll_labels(language()) | _command_labels(language()).get(example.name, {})
    options = (
        f"{option_called(name, labels.get(name, ''))}:{value}" for name, value in example.options.items()
    )
    return " ".join([called(example.name), *options])


@cache
def _schema(_spoken: str) -> Schema:
    """What the commands are made of, in the language in use, which is `_spoken`."""
    return Schema.model_validate(schema.schema())


@cache
def _roll_labels(spoken: str) -> dict[str, str]:
    """Labels of the options of rolls, by name."""
    known = _schema(spoken)
    rolled = (option for roll in known.rolls for option in roll.options)
    return {option.slash: option.label for option in (*rolled, *known.any_roll)}


@cache
def _command_labels(spoken: str) -> dict[str, dict[str, str]]:
    """Labels of what a check asks and of traits, by command and name. A change by an amount may be called otherwise."""
    known = _schema(spoken)
    labels = {
        check.command: {option.slash: option.label for option in check.options} for check in known.checks
    }
    for splat in known.splats:
        for field in splat.tracker_fields:
            for verb, name in (
                ("new", field.name),
                ("set", field.name),
                ("update", field.update_name or field.name),
            ):
                labels.setdefault(f"{splat.command} {verb}", {})[name] = field.label
    return labels
