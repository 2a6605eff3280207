"""Settings, read once from the environment and `.env`. Contradictions are refused in `rod/checks.py`."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ

from rod.caches import redis_caches

BACKEND = Path(__file__).resolve().parent.parent
env = environ.Env()
for candidate in (BACKEND / ".env", BACKEND.parent / ".env"):
    if candidate.is_file():
        env.read_env(str(candidate))

ENV: str = env.str("ENV", default="development")
VERSION: str = env.str("VERSION", default="dev")
DEBUG = ENV == "development"
LIVE = ENV in ("preproduction", "production")
TESTING = env.bool("TESTING", default=False)

SECRET_KEY: str = env.str("SECRET_KEY", default="")
API_KEYS: list[str] = [key.strip() for key in env.str("API_KEY", default="").split(",") if key.strip()]

LOCAL_HOSTS = ["localhost", "127.0.0.1"]
SITE_URL: str = env.str("SITE_URL", default="http://localhost:8080").rstrip("/")
_PUBLIC_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
ALLOWED_HOSTS = _PUBLIC_HOSTS if ENV == "production" else LOCAL_HOSTS + _PUBLIC_HOSTS
CSRF_TRUSTED_ORIGINS: list[str] = (
    ["http://localhost:3000", "http://127.0.0.1:3000"]
    if DEBUG
    else [f"https://{host}" for host in _PUBLIC_HOSTS]
)
CORS_ALLOWED_ORIGINS: list[str] = (
    CSRF_TRUSTED_ORIGINS if DEBUG else env.list("CORS_ALLOWED_ORIGINS", default=[])
)
CORS_ALLOW_CREDENTIALS = True
# Behind a proxy of our own, X-Forwarded-For tells who calls; from anyone else it is a claim.
TRUST_PROXY: bool = env.bool("TRUST_PROXY", default=False)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "timeline",
    "discordauth",
    "chronicle",
    "haven",
    "rolls",
    "desk",
    "conflicts",
    "gateway",
    "api",
    "bot",
    "main",
    "rod.apps.RodConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "rod.middleware.EitherSlash",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rod.middleware.DatabaseAnswers",
]

ROOT_URLCONF = "rod.urls"
WSGI_APPLICATION = "rod.wsgi.application"
ASGI_APPLICATION = "rod.asgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "main.context.site",
            ],
        },
    }
]

_ENGINES = {
    "sqlite3": "django.db.backends.sqlite3",
    "mysql": "django.db.backends.mysql",
    "postgresql": "django.db.backends.postgresql",
}


CONNECT_SECONDS = 5


def _database() -> dict[str, Any]:
    """One database from `DATABASE_URL`, else from `DB_ENGINE` and the other `DB_*` values."""
    if env.str("DATABASE_URL", default=""):
        config: dict[str, Any] = env.db_url("DATABASE_URL")
    else:
        engine = env.str("DB_ENGINE", default="sqlite3")
        config = {
            "ENGINE": _ENGINES.get(engine, engine),
            "NAME": env.str("DB_NAME", default="db.sqlite3"),
            "HOST": env.str("DB_HOST", default=""),
            "USER": env.str("DB_USER", default=""),
            "PASSWORD": env.str("DB_PASSWORD", default=""),
            "PORT": env.str("DB_PORT", default="3306" if engine == "mysql" else ""),
        }
    config["CONN_MAX_AGE"] = env.int("DB_CONN_MAX_AGE", default=600)
    config["CONN_HEALTH_CHECKS"] = True
    if config["ENGINE"].endswith("sqlite3"):
        config |= _sqlite(config["NAME"])
    elif config["ENGINE"].endswith("mysql"):
        config["OPTIONS"] = config.get("OPTIONS", {}) | {
            "charset": "utf8mb4",
            # A row that is not free after some seconds never will be in time; the usual 50 would hold up a worker.
            "init_command": "SET sql_mode='STRICT_TRANS_TABLES', innodb_lock_wait_timeout=4",
            "isolation_level": "read committed",
            "connect_timeout": CONNECT_SECONDS,
        }
    else:
        patience = {"options": "-c lock_timeout=4000", "connect_timeout": CONNECT_SECONDS}
        config["OPTIONS"] = patience | config.get("OPTIONS", {})
    return config


def _sqlite(name: str) -> dict[str, Any]:
    """WAL lets readers go on while one writer works; IMMEDIATE takes the write lock first, so no deadlock."""
    path = name if name.startswith((":memory:", "file:")) else str(BACKEND / name)
    return {
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_DB_INDEX: int = env.int("REDIS_DB_INDEX", default=0)
REDIS_HOST: str = env.str("REDIS_HOST", default="127.0.0.1")
REDIS_PORT: int = env.int("REDIS_PORT", default=6379)
# Development falls back to memory when there is no Redis; scripts/dev.sh decides and says so.
USE_REDIS: bool = env.bool("USE_REDIS", default=LIVE)
REDIS_URL = f"redis://{REDIS_HOST}:{REDIS_PORT}/{REDIS_DB_INDEX}"
# Numbers of `delivery.options.Options` that differ from its own, as a JSON object.
GATEWAY: dict[str, Any] = env.json("GATEWAY", default={})

if USE_REDIS:
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "delivery.redis_layer.RedisLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "rod"},
        }
    }
    CACHES = redis_caches(REDIS_URL)
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    _memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    CACHES = dict.fromkeys(("default", "sessions", "throttle"), _memory)
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

AUTH_USER_MODEL = "discordauth.CustomUser"
AUTHENTICATION_BACKENDS = [
    "discordauth.backends.DiscordBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/auth/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "rod.sessions"
SESSION_CACHE_ALIAS = "sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

DISCORD_APP_ID: str = env.str("DISCORD_APP_ID", default="")
DISCORD_APP_SECRET: str = env.str("DISCORD_APP_SECRET", default="")
DISCORD_BOT_TOKEN: str = env.str("DISCORD_BOT_TOKEN", default="")
DISCORD_DEBUG_CHANNEL: str = env.str("DISCORD_DEBUG_CHANNEL", default="")
DISCORD_API_BASE: str = env.str("DISCORD_API_BASE", default="https://discord.com/api/v10")
DISCORD_CDN: str = env.str("DISCORD_CDN", default="https://cdn.discordapp.com")
DISCORD_OAUTH_AUTHORIZE: str = env.str(
    "DISCORD_OAUTH_AUTHORIZE", default="https://discord.com/oauth2/authorize"
)
PATREON_WEBHOOK_SECRET: str = env.str("PATREON_WEBHOOK_SECRET", default="")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # The first decides how to ask for credentials: with 401, which a session cookie has no header for.
        "rest_framework_simplejwt.authentication.JWTAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rod.render.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rod.render.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "rod.openapi.Described",
    "EXCEPTION_HANDLER": "rod.errors.answer",
    "DEFAULT_THROTTLE_CLASSES": ["rod.throttle.UserThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("THROTTLE_USER", default="600/min")},
    # Without a proxy of ours the forwarding header is anybody's word: a new one for each try would be no throttle.
    "NUM_PROXIES": 1 if TRUST_PROXY else 0,
    # One representation: there is no other to ask for.
    "URL_FORMAT_OVERRIDE": None,
    # OPTIONS has nothing to tell that docs/ does not.
    "DEFAULT_METADATA_CLASS": None,
}
SIMPLE_JWT = {
    "ALGORITHM": env.str("ALGORITHM", default="HS256"),
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("ACCESS_TOKEN_EXPIRE_MINUTES", default=30)),
    "USER_ID_CLAIM": "user_id",
}
SPECTACULAR_SETTINGS = {
    # The contract's types use null as JSON Schema has it.
    "OAS_VERSION": "3.1.1",
    "TITLE": "World of Darkness platform",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {"ConflictKindEnum": "rules.conflict.kinds.KINDS"},
    "POSTPROCESSING_HOOKS": ["rod.openapi.with_errors"],
    # The two APIs are described, and checked, apart from each other (`rod.openapi`): both may name a shape alike.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
# No honest request is larger; a portrait is fetched by its address, never sent in a body.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BACKEND / "static_collected"
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default="") or BACKEND / "media")
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": env.str("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage")},
    "staticfiles": {
        "BACKEND": (
            "rod.static.ModuleStorage" if LIVE else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG

if LIVE:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {
        "repeated": {"()": "rod.logs.Repeated"},
        "client_faults": {"()": "rod.logs.ClientFaults"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["repeated"]},
        "debug_channel": {"class": "rod.debug_channel.DebugChannelHandler"},
    },
    # A refused request is told to who asked, and an unexpected error is logged once, with its reference (`rod.errors`).
    # Scanners ask for hosts that are not ours all day long.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "uvicorn.error": {"filters": ["client_faults"]},
    },
    "root": {"handlers": ["console", "debug_channel"], "level": env.str("LOG_LEVEL", default="INFO")},
}
