"""What a person sets for themselves, and help."""
