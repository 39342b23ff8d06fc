"""What the search of the top line finds of the log: one's own. That of all is a section of the settings."""

from django.utils.translation import gettext_lazy as _

from web.search import Place

PLACES = [Place(_("Log of my things"), "audit:own_log")]
