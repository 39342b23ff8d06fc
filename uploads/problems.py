"""Everything that can be wrong with an uploaded file, each with the sentence that a user reads.

The one home of these sentences: `BadFile.reason` is a key of `PROBLEMS`. The site translates them
(`gettext(str(problem))`); this package knows no Django, so `gettext_noop` only marks them.
"""


def gettext_noop(message: str) -> str:
    """The message itself: a mark for `makemessages`, which looks for calls of this name."""
    return message


PROBLEMS: dict[str, str] = {
    # any file
    "empty_file": gettext_noop("This file is empty. Please save it again."),
    "encrypted": gettext_noop("This file is protected by a password. Please save it without one."),
    "broken_file": gettext_noop("This file is damaged and cannot be opened. Please save or upload it again."),
    "too_demanding": gettext_noop(
        "This file cannot be opened with the memory and the time that a file may take. Please save it anew, smaller."
    ),
    "left_out": gettext_noop(
        "Other pages or files of this upload took too long to open, so this one was left out. Please upload it "
        "again by itself."
    ),
    # one picture
    "not_a_picture": gettext_noop(
        "This file is not a picture (JPEG, PNG, WebP, AVIF, GIF, BMP, TIFF, HEIC), whatever its name says."
    ),
    "pdf": gettext_noop("This is a PDF. Please turn it into a picture, PNG or JPEG, and upload that."),
    "several_pictures": gettext_noop(
        "This file holds several pictures: it moves or has pages. Please save the one you mean as PNG or JPEG."
    ),
    "picture_too_big": gettext_noop("This picture is larger than 100 MB. Please make it smaller."),
    "broken_picture": gettext_noop(
        "This picture is damaged or was cut off while it was copied. Please upload it again."
    ),
    "too_many_pixels": gettext_noop("This picture has more than 100 megapixels. Please make it smaller."),
    "too_long": gettext_noop(
        "A side of this picture is longer than 30,000 pixels. Please cut it or make it smaller."
    ),
    # scans
    "too_big": gettext_noop("This file is larger than 100 MB. Please split it or make it smaller."),
    "unknown_kind": gettext_noop(
        "This file is not a PDF, a picture (JPEG, PNG, TIFF, HEIC, WebP, AVIF, BMP, GIF, JPEG 2000) or a ZIP, "
        "whatever its name says."
    ),
    "too_small": gettext_noop(
        "This picture is too small to be an answer sheet. Please scan at 200 dpi or more."
    ),
    "broken_page": gettext_noop("This page is damaged and cannot be read. Please scan it again."),
    "too_many_pages": gettext_noop("This file has more than 500 pages. Please split it."),
    "odd_page": gettext_noop(
        "This page is far longer than it is wide: it is no page of paper. Please scan it again."
    ),
    "no_pages": gettext_noop("There is no page in this file."),
    # tables
    "table_too_big": gettext_noop("A roster is at most 5 MB."),
    "table_too_full": gettext_noop(
        "There is more text in this table than in any class list. Keep the columns with numbers, names and classes."
    ),
    "no_table": gettext_noop("This file is neither a CSV nor an XLSX table."),
    # archives
    "zip_too_big": gettext_noop("This ZIP unpacks to more than 1 GB. Please split it."),
    "zip_too_many_files": gettext_noop(
        "This ZIP holds more files than are taken at once (2,000; to learn from 10,000). Please split it."
    ),
    "zip_outside": gettext_noop(
        "This ZIP names files outside of itself, so it was not opened. Please make it again from the files alone."
    ),
    "broken_json": gettext_noop("A part of this file is damaged or too large to be read."),
    "zip_in_zip": gettext_noop("This is a ZIP inside a ZIP. Please unpack it and upload the scans."),
}


class BadFile(ValueError):
    """This file, or a page or picture of it, cannot be opened. `reason` is a key of `PROBLEMS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(PROBLEMS[reason])
        self.reason = reason

    def __reduce__(self) -> tuple[type["BadFile"], tuple[str]]:
        """Pickled by its reason: it is raised in one process and met in another."""
        return BadFile, (self.reason,)


# Rows of before hold them, and they are shown in Korean, too
SAID_BEFORE = (
    gettext_noop(
        "This file is not a PDF, a picture (JPEG, PNG, TIFF, HEIC, WebP) or a ZIP, whatever its name says."
    ),
    gettext_noop("This file is empty. Please scan or save it again."),
    gettext_noop(
        "This picture has more than 100 megapixels. Please scan at 200 to 300 dpi, or make it smaller."
    ),
    gettext_noop("This file is larger than 100 MB. Please split it, or scan at 200 to 300 dpi."),
    gettext_noop(
        "This ZIP names files outside of itself, so it was not opened. Please make it again from the scans alone."
    ),
    gettext_noop(
        "This file cannot be opened with the memory and the time that a file may take. Please save it anew, smaller, "
        "or scan it at 200 to 300 dpi."
    ),
)
