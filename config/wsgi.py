"""The WSGI application that gunicorn serves."""

import os

import django
from django.urls import get_resolver

from config.garbage import set_aside
from web.heads import Site

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
application = Site()
get_resolver().url_patterns  # noqa: B018 (loads every app's views now, not in the first request)
set_aside()
