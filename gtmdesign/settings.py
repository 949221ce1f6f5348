"""All settings, read from the environment (GTM_*). Every default is safe for production on one machine."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from gtmdesign.environment import env_bool, env_bus, env_database, env_hosts, env_int, env_site_url, env_str, kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_str("GTM_DATA_DIR", str(BASE_DIR / "var"))).expanduser().absolute()

DEBUG = env_bool("GTM_DEBUG", default=False)
SECRET_KEY = env_str("GTM_SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")

SITE_URL = env_site_url("GTM_SITE_URL", "http://127.0.0.1:8000")
SITE_URL_IS_GIVEN = bool(env_str("GTM_SITE_URL"))  # else `serve` names the address that it listens on
HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env_hosts("GTM_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", f"[{SITE_HOST}]" if ":" in SITE_HOST else SITE_HOST])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# How many requests run at the same time. More cost nothing, and help when some wait: for a lock, for a picture.
SERVER_THREADS = env_int("GTM_THREADS", 8, low=1, high=64)
# The browser that draws PNGs; empty: looked for among the system's packages.
BROWSER_PATH = env_str("GTM_BROWSER_PATH")

# --- Application ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "advisor",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # runserver then serves static files as production does
    "django.contrib.staticfiles",
    "template_partials.apps.SimpleAppConfig",  # the loader is named below, so nothing is patched at start
]

MIDDLEWARE = [
    # The two first: they then also dress what the others answer by themselves (redirects, static files, 400 for a bad host).
    "gtmdesign.security_headers.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a view is open only where it says so
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "gtmdesign.urls"
WSGI_APPLICATION = "gtmdesign.wsgi.application"
ASGI_APPLICATION = "gtmdesign.asgi.application"

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # The outer loader understands "page.html#partial"; templates are parsed once, and again on each request in debug mode.
            "loaders": [("template_partials.loader.Loader", _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)])],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "advisor.views.theme.chosen_theme",
            ],
        },
    }
]

# --- Data ----------------------------------------------------------------------------------------

DATABASES = {"default": env_database("GTM_DATABASE", DATA_DIR / "gtm.sqlite3")}
# Between server processes; `memory` serves one, and several see each other's changes through the database, a second later.
LIVE_BUS = env_bus("GTM_LIVE_BUS", has_postgresql=DATABASES["default"]["ENGINE"].endswith("postgresql"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Bytes. A form above this is refused before it is parsed; a pasted table is as large as a file may be, 8 MB, and a little for its form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 9_437_184
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "advisor.User"
AUTHENTICATION_BACKENDS = ["advisor.services.accounts.CachedUserBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Written to the database, read from memory: a recompute must not pay for a session row.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# A browser accepts a __Host- cookie from this very host over HTTPS only, so no sibling domain can plant one.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- Security headers ----------------------------------------------------------------------------

# Shaped as Django 6's setting of this name. Nothing unsafe, no nonce: there is no inline script or style.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],  # the browser makes the PNG download from a blob
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The server believes X-Forwarded-Proto from a proxy on this machine only (uvicorn's FORWARDED_ALLOW_IPS), so there is no proxy header here.
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0  # two years
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS

# --- Static files --------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # a name that carries a hash of its content may be kept for ever
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "gtmdesign.static_files.HashedFiles"},
}

# --- Language and time: one language; numbers and dates are formatted by our own functions ----------

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- Logging -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"level": "INFO"},
        "django.server": {"handlers": ["stderr"], "propagate": False},
        # A visitor's wrong address is not the operator's problem.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
