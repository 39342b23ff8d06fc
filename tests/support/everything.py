"""A row of every kind that an address of the site may be about, without a worker."""

import io
import zipfile

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.services import make_token
from accounts.sharing import share
from classifier.services.pictures import submit_album
from classifier.tests.findings import a_picture, jpeg
from classifier.tests.taught import a_classifier, a_version
from dataexport import services as dataexport
from dataexport.models import Export
from digits.models import Reading
from digits.services import look_inside, read
from example.models import Example
from example.services import load
from generator.tests.orders import a_film
from grading import services, template_exams
from grading.models import (
    Answer,
    Candidate,
    Exam,
    ExamImport,
    PageCells,
    Paper,
    Release,
    ReleasedPaper,
    RosterUpload,
    Scan,
    ScanPage,
)
from grading.papers.scores import rescore
from grading.reading.rejected_pages import assign_page
from grading.results.regrade_requests import ask
from grading.results.releases import token_of
from grading.rosters import add_candidate
from grading.tests.forms_of_others import template_uploads
from grading.transfer.imports import submit_import
from jobs.models import Job, Status
from registry.models import Disagreement, ModelVersion, Upload
from registry.services import begin_shadow, begin_training, measure, upload
from school.lists import submit_list
from school.models import ListUpload, SchoolClass
from school.roster.rows import RosterRow
from school.services import create_class, put_students, set_class_code
from trash import services as trash


def one_of_each_kind(owner: User) -> dict[str, object]:
    """Names of path arguments → their values."""
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    exam = services.create_exam(owner=owner, title="Midterm", language="en", id_digits=2, items=items)
    blank = io.BytesIO()
    services.write_sheets(exam=exam, out=blank)
    upload = SimpleUploadedFile("class.pdf", blank.getvalue())
    scan = services.submit_scans(exam=exam, uploads=[upload], owner=owner)
    paper = graded_paper(exam, scan)
    rejected = a_rejected_page(scan)
    template_exam = a_template_exam(owner)
    token, _key = make_token(user=owner, name="script")
    pets = a_classifier(owner)
    reading = answered_reading(owner)
    picture = a_picture(owner)
    share(row=picture)
    film = a_film(owner)
    share(row=film)
    school_class = a_class(owner)
    return {
        "class": school_class.pk,
        "class_code": school_class.code,
        "enrollment": school_class.enrollments.get().pk,
        "list_job": school_class.uploads.get(is_preview=False).job_id,
        "list_preview": school_class.uploads.get(is_preview=True).pk,
        "person": User.objects.create_user("dana").pk,
        "exam": exam.pk,
        "template_exam": template_exam.pk,
        "scan": scan.pk,
        "roster_preview": a_roster_preview(exam, owner).pk,
        "roster_upload": a_roster(exam, owner).pk,
        "candidate": a_candidate(template_exam, owner).pk,
        "exam_import": an_import(owner).pk,
        "job": scan.job_id,
        "paper": paper.pk,
        "page": paper.pages.get().pk,
        "rejected_page": rejected.pk,
        "page_job": assign_page(page=rejected, student="01", sheet_page=1, by=owner).job_id,
        "token": token.pk,
        "release_token": token_of(released := a_release(exam, paper)),
        "regrade_request": ask(released=released, text="Please look again.", number=1).pk,
        "classifier": pets.pk,
        "label": pets.labels.first().pk,
        "example": pets.examples.first().pk,
        "taught": a_version(pets).pk,
        "course": pets.trainings.get().pk,
        "reading": reading.pk,
        "reading_job": reading.job_id,
        "share_key": reading.share_key,
        "picture": picture.pk,
        "picture_job": picture.job_id,
        "picture_key": picture.share_key,
        "album": submit_album(owner=owner, files=[jpeg(), jpeg()]).pk,
        "order": film.pk,
        "order_job": film.job_id,
        "order_key": film.share_key,
        "model": ModelVersion.objects.active("digits").pk,
        "other_model": (other := ModelVersion.objects.get(name="digits_dense")).pk,
        "disagreement": a_disagreement(other, reading.job).pk,
        "measurement": measure(version=other, owner=owner).pk,
        "upload": (sent := an_upload(owner)).pk,
        "upload_job": sent.job_id,
        "loaded_example": (example := an_example(owner, exam)).pk,
        "example_job": example.job_id,
        "export": (export := a_finished_export(owner)).pk,
        "export_job": export.job_id,
        "trashed": a_trashed_reading(owner).trashed_id,
        "training": begin_training(kind="digits", architecture="cnn", seed=1, epochs=9, curves=[]).pk,
    }


def a_class(owner: User) -> SchoolClass:
    """Of one student; a list of more is not read yet."""
    school_class = create_class(owner=owner, name="3-1")
    set_class_code(school_class=school_class, is_open=True)
    put_students(school_class=school_class, rows=[RosterRow("1", "Kim")])
    seen(submit_list(school_class=school_class, file=a_table(), owner=owner, is_preview=True))
    submit_list(school_class=school_class, file=a_table(), owner=owner)
    return school_class


