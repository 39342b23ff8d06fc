"""Why something is in review or was turned away: codes in the rows, sentences for people."""

from django.utils.translation import gettext, gettext_noop

from grading.sheet.interpret import DOUBTS
from grading.sheet.omrchecker.problems import TEMPLATE_PROBLEMS
from grading.sheet.problems import PROBLEMS

REASONS: dict[str, str] = {
    **PROBLEMS,
    **DOUBTS,
    # of a template's sheets
    **{code: TEMPLATE_PROBLEMS[code] for code in ("not_this_form", "faint_print", "unsure_turn")},
    # pages that were turned away
    "other_exam": gettext_noop("This page belongs to another exam."),
    "old_sheet": gettext_noop(
        "This sheet was printed before the items were changed, so its boxes are elsewhere."
    ),
    "duplicate_page": gettext_noop("This page of this student is already there with the same answers."),
    "replaced": gettext_noop("Another page has taken its place in the student's paper."),
    "taken_out": gettext_noop("A person took this page out of its paper."),
    # pages that a person gave their place
    "placed_by_hand": gettext_noop(
        "This page was not found by its print, so every answer on it is to be looked at."
    ),
    "typed_in": gettext_noop("Nobody has typed in this answer yet."),
    # whose paper is it
    "code_unreadable": gettext_noop("The square code cannot be read; the page was read by its print alone."),
    "student_missing": gettext_noop("The student number is empty."),
    "student_unreadable": gettext_noop("The student number cannot be read with certainty."),
    "student_disagrees": gettext_noop("The printed, marked and written student numbers do not agree."),
    "not_on_roster": gettext_noop("No student on the roster has this number."),
    "duplicate_student": gettext_noop("There is another paper with this student number."),
    # the whole paper
    "other_version": gettext_noop("Its answers fit the key of another version far better."),
    "missing_page": gettext_noop("A page of this paper is missing."),
    "empty_paper": gettext_noop("Nothing is marked on this paper."),
}


def reason_text(code: str) -> str:
    """What a person reads in the language of the moment; "" for no reason."""
    return gettext(REASONS[code]) if code else ""
