"""An exam of Alice's, and the way from filled-in sheets to graded papers."""

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grading import services, tasks, template_exams
from grading.models import Exam, RosterUpload, Scan
from grading.tests.drawing import as_pdf
from grading.tests.forms_of_others import template_uploads

ITEMS = [
    {"number": 1, "kind": "choice", "options": 5, "answer": "3"},
    {"number": 2, "kind": "choice", "options": "A-E", "answer": ["A", "C"], "points": 2},
    {"number": 3, "kind": "ox", "answer": "O"},
    {"number": 4, "kind": "number", "digits": 3, "answer": "12"},
    {"number": 5, "kind": "digits_grid", "digits": 2, "answer": "7"},
    {"number": 6, "kind": "letter", "answer": "b"},
]
RIGHT = {1: "3", 2: "A,C", 3: "O", 4: "12", 5: "07", 6: "B"}


@pytest.fixture
def exam(alice) -> Exam:
    return services.create_exam(owner=alice, title="Midterm", language="en", id_digits=4, items=ITEMS)


@pytest.fixture
def harbour(alice) -> Exam:
    """An exam of a template."""
    return template_exams.create_exam(owner=alice, uploads=template_uploads(), title="Harbour", language="en")


@pytest.fixture
def upload(exam, alice):
    """Hand in filled-in pages as one PDF and read them as a worker does; answers the scan."""

    def hand_in(*pages: np.ndarray, more: tuple[SimpleUploadedFile, ...] = (), to: Exam = exam) -> Scan:
        files = [SimpleUploadedFile("class.pdf", as_pdf(*pages)), *more] if pages else list(more)
        scan = services.submit_scans(exam=to, uploads=files, owner=alice)
        tasks.read_scan(str(scan.job_id))
        return Scan.objects.get(pk=scan.pk)

    return hand_in


@pytest.fixture
def read_roster(alice):
    """Upload a table of students and read it as a worker does; answers what became of it."""

    def read(table: str | bytes, to: Exam, **how) -> RosterUpload:
        content = table.encode() if isinstance(table, str) else table
        file = SimpleUploadedFile("roster.csv", content)
        asked = services.submit_roster(exam=to, file=file, owner=alice, **how)
        tasks.read_roster(str(asked.job_id))
        return RosterUpload.objects.select_related("job").get(pk=asked.pk)

    return read
