"""What the search of the top line finds of exports."""

from django.utils.translation import gettext_lazy as _

from web.search import Place

PLACES = [Place(_("All that is mine"), "dataexport:export", also=_("Export, download my data"))]
