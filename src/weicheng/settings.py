"""All settings of one installation, read from the environment; safe by default."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from weicheng.evidence.buckets import storage_from
from weicheng.server.layout import Layout

BASE_DIR = Path(__file__).resolve().parent
REPOSITORY = BASE_DIR.parents[1]
VAR = Layout.of_environment().var


#: Every connection: no act waits long for a lock; plans are short, since lists join by keys.
SESSION_OPTIONS = (
    "-c lock_timeout=2000 -c jit=off -c join_collapse_limit=4 -c from_collapse_limit=4"
)


def flag(name: str, default: bool = False) -> bool:
    """Whether the environment variable says yes (1, true, yes)."""
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes"}


def words(name: str, default: str) -> list[str]:
    """A comma-separated environment variable as a list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(address: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL address such as postgresql://user@/name?host=/socket."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    pooled = flag("WEICHENG_DB_POOL")
    options: dict[str, Any] = {"options": SESSION_OPTIONS}
    if pooled:
        size = int(os.environ.get("WEICHENG_DB_POOL_SIZE", "8"))
        options["pool"] = {"min_size": 1, "max_size": size, "timeout": 3}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or "") or query.get("password", ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "TEST": {"NAME": os.environ.get("WEICHENG_TEST_DB", "test_weicheng")},
    }


def secret_key() -> str:
    """The key from a file (made at first start, readable by its owner only) or the environment."""
    if key := os.environ.get("WEICHENG_SECRET_KEY"):
        return key
    path = VAR / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w") as handle:
            handle.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = secret_key()
DEBUG = flag("WEICHENG_DEBUG")
DEMO = flag("WEICHENG_DEMO")
ALLOWED_HOSTS = words("WEICHENG_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = words("WEICHENG_ORIGINS", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "weicheng.frame",
    "weicheng.journal",
    "weicheng.evidence",
    "weicheng.workdays",
    "weicheng.standards",
    "weicheng.places",
    "weicheng.people",
    "weicheng.duties",
    "weicheng.triage",
    "weicheng.problems",
    "weicheng.complaints",
    "weicheng.inspections",
    "weicheng.scoring",
    "weicheng.fieldwork",
    "weicheng.intake",
    "weicheng.orders",
    "weicheng.notices",
    "weicheng.command",
    "weicheng.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "weicheng.frame.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "weicheng.people.middleware.Clock",
    "weicheng.frame.middleware.PlainAddress",
    "weicheng.frame.middleware.DeclaredAudience",
    "weicheng.frame.middleware.ReadingCannotWrite",
]

ROOT_URLCONF = "weicheng.urls"
WSGI_APPLICATION = "weicheng.wsgi.application"
AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "weicheng.people.passwords.MixedClasses"},
    {"NAME": "weicheng.people.passwords.NoCampaignWords"},
    {"NAME": "weicheng.people.passwords.NotReused"},
]
LOGIN_URL = "/login/"
SECOND_FACTOR_URL = "/login/code/"
LOGIN_REDIRECT_URL = "/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "weicheng.frame.context.frame",
            ],
        },
    },
]

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", "postgresql:///weicheng?host=/tmp"))
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "weicheng_language"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

FORM_RENDERER = "weicheng.frame.rendering.FormPattern"
EXTENSIONS = int(os.environ.get("WEICHENG_EXTENSIONS", "1"))  # how often a unit may ask for time
INSTALLATION_NAME = os.environ.get("WEICHENG_NAME", "")  # stands at the foot of the menu

DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000  # the grid of an observation day: 60 papers, 40 stops
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # a folder of photos in one drop
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # a pasted chat

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# Third-party scripts come from npm by the lock file and are served by ourselves.
NODE_MODULES = REPOSITORY / "node_modules"
VENDOR = {
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/idb.js": "idb/build/index.js",
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "weicheng.server.vendor.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "weicheng.frame.storage.HashedStatic"},
}
if bucket := storage_from(os.environ):
    STORAGES["evidence"] = bucket
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_USE_FINDERS = DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()
EVIDENCE_ROOT = VAR / "evidence"

SESSION_ENGINE = "weicheng.people.sessions"
SESSION_COOKIE_NAME = "weicheng_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# No foreign host, no inline script or style, nothing evaluated: pages live with this everywhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

HTTPS = flag("WEICHENG_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
CSRF_COOKIE_HTTPONLY = True
BEHIND_PROXY = flag("WEICHENG_BEHIND_PROXY")  # our own proxy sets the headers and strips others'
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Messages out of the house: mail, and the robots of groups.
MAIL: dict[str, Any] = {
    "host": os.environ.get("WEICHENG_MAIL_HOST", ""),
    "port": int(os.environ.get("WEICHENG_MAIL_PORT", "465")),
    "user": os.environ.get("WEICHENG_MAIL_USER", ""),
    "password": os.environ.get("WEICHENG_MAIL_PASSWORD", ""),
    "from": os.environ.get("WEICHENG_MAIL_FROM", ""),
    "tls": os.environ.get("WEICHENG_MAIL_TLS", "ssl"),  # ssl, starttls or none
}
CHANNEL_CA = os.environ.get("WEICHENG_CHANNEL_CA", "")  # further certificates for private hosts
PUSHES_A_DAY = int(os.environ.get("WEICHENG_PUSHES_A_DAY", "3"))
ADDRESS = os.environ.get("WEICHENG_ADDRESS", "").rstrip("/")  # what messages link to

# Background jobs: every app keeps them in jobs.py; a dead worker's job is handed on by
# weicheng.journal.jobs.return_stalled, which trusts these two intervals (seconds).
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": 2,
    "delete_jobs": "successful",
    "update_heartbeat_interval": 5,
    "stalled_worker_timeout": 30,
    "shutdown_graceful_timeout": 8,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("WEICHENG_LOG_LEVEL", "WARNING")},
    "loggers": {"weicheng": {"level": "INFO"}},
}
