"""The storyteller's desk: one call, one transaction; each change is an event of the chronicle."""
