"""The part that classes have in an example: one whose students sit its exam."""

from django.utils.translation import gettext as _

from example.models import Example
from school.roster.rows import RosterRow
from school.services import create_class, free_name, put_students
from trash.models import Trashable

FIRST = 20301  # grade 2, class 3, number 1


def make(example: Example) -> list[Trashable]:
    if not example.owner.is_teacher:
        return []
    # Translators: 13 names of students of a country that speaks the language, with commas between them
    names = _(
        "Olivia Bennett, Noah Carter, Amelia Diaz, Liam Evans, Sophia Fisher, Ethan Grant, Mia Hughes, Lucas Ito, "
        "Isla Jones, Henry Khan, Grace Lewis, Oscar Moore, Ruby Nelson"
    ).split(", ")
    school_class = create_class(owner=example.owner, name=free_name(example.owner_id, _("Example class")))
    rows = [RosterRow(str(number), name) for number, name in enumerate(names, FIRST)]
    put_students(school_class=school_class, rows=rows)
    return [school_class]
