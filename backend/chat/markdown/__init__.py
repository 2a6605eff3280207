"""Markdown of messages: what is written as it is shown, cleaned. The stored text stays as somebody typed it."""
