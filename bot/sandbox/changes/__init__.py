"""Actions: each changes the state and sends its event."""
