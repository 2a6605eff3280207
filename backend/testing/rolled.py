"""Rolled pools as people read them."""

from collections.abc import Mapping

from contract.rolls import RolledPool


def words_of(pool: Mapping[str, object]) -> str:
    """`Strength 3 + Brawl 2`"""
    return RolledPool.model_validate(pool).as_sum()
