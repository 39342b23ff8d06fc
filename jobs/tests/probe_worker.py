"""A worker of this site that knows the tasks of `probe` alone: without PyTorch it starts in a third of the time."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("nunbit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["jobs"], related_name="process")
app.autodiscover_tasks(["jobs.tests"], related_name="probe")
