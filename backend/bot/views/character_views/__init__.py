"""Characters, as slash commands need them: one request a command."""

from bot.views.character_views.avatar import AvatarView
from bot.views.character_views.change import CharactersView, RestoreView, UndoView
from bot.views.character_views.read import DefaultView, HistoryView, LookView, SchemaView, TraitsView

__all__ = [
    "AvatarView",
    "CharactersView",
    "DefaultView",
    "HistoryView",
    "LookView",
    "RestoreView",
    "SchemaView",
    "TraitsView",
    "UndoView",
]
