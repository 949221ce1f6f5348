"""All settings, read from the environment (GTM_*). Every default is safe for production on one machine."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from gtmdesign.environment import (
    env_bool,
    env_bus,
    env_choice,
    env_database,
    env_hosts,
    env_identity_provider,
    env_int,
    env_mail_server,
    env_origins,
    env_site_url,
    env_str,
    kept_secret,
    origin_of,
)

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
# Of usage, which take as long as their senders' lines do: how many come in at the same time, and how many bytes each may have.
UPLOAD_THREADS = 2
MOST_UPLOADED = env_int("GTM_USAGE_MOST_MB", 2_048, low=1, high=100_000) * 1_048_576
# Bytes of address space that a search of it may take beside its files, which it maps: one that would take more ends by itself and says so,
# before the machine has no memory left for the server. It is no memory: 20,000,000 rows take 3.9 GB of it and 1.5 GB of memory.
MOST_SEARCH_SPACE = env_int("GTM_SEARCH_MOST_MB", 8_192, low=2_048, high=1_000_000) * 1_048_576
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
# Only where it is used: it imports what every start would pay for.
IDENTITY_PROVIDER = env_identity_provider()
# Where its pages are, if elsewhere than its issuer.
IDENTITY_PROVIDER_ORIGINS = env_origins("GTM_OIDC_FORM_ORIGINS")
if IDENTITY_PROVIDER:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]

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
    "allauth.account.middleware.AccountMiddleware",  # asks for the password again where a view says that it must be recent
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
                "advisor.views.allauth_pages.whether_mail_is_sent",
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
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Who may make an account without an invitation. On one's own machine everybody who reaches the server is at its keyboard;
# any other address may be open to the world, so there it has to be said.
SIGN_UP = env_choice("GTM_SIGN_UP", "open" if SITE_HOST in {"127.0.0.1", "localhost", "::1"} else "invited", ["open", "invited"])

# Mail: by a server that is named, else onto standard error, where who runs the server reads it.
EMAIL = env_mail_server()
EMAIL_IS_SENT = bool(EMAIL)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_IS_SENT else 'console'}.EmailBackend"
EMAIL_HOST = EMAIL.get("host", "localhost")
EMAIL_PORT = EMAIL.get("port", 587)
EMAIL_HOST_USER = EMAIL.get("user", "")
EMAIL_HOST_PASSWORD = EMAIL.get("password", "")
EMAIL_USE_TLS = EMAIL.get("security") == "starttls"
EMAIL_USE_SSL = EMAIL.get("security") == "tls"
EMAIL_TIMEOUT = 10  # seconds that a request may wait for the mail server
DEFAULT_FROM_EMAIL = EMAIL.get("from", f"GTM Design <gtm@{'localhost' if ':' in SITE_HOST else SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# django-allauth. Rate limits and enumeration are as it comes.
ACCOUNT_ADAPTER = "advisor.views.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "advisor.forms.sign_in.SignInForm",
    "signup": "advisor.forms.sign_in.SignUpForm",
    "change_password": "advisor.forms.sign_in.ChangePasswordForm",
    "set_password": "advisor.forms.sign_in.SetPasswordForm",
    "reset_password": "advisor.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "advisor.forms.sign_in.ResetPasswordKeyForm",
    "reauthenticate": "advisor.forms.sign_in.ReauthenticateForm",
    "add_email": "advisor.forms.sign_in.ChangeEmailForm",
}
ACCOUNT_SIGNUP_FORM_CLASS = "advisor.forms.sign_up.SignUpFields"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str  # the name, as everywhere
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one counts once it is confirmed
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_IS_SENT else "optional"
ACCOUNT_RATE_LIMITS = {"mail_invitation": "20/h/user"}  # beside the library's own
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
# A session alone must not change the address: a new password is sent to it. The library asks at its second factor only.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "advisor.views.account_adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "advisor.forms.sign_in.SecondFactorForm",
    "reauthenticate": "advisor.forms.sign_in.SecondFactorAgainForm",
    "activate_totp": "advisor.forms.sign_in.TurnOnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "GTM Design"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = not EMAIL_IS_SENT

# An account is found by its address where the provider says that it has verified this address, and only there.
SOCIALACCOUNT_ADAPTER = "advisor.views.identity_provider.IdentityProviderAdapter"
SOCIALACCOUNT_FORMS = {"signup": "advisor.forms.identity_provider.SignUpForm"}
SOCIALACCOUNT_AUTO_SIGNUP = False  # a new person says which workspace
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "provider",
                "name": IDENTITY_PROVIDER["name"],
                "client_id": IDENTITY_PROVIDER["client_id"],
                "secret": IDENTITY_PROVIDER["client_secret"],
                "settings": {"server_url": IDENTITY_PROVIDER["issuer"], "fetch_userinfo": False},
            }
        ],
    }
    if IDENTITY_PROVIDER
    else {}
}

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
    # Chromium also holds the redirect after a form to it: the one that begins signing in at the provider.
    "form-action": ["'self'", *([origin_of(IDENTITY_PROVIDER["issuer"]), *IDENTITY_PROVIDER_ORIGINS] if IDENTITY_PROVIDER else [])],
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
