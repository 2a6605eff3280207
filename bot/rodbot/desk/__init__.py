"""The storyteller's desk: submissions, locks, awards, notes."""
