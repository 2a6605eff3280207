"""What is particular about characters in the bot API; what can be done with them stands in `haven/operations.py`."""

from bot.views.character_views.read import SchemaView

__all__ = ["SchemaView"]
