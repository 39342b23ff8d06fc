"""Exams from before layouts were stored get the one that their sheets were printed with.

The layout code is imported, not copied: it lays out as the release before this migration did (commit 9c7b836), and a
copy would be seven hundred lines. SAMPLE is the proof, in every database that has exams: where its fingerprint is
another one, the code has changed, and storing what it says would turn away all paper that was printed. Whoever changes
the code copies the old modules of grading/sheet beside this file first and imports them here.
"""

from django.db import migrations

from grading.sheet.layout import lay_out
from grading.sheet.spec import ItemSpec, SheetSpec
from grading.sheet.layout_json import write

SAMPLE = SheetSpec(
    "One of each",
    (
        *(ItemSpec(number, "choice", ("1", "2", "3", "4", "5")) for number in range(1, 41)),
        *(ItemSpec(number, "ox") for number in range(41, 47)),
        *(ItemSpec(number, "number", digits=3) for number in range(47, 51)),
        *(ItemSpec(number, "digits_grid", digits=2) for number in range(51, 53)),
        *(ItemSpec(number, "letter") for number in range(53, 57)),
        *(ItemSpec(number, "open", lines=4) for number in range(57, 59)),
    ),
    id_groups=(("Grade", 1), ("Class", 2), ("No.", 2)),
)
PRINTED = "E4UU"


def lay_out_exams(apps, _schema_editor):
    exams = apps.get_model("grading", "Exam").objects.filter(layouts=None, items__isnull=False).distinct()
    layouts = apps.get_model("grading", "SheetLayout").objects
    if exams.exists() and lay_out(SAMPLE).fingerprint != PRINTED:
        raise RuntimeError(
            "This release lays out sheets in another way than the one before, so it cannot tell how your exams were"
            " printed. Please upgrade to the release before this one first."
        )
    for exam in list(exams):
        spec = spec_of(exam)
        layouts.create(exam=exam, key=spec.key, content=write(lay_out(spec)))


def spec_of(exam):
    items = tuple(
        ItemSpec(
            item.number,
            item.kind,
            ("O", "X") if item.kind == "ox" else tuple(item.options),
            item.digits,
            float(item.points),
            item.lines,
        )
        for item in exam.items.order_by("number")
    )
    groups = tuple((label, digits) for label, digits in exam.id_groups)
    return SheetSpec(exam.title, items, exam.language, exam.paper, exam.id_digits, groups)


class Migration(migrations.Migration):
    dependencies = [("grading", "0002_sheet_layouts")]

    operations = [migrations.RunPython(lay_out_exams, migrations.RunPython.noop)]
