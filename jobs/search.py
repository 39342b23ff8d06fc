"""What the search of the top line finds of jobs: the page of them; their results are found where they are."""

from django.utils.translation import gettext_lazy as _

from web.search import Place

PLACES = [Place(_("History"), "jobs:history")]
