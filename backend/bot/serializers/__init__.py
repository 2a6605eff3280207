"""Shapes of the bot API, for its documentation only: bodies are parsed by the plain functions of `bot.facts`."""
