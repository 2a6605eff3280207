"""Settings, made once of the environment and `.env`: every variable is declared in `contract/variables.py`."""

import os
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from environ import Env

from contract import logs, loopback, translation, variables
from contract.dotenv import ConfigError, end_process
from delivery.options import Options
from rod.caches import MEMORY, layer_of, redis_caches, rq_queue
from rod.media_options import private_storage, s3_storage

BACKEND = Path(__file__).resolve().parent.parent
try:
    env, _file = variables.load(BACKEND)
    variables.check_backend(env)
    variables.refuse_unknown("GATEWAY", env.GATEWAY, {option.name: option.type for option in fields(Options)})
except ConfigError as error:
    # Ends every process that reads the settings, however it is started, with the sentence and no traceback.
    raise end_process(str(error)) from None
# What is not ours may be for a library, such as the keys of an object store.
os.environ |= {name: value for name, value in _file.values.items() if name not in os.environ}
loopback.go_straight()

ENV = env.ENV
VERSION = env.VERSION
DEBUG = not env.live
LIVE = env.live
TESTING = env.TESTING

SECRET_KEY = env.SECRET_KEY
API_KEYS = env.API_KEY
# Of the API for shows: makes campaigns, and runs them all (docs/CAMPAIGNS.md). Empty: nobody does.
ADMIN_TOKEN = env.ADMIN_TOKEN

LOCAL_HOSTS = ["localhost", "127.0.0.1"]
_PUBLIC_HOSTS = env.ALLOWED_HOSTS
ALLOWED_HOSTS = _PUBLIC_HOSTS if ENV == variables.PRODUCTION else LOCAL_HOSTS + _PUBLIC_HOSTS
_PUBLIC_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in _PUBLIC_HOSTS]
SITE_URL = env.site_url
_LOCAL_ORIGINS = ["http://localhost:3000", "http://127.0.0.1:3000"]
# A proxy may listen on a port of its own and pass on the host without it: the address that people see is trusted too.
CSRF_TRUSTED_ORIGINS = _LOCAL_ORIGINS if DEBUG else list(dict.fromkeys([*_PUBLIC_ORIGINS, SITE_URL]))
CORS_ALLOWED_ORIGINS = _LOCAL_ORIGINS if DEBUG else env.CORS_ALLOWED_ORIGINS
CORS_ALLOW_CREDENTIALS = True
# Behind a proxy of our own, X-Forwarded-For tells who calls; from anyone else it is a claim.
TRUST_PROXY = env.TRUST_PROXY

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
    "django_tasks",
    "django_tasks_db",
    "background",
    "timeline",
    "discordauth",
    "patreon",
    "uploads",
    "chronicle",
    "haven",
    "rolls",
    "desk",
    "conflicts",
    "progress",
    "chat",
    "companion",
    "privacy",
    "gateway",
    "api",
    "bot",
    "main",
    "rod.apps.RodConfig",
]

