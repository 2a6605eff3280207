"""Exact odds of every system, by counting; nothing here rolls a die."""
