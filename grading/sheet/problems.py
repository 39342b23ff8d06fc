"""Everything that can be wrong with a file or a page, each with the sentence that a user reads.

The one home of these sentences: `BadFile.reason`, `NotASheet.reason` and `PageImage.problem` are its keys. The site
translates them (`gettext(PROBLEMS[reason])`); this package knows no Django, so `gettext_noop` only marks them.
"""


def gettext_noop(message: str) -> str:
    """The message itself: a mark for `makemessages`, which looks for calls of this name."""
    return message


PROBLEMS: dict[str, str] = {
    # files
    "empty_file": gettext_noop("This file is empty. Please scan or save it again."),
    "too_big": gettext_noop("This file is larger than 100 MB. Please split it, or scan at 200 to 300 dpi."),
    "unknown_kind": gettext_noop(
        "This file is not a PDF, a picture (JPEG, PNG, TIFF, HEIC, WebP) or a ZIP, whatever its name says."
    ),
    "encrypted": gettext_noop("This file is protected by a password. Please save it without one."),
    "broken_file": gettext_noop("This file is damaged and cannot be opened. Please save or upload it again."),
    "broken_page": gettext_noop("This page is damaged and cannot be read. Please scan it again."),
    "broken_picture": gettext_noop(
        "This picture is damaged or was cut off while it was copied. Please upload it again."
    ),
    "too_many_pages": gettext_noop("This file has more than 500 pages. Please split it."),
    "too_many_pixels": gettext_noop(
        "This picture has more than 100 megapixels. Please scan at 200 to 300 dpi, or make it smaller."
    ),
    "too_small": gettext_noop(
        "This picture is too small to be an answer sheet. Please scan at 200 dpi or more."
    ),
    "zip_too_big": gettext_noop("This ZIP unpacks to more than 1 GB. Please split it."),
    "zip_too_many_files": gettext_noop("This ZIP holds more than 2,000 files. Please split it."),
    "zip_outside": gettext_noop(
        "This ZIP names files outside of itself, so it was not opened. Please make it again from the scans alone."
    ),
    "zip_in_zip": gettext_noop("This is a ZIP inside a ZIP. Please unpack it and upload the scans."),
    "no_pages": gettext_noop("There is no page in this file."),
    # pages
    "blank_page": gettext_noop("This page is blank."),
    "no_markers": gettext_noop(
        "This page has no corner markers of an answer sheet. If it is one, please scan it again, flat and whole."
    ),
    "one_marker": gettext_noop(
        "Only one of the four corner markers can be seen. Please scan the sheet again, with all of its corners."
    ),
    "two_sheets": gettext_noop(
        "There is more than one answer sheet in this picture. Please scan them one by one."
    ),
    "odd_markers": gettext_noop(
        "The corner markers do not form a page. Please lay the sheet flat and scan it again, with nothing over it."
    ),
    "low_resolution": gettext_noop(
        "The sheet is too small in this picture to be read. Please go closer, or scan at 200 dpi or more."
    ),
    "wrong_form": gettext_noop("The print on this page does not match the answer sheet that its code names."),
    "foreign_code": gettext_noop("The code on this page is not that of an answer sheet made here."),
    "no_code": gettext_noop(
        "The square code of this sheet cannot be read, so its exam and page are not known."
    ),
}


class BadFile(ValueError):
    """This file, or a page or picture of it, cannot be opened. `reason` is a key of `PROBLEMS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(PROBLEMS[reason])
        self.reason = reason
