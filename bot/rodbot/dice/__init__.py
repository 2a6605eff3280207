"""Dice: rolls, checks, odds, macros, roll requests, luck."""