MIDDLEWARE = [
    "rod.middleware.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rod.languages.Languages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rod.middleware.EitherSlash",
    "rod.middleware.ExpectedErrors",
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

CONNECT_SECONDS = 5


def _database() -> dict[str, Any]:
    """One database from `DATABASE_URL`, else from `DB_ENGINE` and the other `DB_*` values."""
    if env.DATABASE_URL:
        config: dict[str, Any] = Env.db_url_config(env.DATABASE_URL.replace("mariadb://", "mysql://", 1))
    else:
        config = {
            "ENGINE": f"django.db.backends.{env.DB_ENGINE}",
            "NAME": env.DB_NAME or "db.sqlite3",
            "HOST": env.DB_HOST,
            "USER": env.DB_USER,
            "PASSWORD": env.DB_PASSWORD,
            "PORT": str(env.DB_PORT or ("3306" if env.DB_ENGINE == "mysql" else "")),
        }
    config["CONN_MAX_AGE"] = env.DB_CONN_MAX_AGE
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
        # No question of ours is worth compiling: it took two seconds of one that is answered in twenty milliseconds.
        options = "-c lock_timeout=4000 -c jit=off"
        patience = {"options": options, "connect_timeout": CONNECT_SECONDS}
        config["OPTIONS"] = patience | config.get("OPTIONS", {})
    return config


def _sqlite(name: str) -> dict[str, Any]:
    """WAL lets readers go on while one writer works; IMMEDIATE takes the write lock first, so no deadlock."""
    path = name
    if not name.startswith((":memory:", "file:")):
        path = str(BACKEND / name)
        try:
            variables.refuse_unwritable(Path(path))
        except ConfigError as error:
            raise end_process(str(error)) from None
    return {
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


DATABASES = {"default": _database()}
# A process that serves applies what is missing, instead of refusing to start (`rod.start`).
AUTO_MIGRATE = env.AUTO_MIGRATE
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_HOST = env.REDIS_HOST
REDIS_PORT = env.REDIS_PORT
REDIS_DB_INDEX = env.REDIS_DB_INDEX
# Development falls back to memory when there is no Redis; scripts/dev.sh decides and says so.
USE_REDIS = env.live if env.USE_REDIS is None else env.USE_REDIS
REDIS_URL = env.redis_url
# Numbers of `delivery.options.Options` that differ from its own.
GATEWAY: dict[str, Any] = env.GATEWAY

if USE_REDIS:
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": layer_of(REDIS_URL),
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "rod"},
        }
    }
    CACHES = redis_caches(REDIS_URL)
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = dict.fromkeys(("default", "sessions", "memory"), MEMORY)
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

# Background work waits in the database, or in Redis; `manage.py worker` does it (`background`).
TASKS_BACKEND = env.TASKS_BACKEND
TASKS: dict[str, Any] = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
TASK_SECONDS = env.TASK_SECONDS
if TASKS_BACKEND == "redis":
    INSTALLED_APPS += ["django_rq", "django_tasks_rq"]
    TASKS = {"default": {"BACKEND": "background.redis_tasks.RedisTasks", "QUEUES": ["default"]}}
    RQ_QUEUES = {"default": rq_queue(REDIS_URL)}
    RQ_SHOW_ADMIN_LINK = False  # `background.redis_admin` has its pages

# How long what is kept for a while is kept; 0 days: for good (`privacy.retention`, `timeline.retention`).
EVENTS_KEPT_DAYS = env.EVENTS_KEPT_DAYS
ROLLS_KEPT_DAYS = env.ROLLS_KEPT_DAYS
REQUESTS_KEPT_DAYS = env.REQUESTS_KEPT_DAYS
KEYS_KEPT_HOURS = env.KEYS_KEPT_HOURS
# And what belongs to an account (`privacy`).
DELETION_GRACE_DAYS = env.DELETION_GRACE_DAYS
DOWNLOADS_KEPT_DAYS = env.DOWNLOADS_KEPT_DAYS
# How long a reset of progress can be undone, and where it is announced on Discord (docs/RESET.md).
RESET_UNDO_DAYS = env.RESET_UNDO_DAYS
RESET_NOTICE_CHANNEL = str(env.RESET_NOTICE_CHANNEL or "")

