"""Papers with their readings drawn over: what is drawn lies where the answers lie."""

import numpy as np
import pytest

from grading import services
from grading.models import Answer, Paper, ScanPage
from grading.sheet.overlay_pdf import AMBER, GREEN, RED
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from grading.tests.forms_of_others import NUMBER, hand_in, photo
from grading.tests.forms_of_others import RIGHT as RIGHT_THERE
from grading.tests.read_back import pictures_of, texts_of

DPI = 150
PX = DPI / 25.4
WRONG = RIGHT | {1: "4", 3: "X", 5: "03"}
HALF_EMPTY = RIGHT | {1: "", 2: "A", 6: "C"}
HEAD = 12  # mm from the top, where the score stands
ASIDE = 13  # mm to the right of an item, where its tick or the right answer stands


@pytest.fixture
def papers(exam, upload):
    """Read by the networks, as they come from the copier: one all right, two with mistakes."""
    upload(
        filled_in(exam, "0001", RIGHT), filled_in(exam, "0002", WRONG), filled_in(exam, "0003", HALF_EMPTY)
    )
    doubtful = Answer.objects.get(paper__number="0003", item__number=6)
    Answer.objects.filter(pk=doubtful.pk).update(state="review")
    return list(exam.papers.all())


def seen(answer) -> list[np.ndarray]:
    assert answer["Content-Type"] == "application/pdf", answer.content
    return pictures_of(answer.getvalue(), DPI)


def is_like(picture: np.ndarray, colour: tuple[float, float, float]) -> np.ndarray:
    """Where the picture has this hue: the scan itself is grey."""
    wanted = np.array(colour) * 255
    return np.abs(picture.astype(int) - wanted).max(-1) < 60


def coloured(picture: np.ndarray) -> np.ndarray:
    return np.ptp(picture.astype(int), axis=-1) > 60


def in_box(mask: np.ndarray, box, pad: float = 1.0, right: float = 0.0) -> np.ndarray:
    x, y, width, height = box
    top, bottom = round((y - pad) * PX), round((y + height + pad) * PX)
    return mask[top:bottom, round((x - pad) * PX) : round((x + width + pad + right) * PX)]


def fields_of(exam, number: int):
    return [one for one in exam.layout.pages[0].fields if one.item == number and one.kind != "text"]


def around(fields) -> tuple[float, float, float, float]:
    left, top = min(one.box[0] for one in fields), min(one.box[1] for one in fields)
    right = max(one.box[0] + one.box[2] for one in fields)
    bottom = max(one.box[1] + one.box[3] for one in fields)
    return left, top, right - left, bottom - top


def test_what_is_drawn_lies_where_the_answers_lie_on_three_pages(call, alice, exam, papers):
    pictures = seen(call(alice).get(f"/api/exams/{exam.pk}/overlay.pdf"))
    assert len(pictures) == 3
    for paper, picture in zip(papers, pictures, strict=True):
        rest = coloured(picture)
        rest[: round(HEAD * PX)] = False
        for answer in paper.answers.select_related("item"):
            fields = fields_of(exam, answer.item.number)
            box = around(fields)
            colour = AMBER if answer.state == "review" else GREEN if answer.points else RED
            assert in_box(is_like(picture, colour), box, right=ASIDE).any(), f"nothing at {answer}"
            if answer.item.number in (1, 2, 3):
                for field in fields:
                    x, y, width, height = field.box  # its upper half: below it a line may run
                    ringed = in_box(is_like(picture, colour), (x, y, width, height / 2), pad=0.9).sum() > 40
                    assert ringed == (field.option in answer.value.split(",")), f"{answer}: {field.option}"
            in_box(rest, box, pad=4, right=ASIDE)[:] = False
        assert not rest.any(), "something is drawn where no answer is"


def test_score_and_right_answers_are_texts(call, alice, exam, papers):
    texts = texts_of(call(alice).get(f"/api/exams/{exam.pk}/overlay.pdf").getvalue())
    for paper, text in zip(papers, texts, strict=True):
        assert f"{paper.number} {float(paper.score):g} / 7" in text
    assert "A+C" in texts[2] and "A+C" not in texts[0]


def test_one_paper_has_its_overlay_alone(call, alice, exam, papers):
    paper = papers[1]
    [picture] = seen(call(alice).get(f"/api/papers/{paper.pk}/overlay.pdf"))
    whole = seen(call(alice).get(f"/api/exams/{exam.pk}/overlay.pdf"))
    assert (picture == whole[1]).all()


def test_a_lost_scan_is_a_white_page_and_one_that_nobody_placed_has_no_marks(
    call, alice, exam, papers, settings
):
    first, second, _third = ScanPage.objects.order_by("page")
    (settings.MEDIA_ROOT / first.image).unlink()
    ScanPage.objects.filter(pk=second.pk).update(placed="not")
    pictures = seen(call(alice).get(f"/api/exams/{exam.pk}/overlay.pdf"))
    below = pictures[0][round(HEAD * PX) :]
    assert (below[~coloured(below)] > 200).mean() > 0.98 and coloured(below).any()
    assert not coloured(pictures[1][round(HEAD * PX) :]).any()


def test_a_class_without_papers_is_refused_in_words(call, alice, exam, papers):
    answer = call(alice).get(f"/api/exams/{exam.pk}/overlay.pdf?class_name=9-9")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == "No page of these papers is there."


def test_a_correction_is_on_the_next_overlay(call, alice, exam, papers):
    paper = Paper.objects.get(number="0002")
    services.correct_answer(paper=paper, number=1, value="3", by=alice)
    [picture] = seen(call(alice).get(f"/api/papers/{paper.pk}/overlay.pdf"))
    assert in_box(is_like(picture, GREEN), around(fields_of(exam, 1)), right=ASIDE).any()
    assert not in_box(is_like(picture, RED), around(fields_of(exam, 1)), right=ASIDE).any()


def test_sheets_that_were_printed_elsewhere_have_their_readings_on_them(call, alice, harbour):
    hand_in(harbour, photo(NUMBER, {**RIGHT_THERE, "q1": "B"}))
    paper = harbour.papers.get()
    [picture] = seen(call(alice).get(f"/api/papers/{paper.pk}/overlay.pdf"))
    rings = 0
    for answer in paper.answers.select_related("item"):
        fields = fields_of(harbour, answer.item.number)
        colour = AMBER if answer.state == "review" else GREEN if answer.points > 0 else RED
        assert in_box(is_like(picture, colour), around(fields), right=ASIDE).any(), f"nothing at {answer}"
        chosen = [field for field in fields if field.option in answer.value.split(",")]
        rings += sum(in_box(is_like(picture, colour), field.box).sum() > 40 for field in chosen)
    assert rings >= 3
