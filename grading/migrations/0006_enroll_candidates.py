"""Whoever sat an exam gets a place in a class of its teacher: of the school year in which the exam was made."""

from django.db import migrations
from django.utils.timezone import localtime

SCHOOL_YEAR_BEGINS = 3  # month


def enroll(apps, schema_editor):
    candidates = apps.get_model("grading", "Candidate").objects.select_related("exam__owner")
    for candidate in candidates.order_by("-exam__created_at", "pk").iterator():
        candidate.enrollment = enrollment_of(apps, candidate.exam, candidate)
        candidate.save(update_fields=["enrollment"])


def enrollment_of(apps, exam, candidate):
    """That of a later exam where number and name are the same; who only shares a number sat it and left."""
    SchoolClass = apps.get_model("school", "SchoolClass")
    Student = apps.get_model("school", "Student")
    day = localtime(exam.created_at)
    year = day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1
    name = candidate.class_name or exam.title[:100]
    school_class, _is_new = SchoolClass.objects.get_or_create(owner=exam.owner, year=year, name=name)
    there = school_class.enrollments.filter(number=candidate.number)
    if same := there.filter(student__name=candidate.name).first():
        return same
    left_at = day if there.filter(left_at=None).exists() else None
    student = Student.objects.create(name=candidate.name)
    return school_class.enrollments.create(student=student, number=candidate.number, left_at=left_at)


class Migration(migrations.Migration):
    dependencies = [("grading", "0005_candidates")]

    operations = [migrations.RunPython(enroll, migrations.RunPython.noop)]
