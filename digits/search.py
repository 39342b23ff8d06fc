"""What the search of the top line finds of digits: their pages, not each of the many drawings."""

from django.utils.translation import gettext_lazy as _

from web.search import Place

PLACES = [Place(_("Draw digits"), "digits:digits"), Place(_("What was read"), "digits:history")]
