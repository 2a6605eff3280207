"""Bridged channels: what is said in them goes from Discord to the backend and from there to Discord."""
