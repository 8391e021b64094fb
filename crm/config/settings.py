"""Django settings, all from environment variables. `bin/demo` and `bin/test` set them by themselves.

docs/configuration.md describes each variable.
"""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from crm.config.file_storage import file_storage
from crm.config.order import FEATURE_ORDER  # noqa: F401 (read by crm/platform/features.py)
from crm.config.replica_database import add_replica
from runtime.keys import secret_key

# openpyxl imports numpy, which scikit-learn brings, and its BLAS would start a thread in processes that fork.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("CRM_DEMO", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or secret_key(VAR_DIR)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PORT = env.int("PORT", default=8000)
SITE_URL = env("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# A host name that leads here and hands out attachments alone, so that none is of the product's origin. Empty: none.
ATTACHMENT_HOST = env("ATTACHMENT_HOST", default="")
ALLOWED_HOSTS += [ATTACHMENT_HOST.split(":")[0]] if ATTACHMENT_HOST else []
# What that host answers: files by signed addresses.
FILE_PATHS = ("/public/attachments/", "/public/documents/")
# Host names of customers' own pages, by brand: `my.suncoast.example=suncoast`, or `=company/name of the brand`.
PORTAL_HOSTS = env.dict("PORTAL_HOSTS", default={})
ALLOWED_HOSTS += [host.split(":")[0] for host in PORTAL_HOSTS]
# What a signed-in customer may send: so many messages and files a minute and a day, and so many megabytes a day.
PORTAL_MESSAGES_A_MINUTE = env.int("PORTAL_MESSAGES_A_MINUTE", default=10)
PORTAL_MESSAGES_A_DAY = env.int("PORTAL_MESSAGES_A_DAY", default=200)
PORTAL_FILES_A_MINUTE = env.int("PORTAL_FILES_A_MINUTE", default=40)
PORTAL_FILES_A_DAY = env.int("PORTAL_FILES_A_DAY", default=300)
PORTAL_MEGABYTES_A_DAY = env.int("PORTAL_MEGABYTES_A_DAY", default=1000)
# What all customers of a company may send together, a day.
PORTAL_MESSAGES_A_DAY_IN_ALL = env.int("PORTAL_MESSAGES_A_DAY_IN_ALL", default=10_000)
PORTAL_FILES_A_DAY_IN_ALL = env.int("PORTAL_FILES_A_DAY_IN_ALL", default=10_000)
PORTAL_MEGABYTES_A_DAY_IN_ALL = env.int("PORTAL_MEGABYTES_A_DAY_IN_ALL", default=20_000)
# True when the product is reached over TLS; the cookies and HSTS follow from it.
TLS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS += [f"{'https' if TLS else 'http'}://{host}" for host in PORTAL_HOSTS]
# Where pages hear of other people's changes (crm.web.live): an address, or a path a proxy leads there. Empty: nowhere.
LIVE_URL = env("LIVE_URL", default="")
LIVE_ORIGIN = "/".join(LIVE_URL.split("/")[:3]) if "://" in LIVE_URL else ""
LIVE_BIND = env("LIVE_BIND", default="127.0.0.1")
LIVE_PORT = env.int("LIVE_PORT", default=8001)
# Hosts of the private network that webhooks and push may reach all the same, by http too (crm.platform.http).
PRIVATE_HOSTS = env.list("PRIVATE_HOSTS", default=[])
# Whether organizations may have language models asked; False stops all of them (docs/assistant.md).
ASSISTANT_MODELS = env.bool("ASSISTANT_MODELS", default=True)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "lucide",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "crm.platform",
    "crm.web",
    "crm.integrations",
    "crm.people",
    "crm.jobs",
    "crm.documents",
    "crm.automation",
    "comms",
    "leads",
    "tickets",
    "followups",
    "service",
    "quotes",
    "billing",
    "connections",
    "portal",
    "reports",
    "assistant",
    "api",
    "demo",
]

