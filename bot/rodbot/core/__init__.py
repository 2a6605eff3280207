"""What every feature builds on: the backend connection, replies, errors, text, options."""
