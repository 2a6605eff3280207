"""Which text is one emoji."""

import emoji as unicode_emoji

from contract.chat import MAX_EMOJI


def is_emoji(text: str) -> bool:
    """Return whether it is exactly one emoji of Unicode, however it is put together."""
    return len(text) <= MAX_EMOJI and unicode_emoji.is_emoji(text)
