"""The Discord process: slash commands, cards and the tracker feed. It keeps no state; the bot API holds all
of it."""
