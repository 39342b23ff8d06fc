"""Pages that were turned away: looked at, said what they are, read again as that, typed in, deleted."""

import io

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from PIL import Image

from audit.models import Entry
from grading import services, tasks
from grading.models import Answer, Exam, PageAssignment, Paper, ScanPage
from grading.reading import rejected_pages
from grading.sheet.cutting import MOST_KEPT
from grading.tests.drawing import PX, as_jpeg, filled_in
from grading.tests.forms_of_others import NUMBER, RIGHT, hand_in, photo
from jobs.models import Job
from school.roster.rows import RosterRow
from trash import services as trash

CHOICES = [{"number": number, "kind": "choice", "answer": "1"} for number in range(1, 4)]
LONG = [{"number": number, "kind": "choice", "answer": "1"} for number in range(1, 101)]
GIVEN = {1: "1", 2: "2", 3: "3"}
PAPER = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def quiz(alice) -> Exam:
    return services.create_exam(owner=alice, title="Quiz", id_digits=4, items=CHOICES)


@pytest.fixture
def long(alice) -> Exam:
    return services.create_exam(owner=alice, title="Long", id_digits=4, items=LONG)


@pytest.fixture
def read_again(alice):
    """As a worker does it; answers the page as it is then."""

    def assign(page: ScanPage, student: str = "0042", sheet_page: int = 1, **how) -> ScanPage:
        asked = rejected_pages.assign_page(page=page, student=student, sheet_page=sheet_page, by=alice, **how)
        tasks.read_page(str(asked.job_id))
        return ScanPage.objects.get(pk=page.pk)

    return assign


def white_over(page: np.ndarray, *boxes) -> np.ndarray:
    for x, y, width, height in boxes:
        top, left = max(0, round((y - 1) * PX)), max(0, round((x - 1) * PX))
        page[top : round((y + height + 1) * PX), left : round((x + width + 1) * PX)] = 255
    return page


def without_code(exam: Exam, page: np.ndarray, number: int = 1) -> np.ndarray:
    return white_over(page, exam.layout.pages[number - 1].qr_box)


def without_markers(exam: Exam, page: np.ndarray) -> np.ndarray:
    return white_over(page, *(marker.box for marker in exam.layout.pages[0].markers))


def bleached(exam: Exam, number: str, given: dict[int, str]) -> np.ndarray:
    """Code, marks and three of the markers are clear, all other print is gone."""
    page, blank = filled_in(exam, number, given), filled_in(exam)
    form = exam.layout.pages[0]
    kept = [*(marker.box for marker in form.markers[:3]), form.qr_box]
    white = np.full_like(page, 255)
    for x, y, width, height in kept:
        place = np.s_[
            round((y - 2) * PX) : round((y + height + 2) * PX),
            round((x - 2) * PX) : round((x + width + 2) * PX),
        ]
        white[place] = page[place]
    ink = blank.astype(int) - page > 60
    white[ink] = page[ink]
    return white


def values(paper: Paper) -> dict[int, str]:
    return {answer.item.number: answer.value for answer in paper.answers.select_related("item")}


def states(paper: Paper) -> set[tuple[str, str]]:
    return set(paper.answers.values_list("state", "reason"))


def last_job(page: ScanPage) -> Job:
    return PageAssignment.objects.select_related("job").get(page=page).job


def test_a_rejected_page_keeps_its_picture_no_larger_than_a_page(quiz, upload):
    large = np.random.default_rng(0).integers(0, 255, (3000, 2000)).astype(np.uint8)
    page = upload(more=(SimpleUploadedFile("a.jpg", as_jpeg(large)),), to=quiz).pages.get()
    with default_storage.open(page.image) as file:
        size = Image.open(io.BytesIO(file.read())).size
    assert (page.status, max(size)) == ("rejected", MOST_KEPT)


