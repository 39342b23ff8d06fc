"""The Celery application; it finds every app's tasks.py in worker processes only."""

import os

from celery import Celery
from celery.signals import celeryd_after_setup, setup_logging

from config.garbage import set_aside, share_arenas, start_trimming

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

share_arenas()  # in every process of the site, before it starts threads
app = Celery("nunbit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["jobs"], related_name="process")
app.autodiscover_tasks(["jobs"], related_name="leftovers")
app.autodiscover_tasks(["trash", "visitors"], related_name="purging")
app.autodiscover_tasks(["administration"], related_name="upkeep")
setup_logging.connect(
    lambda **_kwargs: None, weak=False
)  # settings.LOGGING stays: Celery would set levels anew
celeryd_after_setup.connect(set_aside)
celeryd_after_setup.connect(start_trimming)
