"""Users, servers, channels and messages, and where they are saved."""
