"""Conflicts: initiative, turns, and the message of a conflict in its channel."""
