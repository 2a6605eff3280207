"""Slash commands, buttons and modals: from a person's input to the end of the token."""
