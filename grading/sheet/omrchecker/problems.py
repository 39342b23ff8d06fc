"""Everything that can be wrong with the files of a template or a picture of its sheet, each with its sentence.

`WrongTemplate.reason` and the reasons of `NotASheet` that only templates have are keys of `TEMPLATE_PROBLEMS`. The
site translates them: `gettext(TEMPLATE_PROBLEMS[code]).format(where=...)`.
"""

from uploads.problems import gettext_noop

TEMPLATE_PROBLEMS: dict[str, str] = {
    # files
    "no_template": gettext_noop("There is no template.json among these files."),
    "not_json": gettext_noop("{where} is not a JSON file. Please check it for a missing comma or quote."),
    "missing_key": gettext_noop("{where} is missing."),
    "unknown_key": gettext_noop("{where} is not a part of a template. Is it misspelled?"),
    "wrong_value": gettext_noop("{where} has a value that cannot be used there."),
    "wrong_label": gettext_noop("{where} is not a field name like q1 or a range like q1..10."),
    "same_label": gettext_noop("The field {where} occurs more than once."),
    "unknown_label": gettext_noop("The field {where} is not in the template."),
    "outside_page": gettext_noop("The bubbles of {where} lie outside of the page."),
    "too_many_bubbles": gettext_noop("The template has no bubbles, or more than 10,000."),
    "tiny_bubbles": gettext_noop("The bubbles of the template are too small for its page."),
    "unknown_step": gettext_noop("The preprocessor {where} is not known here."),
    "missing_file": gettext_noop("The file {where}, which the template needs, is not among these files."),
    "wrong_picture": gettext_noop("{where} is not a picture that can be used with a template."),
    "wrong_key": gettext_noop("The answer key cannot be read: {where}."),
    # pages
    "not_this_form": gettext_noop(
        "This picture does not show the sheet of the template. If it does, please take it again, flat and whole."
    ),
    "unsure_turn": gettext_noop("It is not clear which side of this page is up."),
}


class WrongTemplate(ValueError):
    """These files are no template. `reason` is a key of `TEMPLATE_PROBLEMS`, `where` the part that is wrong."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(TEMPLATE_PROBLEMS[reason].format(where=where))
        self.reason = reason
        self.where = where
