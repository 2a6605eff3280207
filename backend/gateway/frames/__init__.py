"""Frames of the gateway: `incoming` reads what clients send, `outgoing` builds what they get."""
