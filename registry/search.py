"""What the search of the top line finds of the networks: their pages."""

from django.utils.translation import gettext_lazy as _

from web.search import Place, is_admin

PLACES = [
    Place(_("The networks"), "registry:models"),
    Place(_("Trainings side by side"), "registry:compare"),
    Place(_("What was live when"), "registry:log", is_admin),
    Place(_("Upload a network"), "registry:upload", is_admin),
    Place(_("Train a network"), "registry:train", is_admin),
]