MIDDLEWARE = [
    "crm.web.requests.request_log.request_log",
    "crm.web.requests.security_headers.permissions_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.web.requests.compression.PageCompression",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm.web.requests.file_host.files_alone",
    "portal.access.hosts.portal_alone",
    "crm.web.probes.probes_first",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.platform.accounts.sessions.session_limits",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # Behind the check of the token, which reads the form.
    "crm.web.requests.nul.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.web.requests.security_headers.vary_on_htmx",
    "allauth.account.middleware.AccountMiddleware",
    "crm.web.requests.tenant_middleware.TenantMiddleware",
    "crm.web.requests.error_pages.only_posted",
]

ROOT_URLCONF = "crm.config.urls"
WSGI_APPLICATION = "crm.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "crm.web.requests.context_processors.shell",
            ],
        },
    }
]

# Two logins (docs/decisions/0002-two-logins.md): manage.py sets the role for the few owner commands.
DATABASE_ROLE = env("CRM_DATABASE_ROLE", default="app")
_database_url = "MIGRATION_DATABASE_URL" if DATABASE_ROLE == "owner" else "DATABASE_URL"
_database = env.db_url(_database_url, default="postgres://crm_app@127.0.0.1:5432/crm")
_postgres = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": _database | _postgres}
add_replica(DATABASES, MIDDLEWARE, env, DATABASE_ROLE)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "crm.platform.cache.FailOpenRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "crm",
        # A cache that does not answer must not hold up the sign-in that could do without.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

# Sign-in
AUTH_USER_MODEL = "platform.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "crm.web.account.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
# Whoever has set a password by the mailed link is in; a second factor is asked for all the same.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# No mail to addresses that nobody signs in with: it would reach strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
# The keys of failed sign-ins stand in crm/web/account/adapter.py.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "login_failed_anywhere": "100/h/key",
    "login_failed_known_device": "5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
USERSESSIONS_TRACK_ACTIVITY = False
ACCOUNT_FORMS = {
    "change_password": "crm.web.account.forms.ChangePasswordForm",
    "reset_password": "crm.web.account.forms.ResetPasswordForm",
}
# How long a confirmation lasts, in seconds (crm.web.requests.reauthentication).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

# Second factor and passkeys (docs/decisions/0009-second-factor.md)
MFA_ADAPTER = "crm.platform.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from an admin's invitation, not from a sign-up
MFA_TOTP_ISSUER = "Throughline"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s a phone's clock may be off
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}  # asking for the challenge counts, too
MFA_FORMS = {
    "authenticate": "crm.web.account.second_factor_forms.CodeForm",
    "reauthenticate": "crm.web.account.second_factor_forms.ConfirmByCodeForm",
    "activate_totp": "crm.web.account.second_factor_forms.ActivateTotpForm",
    "add_webauthn": "crm.web.account.second_factor_forms.PasskeyForm",
    "edit_webauthn": "crm.web.account.second_factor_forms.RenamePasskeyForm",
    "authenticate_webauthn": "crm.web.account.second_factor_forms.PasskeyCodeForm",
    "reauthenticate_webauthn": "crm.web.account.second_factor_forms.ConfirmByPasskeyForm",
    "login_webauthn": "crm.web.account.second_factor_forms.SignInByPasskeyForm",
}

# Sessions live in the database, so that sign-in works without the broker.
SESSION_COOKIE_AGE = 12 * 3600  # idle; crm.platform.accounts.sessions renews it
SESSION_ABSOLUTE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Cookies are not scoped by port: the plain names carry it, so that two copies run side by side.
SESSION_COOKIE_NAME = "__Host-session" if TLS else f"session_{PORT}"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else f"csrf_{PORT}"
CSRF_COOKIE_HTTPONLY = True
DEVICE_COOKIE_NAME = "__Host-device" if TLS else f"device_{PORT}"
WROTE_COOKIE_NAME = "__Host-wrote" if TLS else f"wrote_{PORT}"
LANGUAGE_COOKIE_NAME = "__Host-language" if TLS else f"language_{PORT}"
LANGUAGE_COOKIE_SECURE = TLS

SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_SSL_REDIRECT = TLS and env.bool("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# The last address in X-Forwarded-For is the one our own proxy saw; throttles and the list of sessions go by it.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "crm.web.requests.error_pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "connect-src": [SELF, *([LIVE_ORIGIN] if LIVE_ORIGIN else [])],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# The REST API (docs/api.md). Requests that a token, and all tokens of an organization together, may send in a minute.
API_RATE = env.int("API_RATE", default=12_000)
API_RATE_OF_TENANT = env.int("API_RATE_OF_TENANT", default=60_000)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.requests.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.requests.permissions.TokenPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["api.tokens.rate_limit.TokenRate"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.requests.json_body.JsonBodyParser"],
    "DEFAULT_PAGINATION_CLASS": "api.requests.paging.RecordPagination",
    "DEFAULT_SCHEMA_CLASS": "api.schema.operation_schema.OperationSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.requests.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Throughline API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["api.schema.document.close_request_schemas"],
}

# Language, zone, formats
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# Static files: bundles, hashed names and compression are made by collectstatic (crm/web/design/static_storage.py).
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "staticfiles"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "crm.web.design.icons.IconFinder",
]
STORAGES = {
    "default": file_storage(env, VAR_DIR / "files"),
    "staticfiles": {"BACKEND": "crm.web.design.static_storage.StaticStorage"},
}
# Room for files below which the health page alarms, in bytes.
FILES_LEAST_FREE = env.int("FILES_LEAST_FREE", default=1_000_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# An import may have 200 columns, and 200 words in each of seven of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# What arrives: raw bodies are kept so long once they are read; a webhook's body is refused above so many bytes.
INBOUND_KEPT_DAYS = env.int("INBOUND_KEPT_DAYS", default=30)
INBOUND_MOST_BYTES = env.int("INBOUND_MOST_BYTES", default=50_000_000)
# Webhook requests a channel may send in a minute before it is asked to come back.
INBOUND_RATE = env.int("INBOUND_RATE", default=12_000)
# Processes that call others (Celery's queue `io`), of all workers together: limits follow from it (io_claims.py).
IO_PROCESSES = env.int("IO_PROCESSES", default=4)
# Leads a door takes in a minute, and forms one visitor may send in that time.
INTAKE_RATE = env.int("INTAKE_RATE", default=6_000)
INTAKE_FORM_RATE = env.int("INTAKE_FORM_RATE", default=20)
# Files with the certificate and key (PEM) that PDFs are sealed with; empty: the installation makes its own. Earlier
# certificates, in one file, so that what they sealed can be verified. And the address of a timestamp authority.
SEAL_CERTIFICATE = env("SEAL_CERTIFICATE", default="")
SEAL_KEY = env("SEAL_KEY", default="")
SEAL_FORMER_CERTIFICATES = env("SEAL_FORMER_CERTIFICATES", default="")
SEAL_TIMESTAMP_URL = env("SEAL_TIMESTAMP_URL", default="")
# Sign-in to members' calendars: the credentials of this installation's app at each provider. Empty: not offered.
GOOGLE_CLIENT_ID = env("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = env("GOOGLE_CLIENT_SECRET", default="")
GOOGLE_AUTHORIZE_URL = env("GOOGLE_AUTHORIZE_URL", default="https://accounts.google.com/o/oauth2/v2/auth")
GOOGLE_TOKEN_URL = env("GOOGLE_TOKEN_URL", default="https://oauth2.googleapis.com/token")
GOOGLE_CALENDAR_URL = env("GOOGLE_CALENDAR_URL", default="https://www.googleapis.com/calendar/v3")
GOOGLE_BUSINESS_ACCOUNTS_URL = env(
    "GOOGLE_BUSINESS_ACCOUNTS_URL", default="https://mybusinessaccountmanagement.googleapis.com"
)
GOOGLE_BUSINESS_LOCATIONS_URL = env(
    "GOOGLE_BUSINESS_LOCATIONS_URL", default="https://mybusinessbusinessinformation.googleapis.com"
)
GOOGLE_REVIEWS_URL = env("GOOGLE_REVIEWS_URL", default="https://mybusiness.googleapis.com")
GOOGLE_REVOKE_URL = env("GOOGLE_REVOKE_URL", default="https://oauth2.googleapis.com/revoke")
# Mail servers as host:port:encryption (tls, starttls, none).
GMAIL_IMAP_SERVER = env("GMAIL_IMAP_SERVER", default="imap.gmail.com:993:tls")
GMAIL_SMTP_SERVER = env("GMAIL_SMTP_SERVER", default="smtp.gmail.com:465:tls")
OUTLOOK_IMAP_SERVER = env("OUTLOOK_IMAP_SERVER", default="outlook.office365.com:993:tls")
OUTLOOK_SMTP_SERVER = env("OUTLOOK_SMTP_SERVER", default="smtp.office365.com:587:starttls")
MICROSOFT_CLIENT_ID = env("MICROSOFT_CLIENT_ID", default="")
MICROSOFT_CLIENT_SECRET = env("MICROSOFT_CLIENT_SECRET", default="")
MICROSOFT_LOGIN_URL = env("MICROSOFT_LOGIN_URL", default="https://login.microsoftonline.com/common/oauth2/v2.0")
MICROSOFT_GRAPH_URL = env("MICROSOFT_GRAPH_URL", default="https://graph.microsoft.com/v1.0")
ZOOM_TOKEN_URL = env("ZOOM_TOKEN_URL", default="https://zoom.us/oauth/token")
ZOOM_API_URL = env("ZOOM_API_URL", default="https://api.zoom.us/v2")
# Where the payment providers are called; tests set servers of their own.
QUICKBOOKS_CLIENT_ID = env("QUICKBOOKS_CLIENT_ID", default="")
QUICKBOOKS_CLIENT_SECRET = env("QUICKBOOKS_CLIENT_SECRET", default="")
QUICKBOOKS_AUTHORIZE_URL = env("QUICKBOOKS_AUTHORIZE_URL", default="https://appcenter.intuit.com/connect/oauth2")
QUICKBOOKS_TOKEN_URL = env("QUICKBOOKS_TOKEN_URL", default="https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer")
QUICKBOOKS_API_URL = env("QUICKBOOKS_API_URL", default="https://quickbooks.api.intuit.com")
EXACT_CLIENT_ID = env("EXACT_CLIENT_ID", default="")
EXACT_CLIENT_SECRET = env("EXACT_CLIENT_SECRET", default="")
EXACT_API_URL = env("EXACT_API_URL", default="https://start.exactonline.nl")
MONEYBIRD_API_URL = env("MONEYBIRD_API_URL", default="https://moneybird.com/api/v2")
STRIPE_API_URL = env("STRIPE_API_URL", default="https://api.stripe.com")
MOLLIE_API_URL = env("MOLLIE_API_URL", default="https://api.mollie.com")
META_GRAPH_URL = env("META_GRAPH_URL", default="https://graph.facebook.com/v23.0")

# Mail to staff leaves through the outbox (crm.platform.models.StaffMail), never in a request; a demo's stays there.
vars().update(env.email_url("EMAIL_URL", default="dummymail://" if DEMO else "consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="Throughline <noreply@localhost>")
EMAIL_TIMEOUT = 20

LOGGING_CONFIG = "crm.platform.health.logs.configure_logging"
LOGGING = {"level": env("LOG_LEVEL", default="INFO"), "json": env.bool("LOG_JSON", default=not DEBUG)}
SLOW_QUERY_SECONDS = env.float("SLOW_QUERY_SECONDS", default=0.5)

# Metrics (docs/observability.md): the port of this service's endpoint, 0 for none, and who may read it.
METRICS_PORT = env.int("METRICS_PORT", default=0)
METRICS_BIND = env("METRICS_BIND", default="127.0.0.1")
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_FOLDER = Path(env("METRICS_FOLDER", default=str(VAR_DIR / "metrics")))
if METRICS_PORT:
    MIDDLEWARE.insert(0, "crm.platform.observability.recording.count_requests")
# Traces are sent where OpenTelemetry's own variables say; without one nothing is traced.
TRACES = bool(env("OTEL_EXPORTER_OTLP_ENDPOINT", default="") or env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", default=""))

# fields.W161: a default of 17:00 is no mistake, and it is taken for one at 17:00.
SILENCED_SYSTEM_CHECKS = ["fields.W161"]