def test_so_does_one_of_a_template_and_a_slender_one(harbour):
    desk = np.full((1200, 900), 200, np.uint8)
    strip = np.full((1200, 60), 200, np.uint8)
    files = [SimpleUploadedFile(f"{at}.jpg", as_jpeg(one)) for at, one in enumerate((desk, strip))]
    pages = hand_in(harbour, *files).pages.all()
    assert [page.reason for page in pages] == ["not_this_form", "odd_page"]
    assert all(page.image and default_storage.exists(page.image) for page in pages)


def test_a_file_that_cannot_be_opened_has_no_picture_and_is_typed_in(quiz, upload, browse, alice):
    broken = as_jpeg(filled_in(quiz))[:2000]
    page = upload(more=(SimpleUploadedFile("a.jpg", broken),), to=quiz).pages.get()
    assert (page.status, page.image) == ("rejected", "")
    shown = [
        browse(alice).get(address).text for address in (page.scan.get_absolute_url(), page.get_absolute_url())
    ]
    assert not any("Look at it" in html or "Read it again as this" in html for html in shown)
    assert all("Type it in" in html for html in shown)


def test_a_page_without_its_code_needs_nothing_but_to_be_named(long, upload, read_again):
    sheet = filled_in(long, "0042", dict.fromkeys(range(1, 101), "1"), page=2)
    page = upload(without_code(long, sheet, 2), to=long).pages.get()
    assert page.reason == "no_code"
    page = read_again(page, sheet_page=2)
    paper = long.papers.get()
    assert (page.status, page.placed, page.paper) == ("read", "print", paper)
    assert (paper.number, paper.reasons) == ("0042", ["missing_page"])
    assert states(paper) == {("certain", "")} and set(values(paper).values()) == {"1"}


def test_a_page_of_another_exam_is_read_as_one_of_this(quiz, alice, upload, read_again):
    twin = services.create_exam(owner=alice, title="Twin", id_digits=4, items=CHOICES)
    page = upload(filled_in(twin, "0042", GIVEN), to=quiz).pages.get()
    assert page.reason == "other_exam"
    assert read_again(page).status == "read"
    assert values(quiz.papers.get()) == GIVEN and states(quiz.papers.get()) == {("certain", "")}


def test_where_the_print_is_gone_the_markers_place_it_and_every_answer_is_looked_at(quiz, upload, read_again):
    page = upload(bleached(quiz, "0042", GIVEN), to=quiz).pages.get()
    assert page.reason == "wrong_form"
    page = read_again(page)
    paper = quiz.papers.get()
    assert (page.status, page.placed, paper.status) == ("read", "hand", "review")
    assert {state for state, _reason in states(paper)} == {"review"}
    services.regrade(exam=quiz)
    assert {state for state, _reason in states(paper)} == {"review"}


def test_without_markers_it_is_read_where_a_person_sets_its_corners(quiz, upload, read_again):
    page = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz).pages.get()
    assert page.reason == "no_markers"
    still = read_again(page)
    assert (still.status, still.reason, last_job(page).status) == ("rejected", "no_markers", "failed")
    assert "corner markers" in last_job(page).error
    PageAssignment.objects.all().delete()
    page = read_again(page, corners=PAPER)
    assert (page.status, page.placed) == ("read", "hand")
    assert values(quiz.papers.get()) == GIVEN
    assert states(quiz.papers.get()) == {("review", "placed_by_hand")}


def test_a_sheet_that_lies_on_its_side_is_read_by_its_own_corners(quiz, upload, read_again):
    sheet = np.rot90(
        without_markers(quiz, filled_in(quiz, "0042", GIVEN)), -1
    )  # its top left is at the right
    page = upload(np.ascontiguousarray(sheet), to=quiz).pages.get()
    read_again(page, corners=(*PAPER[1:], PAPER[0]))
    assert values(quiz.papers.get()) == GIVEN


