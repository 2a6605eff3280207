"""Discord's checks of what a bot sends, with Discord's own error codes."""
