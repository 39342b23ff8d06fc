from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.usage import Results


class ClassifierConfig(AppConfig):
    name = "classifier"
    verbose_name = _("Pictures")
    job_titles = {
        "classifier.look": _("Say what is in a picture"),
        "classifier.label": _("Name a picture"),
        "classifier.look_through": _("Look through an album"),
        "classifier.take_examples": _("Look at pictures to learn from"),
        "classifier.train": _("Teach a classifier"),
    }
    results = [
        Results("Picture", kind="classifier", corrected=~Q(right_label=""), certain=Q(is_certain=True))
    ]
