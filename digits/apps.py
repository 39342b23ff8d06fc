from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DigitsConfig(AppConfig):
    name = "digits"
    verbose_name = _("Digits")
    job_titles = {
        "digits.read": _("Read handwritten digits"),
        "digits.look_inside": _("Look inside the network"),
    }
