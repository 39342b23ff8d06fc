from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grading.sheet.spec import ITEMS_OF
from registry.usage import Results


class GradingConfig(AppConfig):
    name = "grading"
    verbose_name = _("Grading")
    job_titles = {
        "grading.read_scan": _("Read answer sheets"),
        "grading.read_page": _("Read a page again"),
        "grading.read_roster": _("Read a roster"),
        "grading.import_exam": _("Take in an exam"),
    }
    corrections = {network: f"grading.reading.corrected_cells.corrected_{network}" for network in ITEMS_OF}
    results = [
        Results(
            "Answer",
            version="page__scan__readers",
            moment="page__scan__created_at",
            kind=network,
            among=Q(item__kind__in=items, paper__exam__trashed=None),
            corrected=Q(state="corrected"),
            certain=Q(state="certain"),
        )
        for network, items in ITEMS_OF.items()
    ]