def test_a_photo_of_a_template_that_was_not_found_is_read_by_corners(harbour, read_again):
    sheet = photo(NUMBER, RIGHT)
    picture = Image.open(sheet)
    cut = io.BytesIO()
    picture.crop((0, 0, picture.width, picture.height // 2)).save(cut, "JPEG")
    page = hand_in(harbour, SimpleUploadedFile("half.jpg", cut.getvalue())).pages.get()
    assert page.status == "rejected"
    page = read_again(page, student=NUMBER, corners=PAPER)
    assert (page.status, page.placed) == ("read", "hand")
    assert {state for state, _reason in states(harbour.papers.get())} == {"review"}


@pytest.mark.parametrize(
    "corners",
    [PAPER[::-1], PAPER[:3], ((0, 0), (1, 1), (1, 0), (0, 1)), ((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1))],
)
def test_corners_that_no_sheet_has_are_refused(quiz, alice, upload, corners):
    page = upload(np.full((2339, 1654), 255, np.uint8), to=quiz).pages.get()
    with pytest.raises(ValidationError, match="clockwise from its own top left"):
        rejected_pages.assign_page(page=page, student="1", sheet_page=1, by=alice, corners=corners)


def test_a_page_that_a_student_has_already_asks_and_never_overwrites(quiz, upload, read_again):
    upload(filled_in(quiz, "0042", {1: "5"}), to=quiz)
    page = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz).pages.get()
    with pytest.raises(ValidationError, match="keep both, or put this one in its place"):
        read_again(page, corners=PAPER)
    read_again(page, corners=PAPER, if_there="keep")
    papers = quiz.papers.order_by("pk")
    assert [paper.reasons for paper in papers] == [["duplicate_student"]] * 2
    assert [values(paper)[1] for paper in papers] == ["5", "1"]


def test_a_page_that_is_put_in_the_place_of_another_leaves_that_among_the_rejected(quiz, upload, read_again):
    old = upload(filled_in(quiz, "0042", {1: "5"}), to=quiz).pages.get()
    page = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz).pages.get()
    read_again(page, corners=PAPER, if_there="replace")
    paper = quiz.papers.get()
    assert (values(paper), paper.reasons) == (GIVEN, [])
    old.refresh_from_db()
    assert (old.status, old.reason, old.paper) == ("rejected", "replaced", None)
    read_again(old, student="0043")
    assert values(quiz.papers.get(number="0043"))[1] == "5"


def test_one_that_was_placed_by_hand_and_had_to_give_way_can_be_placed_again(quiz, upload, read_again):
    sheet = without_markers(quiz, filled_in(quiz, "0042", GIVEN))
    first, second = upload(sheet, sheet, to=quiz).pages.all()
    came = first.image
    read_again(first, corners=PAPER)
    read_again(second, corners=PAPER, if_there="replace")
    first.refresh_from_db()
    assert (first.status, first.image, first.is_as_it_came) == ("rejected", came, True)
    read_again(first, student="0043", corners=PAPER)
    assert [paper.number for paper in quiz.papers.all()] == ["0042", "0043"]


def test_a_page_of_a_template_that_was_put_right_since_is_read_by_its_print(harbour, read_again):
    page = hand_in(harbour, photo(NUMBER, RIGHT)).pages.get()
    Paper.objects.all().delete()
    ScanPage.objects.filter(pk=page.pk).update(status="rejected", reason="not_this_form", paper=None)
    page = read_again(ScanPage.objects.get(pk=page.pk), student=NUMBER)
    paper = harbour.papers.get()
    assert (page.status, page.placed, paper.reasons) == ("read", "print", [])
    assert [one.field for one in paper.corrections.all()] == ["assigned"]


def test_a_student_is_named_by_name_where_one_alone_has_it(quiz, upload, read_again):
    rows = [RosterRow("0042", "Kim"), RosterRow("0043", "Lee"), RosterRow("0044", "Lee")]
    services.replace_roster(exam=quiz, rows=rows)
    page = upload(without_markers(quiz, filled_in(quiz, "", GIVEN)), to=quiz).pages.get()
    with pytest.raises(ValidationError, match="choose one by number"):
        read_again(page, student="Lee")
    assert read_again(page, student="Kim", corners=PAPER).paper.candidate.name == "Kim"


def test_a_page_of_nobody_known_waits_for_its_student(quiz, upload, read_again):
    page = upload(without_markers(quiz, filled_in(quiz, "", GIVEN)), to=quiz).pages.get()
    assert read_again(page, student="", corners=PAPER).paper.reasons == ["student_missing"]


