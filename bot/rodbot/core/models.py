"""JSON of the bot API as far as no model of the contract describes it."""

from typing import Any

Json = dict[str, Any]
