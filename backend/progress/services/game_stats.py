"""What a person did in each game (`per_game_stats` of a user): game → what → how often."""

from discordauth.models import CustomUser


def add(user: CustomUser, game: str, **counts: int) -> None:
    """Add to the counts of a game. The user's row is locked by the caller."""
    kept = user.per_game_stats.get(game)
    stats = dict(kept) if isinstance(kept, dict) else {}
    for name, count in counts.items():
        before = stats.get(name)
        stats[name] = (before if isinstance(before, int) else 0) + count
    user.per_game_stats[game] = stats
    user.save(update_fields=["per_game_stats"])
