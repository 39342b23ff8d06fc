"""Settings, all from the environment; docs/operations.md lists them. None is needed to start.

Without REDIS_URL the site runs on this machine alone: SQLite, wake-ups by datagrams, an idle in-memory broker.
With it, any number of web and worker processes share PostgreSQL, Redis and storage.
"""

from pathlib import Path

from corsheaders.defaults import default_headers
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config.api import DRF_STANDARDIZED_ERRORS, REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 (settings)
from config.environment import (
    env,
    read_bool,
    read_database,
    read_folder,
    read_int,
    read_log_format,
    read_log_level,
    read_mail,
    read_networks,
    read_oidc,
    read_origins,
    read_redis,
    read_secret_key,
    read_time_zone,
    read_token,
    refuse,
)
from config.headers import content_security_policy, permissions_policy
from config.logs import logging_settings
from config.periodic import beat_schedule, periodic_tasks
from web.tls.addresses import own_hosts

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = read_folder("DATA_DIR", BASE_DIR / "var")

REDIS_URL = read_redis()
DEBUG = read_bool("DEBUG", False)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}
TLS = read_bool("TLS", False)  # `manage.py up` serves TLS, too, with certificates of its own authority
TLS_PORT = read_int("TLS_PORT", 8443, least=1, most=65535)
PLAIN_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
TLS_HOSTS = own_hosts() if TLS else []  # the first is what others are shown
ALLOWED_HOSTS = [*PLAIN_HOSTS, *(host for host in TLS_HOSTS if host not in PLAIN_HOSTS)]
CSRF_TRUSTED_ORIGINS = read_origins("CSRF_TRUSTED_ORIGINS")