def seen(upload: ListUpload) -> ListUpload:
    """A preview whose table a worker has read."""
    rows = [["number", "name"], ["01", "Kim"], ["02", "Lee"], ["02", "Cho"]]
    upload.table, upload.sheets = [{"name": "", "first": 1, "rows": rows}], [""]
    upload.file_name = "class.csv"
    upload.save()
    Job.objects.filter(pk=upload.job_id).update(status=Status.DONE)
    return upload


def a_table() -> SimpleUploadedFile:
    return SimpleUploadedFile("roster.csv", b"number,name\n01,Kim\n")


def a_template_exam(owner: User) -> Exam:
    """Of sheets that were printed elsewhere, one of which lies under its blocks."""
    made = template_exams.create_exam(owner=owner, uploads=template_uploads(), title="Harbour", language="en")
    made.template["sheet"] = default_storage.save(f"{made.folder}/template/sheet.jpg", ContentFile(a_page()))
    made.save(update_fields=["template"])
    return made


def a_page() -> bytes:
    picture = io.BytesIO()
    Image.new("L", (1680, 2376), 255).save(picture, "JPEG")
    return picture.getvalue()


def a_roster(exam: Exam, owner: User) -> RosterUpload:
    return services.submit_roster(exam=exam, file=a_table(), owner=owner)


def a_roster_preview(exam: Exam, owner: User) -> ListUpload:
    return seen(services.submit_roster(exam=exam, file=a_table(), owner=owner, is_preview=True))


def an_import(owner: User) -> ExamImport:
    """Of which no worker knows yet what it is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("manifest.json", "{}")
    return submit_import(owner=owner, file=SimpleUploadedFile("exam.zip", content.getvalue()))


def a_candidate(exam: Exam, owner: User) -> Candidate:
    return add_candidate(exam=exam, number="07", name="Kim", class_name="3-9", by=owner)


def a_disagreement(version: ModelVersion, job: Job) -> Disagreement:
    shadow = begin_shadow(version=version, percent=10)
    said = {"name": "7", "probability": 0.9}
    return Disagreement.objects.create(
        shadow=shadow, job=job, live=said, own=said | {"name": "1"}, crop=b"PNG"
    )


def an_upload(owner) -> Upload:
    """Weights that no worker has looked at."""
    weights = ContentFile(b"weights", "small.safetensors")
    return upload(owner=owner, weights=weights, card={"name": "small", "sha256": "e" * 64})


def answered_reading(owner) -> Reading:
    """A shared picture in which a 3 was read; what happened inside the network is not known yet."""
    picture = io.BytesIO()
    Image.new("L", (28, 28)).save(picture, "PNG")
    upload = SimpleUploadedFile("three.png", picture.getvalue())
    reading = read(owner=owner, source=Reading.Source.UPLOAD, picture=upload, saliency=True)
    digit = {"value": 3, "confidence": 0.1, "probabilities": [0.1] * 10, "is_certain": False}
    reading.digits = [digit | {"is_digit": 0.9, "box": [0, 0, 28, 28], "row": 0}]
    reading.frames = reading.saliency = bytes(784)
    reading.share_key = reading.pk
    reading.save()
    inside = look_inside(reading=reading, place=0)
    Job.objects.filter(pk__in=[reading.job_id, inside.job_id]).update(status="done")
    return reading


def a_finished_export(owner: User) -> Export:
    export = dataexport.ask(owner=owner)
    export.file.save(f"{export.pk}.zip", ContentFile(b"PK"))
    Job.objects.filter(pk=export.job_id).update(status="done", ended_at=timezone.now())
    return export


def an_example(owner: User, exam: Exam) -> Example:
    """Of one thing."""
    example = load(owner=owner)
    example.add(exam)
    return example


def a_trashed_reading(owner: User) -> Reading:
    reading = read(owner=owner, source=Reading.Source.PIXELS, pixels=bytes(784))
    trash.delete(rows=[reading], by=owner)
    reading.refresh_from_db()
    return reading


def a_rejected_page(scan: Scan) -> ScanPage:
    """The first of its upload; the second was read."""
    image = default_storage.save(scan.image_name(1), ContentFile(a_page()))
    where = {"scan": scan, "page": 1, "file_name": "class.pdf", "file_page": 1, "image": image}
    return ScanPage.objects.create(**where, status="rejected", reason="no_markers")


def a_release(exam: Exam, paper: Paper) -> ReleasedPaper:
    """All of it, the scan, too."""
    release = Release.objects.create(exam=exam, shows=Release.Shows.SCAN, by=exam.owner)
    return ReleasedPaper.objects.create(release=release, paper=paper, score=2, max_score=2)


def graded_paper(exam: Exam, scan) -> Paper:
    name = default_storage.save("page.jpg", ContentFile(a_page()))
    paper = Paper.objects.create(exam=exam)
    row = {
        "scan": scan,
        "page": 2,
        "file_name": "class.pdf",
        "file_page": 2,
        "status": "read",
        "sheet_page": 1,
    }
    page = ScanPage.objects.create(**row, paper=paper, image=name)
    PageCells.objects.create(page=page, items={"1": [[0.5, 0.5, 0, 0, 0, 0, 0]] * 2})
    Answer.objects.create(paper=paper, item=exam.items.get(), page=page, state="review")
    rescore(exam)
    return Paper.objects.get(pk=paper.pk)
