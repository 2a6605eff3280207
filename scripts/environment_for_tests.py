"""Environment variables for tests: no `.env` is read, and a person's own settings are overruled."""

import secrets
from pathlib import Path

FOLDER = "ROD_TEST_FOLDER"
# For a backend that storms and benchmarks run against: the limits of one person, far out of their way.
WITHOUT_LIMITS = {"THROTTLE_USER": "1000000/min"}


def environment_for_tests(folder: Path) -> dict[str, str]:
    return {
        FOLDER: str(folder),
        "ENV_FILE": "",
        "TESTING": "1",
        "ENV": "development",
        "VERSION": "dev",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "API_KEY": secrets.token_urlsafe(32),
        "SITE_URL": "http://localhost:8080",
        "ALLOWED_HOSTS": "",
        "DATABASE_URL": "",
        "DB_ENGINE": "sqlite3",
        "DB_NAME": str(folder / "db.sqlite3"),
        "MEDIA_ROOT": str(folder / "media"),
        "PRIVATE_MEDIA_ROOT": str(folder / "private_media"),
        "USE_REDIS": "0",
        "REDIS_URL": "",
        "DISCORD_APP_ID": "",
        "DISCORD_APP_SECRET": "",
        "DISCORD_BOT_TOKEN": "",
        "DISCORD_DEBUG_CHANNEL": "",
        "DISCORD_DICE_EMOJI": "0",
        "DISCORD_MESSAGE_CONTENT": "0",
        "PATREON_WEBHOOK_SECRET": "",
        "PATREON_CLIENT_ID": "",
        "PATREON_CLIENT_SECRET": "",
        "PATREON_CAMPAIGN_ID": "",
    }
