"""What copiers, scanners and people do to sheets, from the files to the papers."""

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grading import services, tasks
from grading.models import Exam, Scan
from grading.reading import rejected_pages
from grading.reading.files import store_page as really_store_page
from grading.tests.drawing import PX, as_jpeg, fill, filled_in, printed
from jobs.models import Job

ITEMS = [{"number": number, "kind": "choice", "answer": "1"} for number in range(1, 21)]
ITEMS += [{"number": 21, "kind": "number", "digits": 3, "answer": "120"}]
ANSWERS = {number: str(1 + number % 5) for number in range(1, 20)}  # 20 stays empty


@pytest.fixture
def class_test(alice) -> Exam:
    return services.create_exam(owner=alice, title="Class test", id_digits=4, items=ITEMS)


def photo(picture: np.ndarray, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, as_jpeg(picture))


def pages(scan: Scan) -> list[tuple[int, int, str, str]]:
    rows = scan.pages.select_related("paper")
    return [(row.page, row.part, row.status, row.paper.number if row.paper else row.reason) for row in rows]


def answers(exam: Exam, number: str) -> dict[int, tuple[str, str]]:
    paper = exam.papers.get(number=number)
    return {one.item.number: (one.value, one.reason) for one in paper.answers.select_related("item")}


def without_outlines(exam: Exam) -> np.ndarray:
    page = printed(exam)[0].copy()
    for field in exam.layout.pages[0].fields:
        x, y, width, height = field.box
        top, left = round((y - 0.5) * PX), round((x - 0.5) * PX)
        page[top : round((y + height + 0.5) * PX), left : round((x + width + 0.5) * PX)] = 250
    return page


def test_marks_are_read_where_a_copier_bleached_the_bubbles_away(class_test, upload):
    page = without_outlines(class_test)
    for field in class_test.layout.pages[0].fields:
        is_number = field.item == "id" and field.option == "0042"[field.part]
        if field.kind == "bubble" and (is_number or ANSWERS.get(field.item) == field.option):
            fill(page, field.box)
    assert pages(upload(page, to=class_test)) == [(1, 0, "read", "0042")]
    read = answers(class_test, "0042")
    assert {number: read[number] for number in ANSWERS} == {n: (value, "") for n, value in ANSWERS.items()}
    assert read[20] == ("", "")


def test_a_bleached_sheet_of_nobody_has_no_marks(class_test, upload):
    upload(without_outlines(class_test), to=class_test)
    paper = class_test.papers.get()
    assert {answer.value for answer in paper.answers.all()} == {""}
    assert {"student_missing", "empty_paper"} <= set(paper.reasons)


def test_what_is_not_in_the_picture_waits_for_a_person_and_says_so(class_test, upload):
    page = filled_in(class_test, "0042", {**ANSWERS, 21: "120"})
    last = next(field for field in class_test.layout.pages[0].fields if field.item == 20)
    upload(more=(photo(page[: round((last.box[1] - 3) * PX)]),), to=class_test)
    read = answers(class_test, "0042")
    shown = [number for number in ANSWERS if not read[number][1]]
    assert len(shown) > 5 and all(read[number][0] == ANSWERS[number] for number in shown)
    assert read[20][1] == read[21][1] == "not_in_picture"
    assert {reason for _value, reason in read.values()} == {"", "not_in_picture"}


def side_by_side(exam: Exam, *numbers: str) -> np.ndarray:
    return np.hstack([filled_in(exam, number, {1: "1"}) for number in numbers])


def test_sheets_in_one_picture_are_papers_of_their_own(class_test, upload):
    files = photo(side_by_side(class_test, "0001", "0002")), photo(filled_in(class_test, "0003", {1: "1"}))
    scan = upload(more=files, to=class_test)
    assert pages(scan) == [(1, 1, "read", "0001"), (1, 2, "read", "0002"), (2, 0, "read", "0003")]
    assert len({page.image for page in scan.pages.all()}) == 3


def test_a_second_attempt_after_pictures_of_several_sheets_goes_on_at_the_right_one(
    class_test, alice, monkeypatch
):
    monkeypatch.setattr("grading.reading.files.PAGES_TOGETHER", 1)
    pairs = ("0001", "0002"), ("0003", "0004"), ("0005", "0006")
    files = [photo(side_by_side(class_test, *pair)) for pair in pairs]
    scan = services.submit_scans(exam=class_test, uploads=files, owner=alice)
    read: list[int] = []

    def store_page(scan: Scan, number: int, image) -> list:
        read.append(number)
        if read == [1, 2]:
            raise MemoryError
        return really_store_page(scan, number, image)

    monkeypatch.setattr("grading.reading.files.store_page", store_page)
    tasks.read_scan(str(scan.job_id))
    Job.objects.filter(pk=scan.job_id).update(status="queued", tries_left=2)
    tasks.read_scan(str(scan.job_id))
    assert read == [1, 2, 2, 3]
    assert pages(scan) == [
        (number, part, "read", pair[part - 1]) for number, pair in enumerate(pairs, 1) for part in (1, 2)
    ]


@pytest.mark.parametrize("dpi", [100, 200])
def test_a_coarse_scan_is_read(dpi, class_test, upload):
    page = cv2.resize(
        filled_in(class_test, "0042", ANSWERS), None, fx=dpi / 200, fy=dpi / 200, interpolation=cv2.INTER_AREA
    )
    upload(more=(photo(page),), to=class_test)
    read = answers(class_test, "0042")
    assert {number: read[number] for number in ANSWERS} == {n: (value, "") for n, value in ANSWERS.items()}


@pytest.mark.parametrize(("dpi", "status"), [(200, "read"), (100, "rejected")])
def test_black_and_white_needs_200_dpi(dpi, status, class_test, upload):
    page = cv2.resize(
        filled_in(class_test, "0042", ANSWERS), None, fx=dpi / 200, fy=dpi / 200, interpolation=cv2.INTER_AREA
    )
    scan = upload(more=(photo(np.where(page > 160, 255, 0).astype(np.uint8)),), to=class_test)
    assert [page.status for page in scan.pages.all()] == [status]


def test_a_rejected_sheet_beside_another_is_looked_at_and_read_again_by_itself(
    class_test, upload, alice, client
):
    pair = side_by_side(class_test, "0001", "0002")
    width = pair.shape[1] // 2
    for marker in class_test.layout.pages[0].markers[:3]:  # of the second sheet, one stays
        x, y, side, _ = marker.box
        top, left = round((y - 1) * PX), width + round((x - 1) * PX)
        pair[top : top + round((side + 2) * PX), left : left + round((side + 2) * PX)] = 255
    scan = upload(more=(photo(pair),), to=class_test)
    assert pages(scan) == [(1, 1, "read", "0001"), (1, 2, "rejected", "one_marker")]
    page = scan.pages.get(part=2)
    client.force_login(alice)
    answer = client.get(f"/api/scans/{scan.pk}/pages/1/?part=2").json()
    assert (answer["part"], answer["status"], answer["url"].endswith("/pages/1/?part=2")) == (
        2,
        "rejected",
        True,
    )
    assert client.get(answer["image_url"]).status_code == 200
    edge = 6 / 216  # its picture begins beside it
    corners = ((edge, 0.0), (1.0, 0.0), (1.0, 1.0), (edge, 1.0))
    asked = rejected_pages.assign_page(page=page, student="0002", sheet_page=1, by=alice, corners=corners)
    tasks.read_page(str(asked.job_id))
    assert pages(scan) == [(1, 1, "read", "0001"), (1, 2, "read", "0002")]
    assert answers(class_test, "0002")[1][0] == "1"
