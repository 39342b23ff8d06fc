"""Everything that can be wrong with a file or a page, each with the sentence that a user reads.

What is wrong with a file is said in `uploads.problems`, what is wrong with a page here: `BadFile.reason`,
`NotASheet.reason` and `PageImage.problem` are keys of `PROBLEMS`. The site translates them
(`gettext(PROBLEMS[reason])`); this package knows no Django, so `gettext_noop` only marks them.
"""

from uploads.problems import PROBLEMS as FILE_PROBLEMS
from uploads.problems import gettext_noop

PROBLEMS: dict[str, str] = {
    **FILE_PROBLEMS,
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
