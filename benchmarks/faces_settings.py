"""Settings of benchmarks/generator.py: the site's, but only what faces need, so that little is to be installed beside
PyTorch on a machine that is lent for its GPU."""

from config.settings import *  # noqa: F403

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "accounts",
    "jobs",
    "registry",
    "generator",
]
ROOT_URLCONF = "benchmarks.faces_settings"  # no pages
urlpatterns: list[object] = []
MIDDLEWARE: list[str] = []
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
