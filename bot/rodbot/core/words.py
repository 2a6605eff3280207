"""Descriptions of commands that are made of a sentence and data, so that they can be made in every language."""

from discord.app_commands import locale_str

from contract.translation import _


def words(sentence: str, /, **data: str) -> locale_str:
    """A description for Discord. `sentence` and `data` are English; the data is words that are translated too."""
    return locale_str(sentence.format(**data), sentence=sentence, data=data)


def spoken(text: str | locale_str) -> str:
    """The text in the current language."""
    if isinstance(text, str):
        return _(text)
    if "sentence" not in text.extras:
        return _(text.message)
    return _(text.extras["sentence"], **{name: _(value) for name, value in text.extras["data"].items()})
