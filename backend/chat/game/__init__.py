"""What chat knows of the game: who speaks, the rolls in a text, the cards. `chat.services` stores and delivers it."""
