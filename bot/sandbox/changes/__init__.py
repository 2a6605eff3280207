"""What changes the world: each action changes the state and sends its event."""
