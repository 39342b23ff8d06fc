"""What the search of the top line finds of the trash."""

from django.utils.translation import gettext_lazy as _

from web.search import Place

PLACES = [Place(_("Trash"), "trash:trash"), Place(_("Delete my account"), "trash:delete_account")]
