"""What may be the logo of the site: a small picture, which a web process may open to see whether it is whole."""

from typing import BinaryIO, cast

import filetype
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

from uploads.headers import LIGHT_BYTES, is_light
from uploads.pictures import check_picture, open_rgb
from web.refusals import bad_file_refused

KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
MOST_BYTES = LIGHT_BYTES


def checked_kind(file: File) -> str:
    """Of KINDS, by its content. Raises ValidationError where it is no such picture, not small, or damaged."""
    stream = cast(BinaryIO, file.file)
    with bad_file_refused():
        check_picture(stream)
        if not is_light(stream):
            raise ValidationError(
                _("A logo is a PNG, JPEG or WebP of at most 1 MB and 2 megapixels. Please make it smaller.")
            )
        content = stream.read()
        open_rgb(content)
    stream.seek(0)
    return str(filetype.guess_extension(content))
