"""Servers: setup, roles, and the sync of guilds and members to the backend."""
