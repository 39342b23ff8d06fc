"""An exam of Alice's, and the way from filled-in sheets to graded papers."""

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grading import services, tasks
from grading.models import Exam, Scan
from grading.tests.drawing import as_pdf
from registry.models import ModelVersion

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
def upload(exam, alice):
    """Hand in filled-in pages as one PDF and read them as a worker does; answers the scan."""

    def hand_in(*pages: np.ndarray, more: tuple[SimpleUploadedFile, ...] = (), to: Exam = exam) -> Scan:
        files = [SimpleUploadedFile("class.pdf", as_pdf(*pages)), *more] if pages else list(more)
        scan = services.submit_scans(exam=to, uploads=files, owner=alice)
        tasks.read_scan(str(scan.job_id))
        return Scan.objects.get(pk=scan.pk)

    return hand_in


class FakeReader:
    certain = 0.99

    def __init__(self, kind):
        self.kind = kind

    def read(self, cells):
        ink = (cells[:, 9:23, 9:23] < 120).mean((1, 2))
        if self.kind == "marks":
            p = np.full((len(cells), 7), 1e-5, np.float32)
            p[ink > 0.4, 1] = p[ink <= 0.4, 0] = 0.9999
            return p
        blank = {"digits": 12, "letters": 5}[self.kind]
        p = np.full((len(cells), blank + 2), 1e-5, np.float32)
        p[ink < 0.02, blank] = 0.9999
        p[ink >= 0.02, :blank] = 1 / blank
        return p


@pytest.fixture(autouse=True)
def fake(monkeypatch, db):
    ModelVersion.objects.all().delete()
    for kind in ("marks", "digits", "letters"):
        ModelVersion.objects.create(kind=kind, name=kind, sha256=kind, card={"certain": 0.99}, state="active")
    monkeypatch.setattr(tasks, "loaded", FakeReader)
