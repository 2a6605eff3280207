"""What the backend sends: tracker channels, messages kept up to date, notifications."""
