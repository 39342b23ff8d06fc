"""Photographs to try, for who has none at hand."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

FOLDER = settings.BASE_DIR / "static" / "classifier" / "samples"
SAMPLES = {
    "cat": _("A cat"),
    "coffee": _("A cup"),
    "rocket": _("A rocket"),
    "sign": _("A sign"),
}


def sample_file(name: str) -> SimpleUploadedFile:
    """As if it had been uploaded."""
    path = FOLDER / f"{name}.jpg"
    return SimpleUploadedFile(path.name, path.read_bytes())