def kept_secret_key() -> str:
    """The key of this machine: made at the first start, kept in DATA_DIR, readable by its owner only."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text().strip()


IS_PUBLIC = bool(set(ALLOWED_HOSTS) - LOCAL_HOSTS)
if DEBUG and IS_PUBLIC:
    refuse("DEBUG shows secrets to visitors: unset it, or allow local hosts only.")
SECRET_KEY = read_secret_key(is_shared=bool(REDIS_URL), is_public=IS_PUBLIC) or kept_secret_key()

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "corsheaders",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "rest_framework",
    "accounts",
    "audit",
    "backups",
    "trash",
    "jobs",
    "example",
    "dataexport",
    "reference",
    "visitors",
    "school",
    "registry",
    "siteconfig",
    "administration",
    # as in the menu: search and the first page name them in this order
    "grading",
    "classifier",
    "digits",
    "generator",
]

MIDDLEWARE = [
    "web.proxies.TrustedProxyMiddleware",
    "web.logs.RequestLogMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.headers.PolicyMiddleware",
    "config.headers.PermissionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.tls.middleware.TlsMiddleware",  # before whatever reads cookies
    "django.contrib.sessions.middleware.SessionMiddleware",
    "siteconfig.middleware.SiteLanguageMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "web.disk.DiskMiddleware",  # before whatever reads the body
    "web.middleware.InputMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.FormMiddleware",
    "web.middleware.MethodMiddleware",
    "axes.middleware.AxesMiddleware",
    "generator.middleware.FacesMiddleware",
    "web.middleware.QuotaMiddleware",
    "accounts.middleware.SeenMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["web.durations", "web.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "generator.middleware.faces_context",
                "jobs.context.jobs_context",
                "siteconfig.context.site_context",
            ],
        },
    },
]

HOST = env.str("HOST", default="") or ("0.0.0.0" if TLS else "127.0.0.1")  # where `manage.py up` listens
PORT = read_int("PORT", 8000, least=1, most=65535)

# database
DATABASES = {"default": read_database(f"sqlite:///{DATA_DIR / 'nunbit.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "config.sqlite"
    # Writers queue up instead of failing: with Django's defaults web and worker collide as "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # opening the file anew costs more than a small request
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # a file: a real worker shares it
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# jobs
BROKER_IS_LOCAL = not REDIS_URL
JOB_LEASE_SECONDS = read_int("JOB_LEASE_SECONDS", 30, least=3, most=3600)
WORKER_THREADS = read_int("WORKER_THREADS", 2, least=1, most=64)
WORKER_MEMORY_MB = read_int("WORKER_MEMORY_MB", 2000, least=500, most=1_000_000)  # more, and it is replaced
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the rows are polled meanwhile
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {  # a killed worker's messages come back after 8 s instead of 104 s
        "visibility_timeout": 300,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "unacked_restore_limit": 100,
        # Whoever sends waits for a Redis that does not answer no longer than this.
        "socket_connect_timeout": 2,
        "socket_timeout": 4,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
    if REDIS_URL
    else {"polling_interval": 1.0}  # nothing passes through it
)
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_PUBLISH_RETRY = False  # the poll of the workers is the retry
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
PERIODIC_TASKS = periodic_tasks(has_redis=bool(REDIS_URL))  # the clock is beat, on one machine `manage.py up`
CELERY_BEAT_SCHEDULE = beat_schedule(PERIODIC_TASKS)

# people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
vars().update(read_oidc())  # OIDC_NAME, OIDC_ISSUER, …: the school's login
OIDC_TIMEOUT = 10  # seconds that somebody waits for a provider that does not answer
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
PASSWORD_RULES = ("UserAttributeSimilarity", "MinimumLength", "CommonPassword")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"} for name in PASSWORD_RULES
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]  # not to be kept as they were typed
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
NAME_FAILURE_LIMIT = 50  # of one name from all addresses from which it never signed in
ADDRESS_FAILURE_LIMIT = 200  # from one address of all names that never signed in from it: a class mistypes
AXES_HANDLER = "accounts.lockout.LoginLimits"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_response"
AXES_VERBOSE = False

# mail; without a server nothing is sent, and pages show what a mail would say
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
vars().update(read_mail())  # EMAIL_HOST, EMAIL_PORT, …
EMAIL_TIMEOUT = 10  # seconds that somebody waits for a server that does not answer
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or "nunbit@localhost"

# quotas of one person; 0 is none
QUOTA_JOBS = read_int("QUOTA_JOBS", 500, 0, 1_000_000)  # that wait or run at the same time
QUOTA_GB = read_int("QUOTA_GB", 50, 0, 1_000_000)  # of uploads that are kept
QUOTA_REQUESTS = read_int("QUOTA_REQUESTS", 3000, 0, 1_000_000)  # in a minute

# parts
# The account that holds what people who are not signed in send to /upload and /upload2; empty: nobody may
UPLOADS_OF_ANYBODY = env.str("UPLOADS_OF_ANYBODY", default="")
FACES = read_bool("FACES", True)  # their networks learned from photographs for non-commercial research

# safety
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = read_networks("TRUSTED_PROXIES", ["127.0.0.1", "::1"])  # their X-Forwarded-… are believed
BEHIND_TLS = read_bool("BEHIND_TLS", False)
if TLS and BEHIND_TLS:
    refuse(
        "TLS and BEHIND_TLS are both set: leave TLS to the proxy, or unset BEHIND_TLS and let people come here."
    )
if TLS and TLS_PORT == PORT:
    refuse(f"TLS_PORT and PORT are both {PORT}: set one of them to another port.")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # pages bring the token
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked beside the proxy, by machines
    SECURE_HSTS_SECONDS = read_int("HSTS_SECONDS", 365 * 24 * 3600, 0, 10 * 365 * 24 * 3600)
    # Other names under this one, and the lists that browsers ship with, are not Nunbit's to decide on.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CORS_ALLOWED_ORIGINS = read_origins("CORS_ALLOWED_ORIGINS")  # whose pages may ask the API, each with a token
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [*default_headers, "idempotency-key", "prefer", "x-request-id"]
CORS_EXPOSE_HEADERS = ["Location", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
CORS_EXPOSE_HEADERS += ["X-Request-ID"]
METRICS_TOKEN = read_token("METRICS_TOKEN")
CONTENT_SECURITY_POLICY = content_security_policy(is_behind_tls=BEHIND_TLS)
PERMISSIONS_POLICY = permissions_policy()

# languages
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = read_time_zone("Asia/Seoul")
USE_TZ = True
FORM_RENDERER = "web.forms.Renderer"
FORMAT_MODULE_PATH = "config.formats"

# files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # no collectstatic step: files are served from where they lie
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/fonts/[a-z]+-[\d.]+/"  # each version has a folder of its own
MEDIA_ROOT = DATA_DIR / "files"  # private: only views that check the owner read it
# Networks readied for the CPU
MODEL_CACHE_DIR = Path(env.str("MODEL_CACHE_DIR", default=str(DATA_DIR / "models")))
DATA_FOLDER = env.str("DATA_FOLDER", default="")  # public collections that the pages may train from
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"  # beside MEDIA_ROOT: a file is moved there, not copied
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
DISK_RESERVE_MB = read_int("DISK_RESERVE_MB", 500, least=0, most=1_000_000)  # below it uploads are refused
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 2000

LOGGING = logging_settings(read_log_level(), read_log_format())
