"""How events reach the bot (gateway) and the people (live socket)."""
