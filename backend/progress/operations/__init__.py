"""What can be done with what players earn, one module a part; `REST` and the bot API take each of them."""
