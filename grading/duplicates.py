"""An exam once more, for another class or the next year: what is asked, and nothing of who answered."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from grading.models import Exam, Item
from web.files import folder_goes_with_row

SAME = (
    "language",
    "paper",
    "id_digits",
    "id_groups",
    "versions",
    "rounding",
    "is_never_negative",
    "orders",
    "grades",
)


def duplicate_exam(*, exam: Exam, owner: User) -> Exam:
    """With the same items, key and template. Its code is its own: the other's sheets are none of it."""
    longest = Exam._meta.get_field("title").max_length
    title = (_("%(title)s, copy") % {"title": exam.title})[:longest]
    copy = Exam(owner=owner, title=title, **{name: getattr(exam, name) for name in SAME})
    with transaction.atomic():
        copy.save()
        with folder_goes_with_row(copy.folder):
            copy.template = with_own_files(exam, copy)
            copy.save(update_fields=["template"])
            Item.objects.bulk_create(copied_items(exam, copy))
            copy.stored_layout()
    return copy


def copied_items(exam: Exam, copy: Exam) -> list[Item]:
    items = list(exam.items.all())
    for item in items:
        item.pk, item.exam = None, copy
        item._state.adding = True
    return items


def with_own_files(exam: Exam, copy: Exam) -> dict[str, Any]:
    """The template, its pictures in the copy's folder."""
    template: Mapping[str, Any] = exam.template
    paths = {*template.get("pictures", {}).values(), *filter(None, [template.get("sheet")])}
    moved = {path: copied_file(path, exam.folder, copy.folder) for path in sorted(paths)}
    own = {"pictures": {name: moved[path] for name, path in template.get("pictures", {}).items()}}
    own |= {"sheet": moved[template["sheet"]]} if template.get("sheet") else {}
    return {**template, **own} if template else {}


def copied_file(path: str, folder: str, to: str) -> str:
    with default_storage.open(path) as file:
        return default_storage.save(path.replace(folder, to, 1), file)