AUTH_USER_MODEL = "discordauth.CustomUser"
AUTHENTICATION_BACKENDS = [
    # First: it signs in nobody, and stops who tries too often.
    "discordauth.backends.PasswordLimiter",
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
CSRF_FAILURE_VIEW = "rod.error_pages.stale_page"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

DISCORD_APP_ID = env.DISCORD_APP_ID
DISCORD_APP_SECRET = env.DISCORD_APP_SECRET
DISCORD_BOT_TOKEN = env.DISCORD_BOT_TOKEN
DISCORD_DEBUG_CHANNEL = str(env.DISCORD_DEBUG_CHANNEL or "")
DISCORD_MESSAGE_CONTENT = env.DISCORD_MESSAGE_CONTENT
DISCORD_API_BASE = env.DISCORD_API_BASE
DISCORD_CDN = env.DISCORD_CDN
DISCORD_OAUTH_AUTHORIZE = env.DISCORD_OAUTH_AUTHORIZE
PATREON_WEBHOOK_SECRET = env.PATREON_WEBHOOK_SECRET
PATREON_CLIENT_ID = env.PATREON_CLIENT_ID
PATREON_CLIENT_SECRET = env.PATREON_CLIENT_SECRET
PATREON_CAMPAIGN_ID = env.PATREON_CAMPAIGN_ID
PATREON_API_BASE = env.PATREON_API_BASE
PATREON_OAUTH_AUTHORIZE = env.PATREON_OAUTH_AUTHORIZE

SLOW_QUERY_SECONDS = env.SLOW_QUERY_SECONDS
METRICS_TOKEN = env.METRICS_TOKEN
METRICS_DIR = BACKEND.parent / (env.METRICS_DIR or ".run/metrics")

# How often one person may ask the API; the limits on what they change go with it (`timeline.limits`).
THROTTLE_USER = env.THROTTLE_USER
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # The first decides how to ask for credentials: with 401, which a session cookie has no header for.
        "discordauth.tokens.TokenAuthentication",
        "discordauth.sessions.WebSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rod.render.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rod.render.OrjsonParser"],
    "DEFAULT_SCHEMA_CLASS": "rod.openapi.Described",
    "EXCEPTION_HANDLER": "rod.errors.answer",
    "DEFAULT_THROTTLE_CLASSES": ["rod.throttle.UserThrottle"],
    # Without a proxy of ours the forwarding header is anybody's word: a new one for each try would be no throttle.
    "NUM_PROXIES": 1 if TRUST_PROXY else 0,
    # One representation: there is no other to ask for.
    "URL_FORMAT_OVERRIDE": None,
    # OPTIONS has nothing to tell that docs/ does not.
    "DEFAULT_METADATA_CLASS": None,
}
SIMPLE_JWT = {
    "ALGORITHM": env.ALGORITHM,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.ACCESS_TOKEN_EXPIRE_MINUTES),
    "USER_ID_CLAIM": "user_id",
    # A token ends with the password that was valid when it was made.
    "CHECK_REVOKE_TOKEN": True,
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

# Which one a reader gets: `rod.languages`. Compiled by `python -m scripts.translations compile`.
LANGUAGE_CODE = translation.ENGLISH
LANGUAGES = list(translation.LANGUAGES.items())
LOCALE_PATHS = [translation.CATALOGUES]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BACKEND / (env.STATIC_ROOT or "static_collected")
MEDIA_URL = "/media/"
MEDIA_ROOT = BACKEND / (env.MEDIA_ROOT or "media")
# Attachments: no proxy serves this folder (`uploads.serving`).
PRIVATE_MEDIA_ROOT = BACKEND / (env.PRIVATE_MEDIA_ROOT or "private_media")
S3_PUBLIC_URL = env.S3_PUBLIC_URL
# Where a browser is sent for a private file of a bucket.
S3_SIGNED_URL = env.S3_ENDPOINT if env.S3_PRIVATE_BUCKET else ""
STORAGES: dict[str, Any] = {
    "default": s3_storage(env) if env.S3_BUCKET else {"BACKEND": env.MEDIA_STORAGE},
    "private": private_storage(env),
    "staticfiles": {
        "BACKEND": (
            "rod.static.ModuleStorage" if LIVE else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG

if LIVE:
    SECURE_SSL_REDIRECT = env.SECURE_SSL_REDIRECT
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
    "formatters": {"line": logs.formatter(env)},
    "filters": {
        "ids": {"()": logs.WithIds},
        "repeated": {"()": "rod.logs.Repeated"},
        "client_faults": {"()": "rod.logs.ClientFaults"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["repeated", "ids"]},
        "debug_channel": {"class": "rod.debug_channel.DebugChannelHandler"},
    },
    # A refused request is told to who asked, and an unexpected error is logged once, with its reference (`rod.errors`).
    # Scanners ask for hosts that are not ours all day long.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # The servers' own lines look like all others.
        "uvicorn": {"handlers": [], "propagate": True},
        # The proxy has a log of who asks for what.
        "uvicorn.access": {"handlers": [], "propagate": False},
        # It has a line for each socket that opens or closes.
        "uvicorn.error": {"level": "WARNING", "filters": ["client_faults"]},
        "gunicorn.error": {"handlers": [], "propagate": True},
        # It says every ten seconds that all is well.
        "apscheduler": {"level": "WARNING"},
    },
    "root": {"handlers": ["console", "debug_channel"], "level": env.LOG_LEVEL},
}
