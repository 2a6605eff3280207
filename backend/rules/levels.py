"""Levels: what a player's points come to. One curve, on which each level takes 50 points more than the one before."""

from math import isqrt

STEP = 50


def points_for(level: int) -> int:
    """How many points a level begins with: 0, 50, 150, 300, 500 …"""
    return STEP * level * (level - 1) // 2


def level_of(points: int) -> int:
    """The level that so many points come to, from 1."""
    return (1 + isqrt(1 + 8 * max(points, 0) // STEP)) // 2
