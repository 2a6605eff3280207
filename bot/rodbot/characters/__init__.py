"""Characters: commands of every type, cards, history, undo."""
