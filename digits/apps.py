from django.apps import AppConfig
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.usage import Results


class DigitsConfig(AppConfig):
    name = "digits"
    verbose_name = _("Digits")
    job_titles = {
        "digits.read": _("Read handwritten digits"),
        "digits.look_inside": _("Look inside the network"),
    }
    corrections = {"digits": "digits.models.corrected_digits"}
    results = [
        Results(
            "Reading",
            kind="digits",
            corrected=~Q(right_text="") & ~Q(right_text=F("text")),
            certain=Q(is_certain=True),
        )
    ]
