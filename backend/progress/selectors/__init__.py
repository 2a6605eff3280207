"""Reads of what players earn, one module a part."""
