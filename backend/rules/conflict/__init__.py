"""Initiative and conflicts of every edition, as pure functions from one state to the next."""
