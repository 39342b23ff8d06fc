"""Everything that can be wrong with the files of a template or a picture of its sheet, each with its sentence.

`WrongTemplate.reason` and the reasons of `NotASheet` that only templates have are keys of `TEMPLATE_PROBLEMS`. The
site translates them: `gettext(TEMPLATE_PROBLEMS[code]).format(where=..., example=...)`.
"""

from uploads.problems import gettext_noop

TEMPLATE_PROBLEMS: dict[str, str] = {
    # files
    "no_template": gettext_noop("There is no template.json among these files."),
    "not_json": gettext_noop("{where} is not a JSON file. Please check it for a missing comma or quote."),
    "too_large": gettext_noop(
        "{where} is far larger than such a file has to be. Please keep in it only what the template needs."
    ),
    "missing_file": gettext_noop(
        "The file {where}, which the template needs, is not there. Please put it there, or correct its path."
    ),
    "wrong_picture": gettext_noop(
        "{where} is not a picture that can be used with a template. Please use a PNG or JPEG that shows something."
    ),
    # values
    "missing_key": gettext_noop("{where} is missing. Please add it, for example {example}."),
    "unknown_key": gettext_noop("{where} is not a part of a template. Please write one of these: {example}."),
    "wrong_value": gettext_noop(
        "{where} has a value that cannot be used there. Please write it like this: {example}."
    ),
    "not_one_of": gettext_noop("{where} is not known here. Please write one of these: {example}."),
    "same_value": gettext_noop("{where} has a value twice. Please give each bubble a value of its own."),
    # fields
    "wrong_label": gettext_noop("{where} is not a field name like q1 or a range like q1..10."),
    "backward_range": gettext_noop("{where} does not count upwards. Please write a range like q1..10."),
    "long_range": gettext_noop("{where} names more than 10,000 fields. Please write a shorter range."),
    "same_label": gettext_noop(
        "The field {where} occurs more than once. Please give each field a name of its own."
    ),
    "unknown_label": gettext_noop(
        "The field {where} is not in the template. Please write a name that is in its fieldBlocks or customLabels."
    ),
    # places
    "outside_page": gettext_noop(
        "The bubbles of {where} lie outside of the page. Please correct the origin and the gaps of its block, or "
        "pageDimensions."
    ),
    "overlapping": gettext_noop(
        "Bubbles of {where} lie on each other. Please correct origin, bubblesGap or labelsGap of their block."
    ),
    "no_bubbles": gettext_noop("The template has no bubbles. Please add a block to its fieldBlocks."),
    "too_many_bubbles": gettext_noop("The template has more than 10,000 bubbles. Please split it."),
    "tiny_bubbles": gettext_noop(
        "The bubbles of the template are too small for its page. Please check bubbleDimensions and pageDimensions: "
        "both are in pixels of the same picture."
    ),
    # the key
    "wrong_key": gettext_noop(
        "The right answer of {where} cannot be read. Please write it like this: {example}."
    ),
    "wrong_points": gettext_noop("{where} has no points that can be read. Please write {example}."),
    "answer_count": gettext_noop("{where} does not have one answer for each question: {example}."),
    "key_not_read": gettext_noop(
        "The answer key cannot be read from {where}: it does not show a sheet of the template. Please take the picture "
        "again, flat and whole."
    ),
    "key_in_doubt": gettext_noop(
        "In the picture of the answer key, {where} is in doubt. Please mark one bubble clearly, or write the key into "
        "evaluation.json."
    ),
    "key_unmarked": gettext_noop(
        "In the picture of the answer key, {where} is not marked. Please mark it, or take it out of "
        "questions_in_order."
    ),
    # pages
    "not_this_form": gettext_noop(
        "This picture does not show the sheet of the template. If it does, please take it again, flat and whole."
    ),
    "faint_print": gettext_noop(
        "Some of the printed bubbles cannot be seen here, so that it is not sure where they are."
    ),
    "unsure_turn": gettext_noop("It is not clear which side of this page is up."),
}
LONGEST = 120  # of what a sentence cites


class WrongTemplate(ValueError):
    """These files are no template. `reason` is a key of `TEMPLATE_PROBLEMS`, `where` the part that is wrong, `example`
    what to write there."""

    def __init__(self, reason: str, where: str = "", example: str = "") -> None:
        where = cited(where)
        super().__init__(TEMPLATE_PROBLEMS[reason].format(where=where, example=example))
        self.reason = reason
        self.where = where
        self.example = example

    def __reduce__(self) -> tuple[type["WrongTemplate"], tuple[str, str, str]]:
        """Pickled by its parts: it is raised in one process and met in another."""
        return WrongTemplate, (self.reason, self.where, self.example)


def cited(text: str) -> str:
    """What somebody wrote, as it may stand in a sentence: short, and nothing that moves a terminal's cursor."""
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return "".join(sign if sign.isprintable() else "�" for sign in short)
