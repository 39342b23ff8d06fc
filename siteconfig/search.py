"""What the search of the top line finds of the settings: each section."""

from django.utils.translation import gettext_lazy as _

from siteconfig.sections import SECTIONS
from web.search import Place

PLACES = [
    *(Place(section.title, section.url, section.may, section.says) for section in SECTIONS),
    Place(_("Privacy"), "administration:privacy"),
    Place(_("For programs: the API"), "docs"),
]