def test_reading_again_twice_files_it_once(quiz, alice, upload, read_again):
    page = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz).pages.get()
    how = {"page": page, "student": "0042", "sheet_page": 1, "by": alice, "corners": PAPER, "key": "a"}
    asked = rejected_pages.assign_page(**how)
    assert rejected_pages.assign_page(**how) == asked
    with pytest.raises(ValidationError, match="being read already"):
        rejected_pages.assign_page(**how | {"key": "b"})
    tasks.read_page(str(asked.job_id))
    Job.objects.filter(pk=asked.job_id).update(status="queued")
    tasks.read_page(str(asked.job_id))
    assert quiz.papers.count() == 1 and Answer.objects.count() == 3
    assert last_job(page).status == "failed"
    with pytest.raises(ValidationError, match="has its place"):
        rejected_pages.assign_page(**how | {"key": "c"})


def test_a_page_is_typed_in_beside_its_picture(quiz, alice, upload):
    page = upload(np.full((2339, 1654), 255, np.uint8), to=quiz).pages.get()
    paper = rejected_pages.type_in_page(
        page=page, student="0042", sheet_page=1, by=alice, answers={1: "1", 2: "5"}
    )
    assert (paper.number, paper.status, paper.score, values(paper)) == (
        "0042",
        "review",
        1,
        {1: "1", 2: "5", 3: ""},
    )
    assert states(paper) == {("corrected", ""), ("review", "typed_in")}
    services.correct_answer(paper=paper, number=3, value="1", by=alice)
    services.update_exam(exam=quiz, items=[item | {"answer": "5"} for item in CHOICES])
    paper.refresh_from_db()
    assert (paper.status, paper.score) == ("graded", 1)


def test_what_was_typed_in_is_not_taken_for_a_copy(quiz, alice, upload):
    page = upload(np.full((2339, 1654), 255, np.uint8), to=quiz).pages.get()
    rejected_pages.type_in_page(page=page, student="0042", sheet_page=1, by=alice, answers=GIVEN)
    upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    assert [paper.reasons for paper in quiz.papers.all()] == [["duplicate_student"]] * 2


@pytest.mark.parametrize(
    ("answers", "words"), [({9: "1"}, "Item 9 is not on this page."), ({1: "7"}, "cannot be answered with")]
)
def test_what_cannot_be_typed_changes_nothing(quiz, alice, upload, answers, words):
    page = upload(np.full((2339, 1654), 255, np.uint8), to=quiz).pages.get()
    with pytest.raises(ValidationError, match=words):
        rejected_pages.type_in_page(page=page, student="0042", sheet_page=1, by=alice, answers=answers)
    assert not quiz.papers.exists() and ScanPage.objects.get().status == "rejected"


def test_a_rejected_page_is_deleted_and_comes_back(quiz, alice, upload, django_capture_on_commit_callbacks):
    scan = upload(np.full((2339, 1654), 255, np.uint8), filled_in(quiz, "0042", GIVEN), to=quiz)
    page, read = scan.pages.order_by("page")
    with pytest.raises(ValidationError, match="has its place"):
        rejected_pages.discard_page(page=read, by=alice)
    item = rejected_pages.discard_page(page=page, by=alice)
    assert [*scan.pages.all()] == [read]
    trash.restore(item=item, by=alice)
    assert scan.pages.count() == 2 and default_storage.exists(page.image)
    item = rejected_pages.discard_page(page=page, by=alice)
    with django_capture_on_commit_callbacks(execute=True):
        trash.purge(item=item, by=alice)
    assert not default_storage.exists(page.image) and default_storage.exists(read.image)


def test_what_a_page_is_said_to_be_stands_in_the_log(quiz, alice, upload, read_again):
    page = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz).pages.get()
    read_again(page, corners=PAPER)
    entry = Entry.objects.get(model="scanpage")
    assert (entry.actor, entry.verb, entry.details) == (
        alice,
        "changed",
        {"student": "0042", "sheet_page": 1},
    )
