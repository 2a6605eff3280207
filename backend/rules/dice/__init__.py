"""Dice of every system, pure: options and a source of numbers in, what lies on the table and what it means out."""
