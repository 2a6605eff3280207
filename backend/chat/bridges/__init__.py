"""Bridged channels: what is said there is said on Discord too, and the other way round."""
