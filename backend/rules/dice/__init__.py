"""The dice of every system, as pure functions of options and a source of random numbers."""
