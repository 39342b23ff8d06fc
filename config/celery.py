"""The Celery application; it finds every app's tasks.py in worker processes only."""

import os

from celery import Celery
from celery.signals import celeryd_after_setup

from config.garbage import set_aside

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("nunbit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["jobs"], related_name="process")
celeryd_after_setup.connect(set_aside)
