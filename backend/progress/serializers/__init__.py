"""What players earn, as one reader sees it."""
