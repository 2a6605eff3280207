"""Every transition of a conflict: its row is locked, the rules give the next state, one event tells of it."""
