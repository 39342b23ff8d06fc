"""Reports on paper, read back: every student's score, rank and items."""

import pytest

from grading.models import Paper
from grading.results.exports import results
from grading.sheet.report_blocks import Column, Figures, Table
from grading.sheet.report_pdf import BOTTOM, TOP, laid_out
from grading.tests.classes import NAMES, hand_in
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.read_back import texts_of

WRONG = RIGHT | {1: "4"}
CLASS = {"0001": RIGHT, "0002": WRONG, "0003": WRONG, "0004": RIGHT | {2: "", 5: ""}}


@pytest.fixture
def api(call, alice, exam):
    hand_in(exam, CLASS)
    return call(alice)


def pages_of(answer) -> list[str]:
    """The text of each page of a PDF."""
    assert answer["Content-Type"] == "application/pdf", answer.content
    return texts_of(answer.getvalue())


def test_every_student_is_in_the_list_with_score_and_rank(api, exam):
    [text] = pages_of(api.get(f"/api/exams/{exam.pk}/report.pdf"))
    assert "Midterm" in text and "Class report" in text
    for row in results(exam):
        cells = [row["student"], NAMES[row["student"]], row["class_name"]]
        cells += [f"{row['score']:g} / 7", f"{100 * row['score'] / 7:.0f} %"]
        cells += [f"{row['rank']} / 4", f"{row['class_rank']} / 2"]
        assert " ".join(cells) in text
    assert [row["rank"] for row in results(exam)] == [1, 2, 2, 4]
    assert "Mean" in text and "5.8" in text  # (7 + 6 + 6 + 4) / 4
    assert "1 0.50" in text  # item 1: half of them


def test_the_list_of_one_class_has_its_students_alone(api, exam):
    [text] = pages_of(api.get(f"/api/exams/{exam.pk}/report.pdf?class_name=3-2"))
    assert "0003" in text and "0004" in text and "0001" not in text
    assert api.get(f"/api/exams/{exam.pk}/report.pdf?class_name=9-9").status_code == 400


def test_each_student_has_a_page_with_every_item(api, exam):
    pages = pages_of(api.get(f"/api/exams/{exam.pk}/report.pdf?student=all"))
    assert len(pages) == 4
    key = {1: "3", 2: "A+C", 3: "O", 4: "12", 5: "7", 6: "B"}
    for row, text in zip(results(exam), pages, strict=True):
        assert f"{row['student']} · {NAMES[row['student']]} · {row['class_name']}" in text
        assert f"{row['score']:g} / 7" in text and f"{row['rank']} / 4" in text
        for item in ITEMS:
            answer = row["answers"][str(item["number"])]
            most = item.get("points", 1)
            sign = "○" if answer["points"] == most else "×"
            cells = [item["number"], answer["value"] or "–", key[item["number"]], sign]
            line = " ".join(map(str, cells)) + f" {answer['points']:g} / {most}"
            assert f" {line} " in f"{text} "
        others = set(NAMES.values()) - {NAMES[row["student"]]}
        assert not any(name in text for name in others), "a student reads of another"


def test_the_report_of_one_student_is_found_by_number_and_by_paper(api, exam):
    by_number = pages_of(api.get(f"/api/exams/{exam.pk}/report.pdf?student=0002"))
    paper = Paper.objects.get(number="0002")
    assert by_number == pages_of(api.get(f"/api/papers/{paper.pk}/report.pdf"))
    assert api.get(f"/api/exams/{exam.pk}/report.pdf?student=7777").status_code == 404


def test_what_is_in_review_says_so(api, exam):
    Paper.objects.filter(number="0002").update(status="review")
    [page] = pages_of(api.get(f"/api/exams/{exam.pk}/report.pdf?student=0002"))
    assert "Not settled yet" in page


def test_a_report_is_in_korean_for_who_reads_korean(browse, alice, exam, api):
    answer = browse(alice).get(f"/api/exams/{exam.pk}/report.pdf", headers={"accept-language": "ko"})
    text = "".join(pages_of(answer))
    assert all(word in text for word in ("석차", "평균", "김하늘", "성적 일람표"))


def test_an_exam_without_papers_is_refused_in_words(call, alice, exam):
    answer = call(alice).get(f"/api/exams/{exam.pk}/report.pdf")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == "There are no papers to report yet."


def test_a_long_table_goes_on_on_the_next_page_and_loses_no_row():
    rows = [[str(place)] for place in range(200)]
    table = Table("Students", [Column("Number", 1)], rows, across=2, strong=frozenset({150}))
    pages = laid_out([Figures([("Mean", "3")]), table])
    parts = [block for page in pages for block, _y in page if isinstance(block, Table)]
    assert [row for part in parts for row in part.rows] == rows
    assert all(y >= TOP and y + block.height <= BOTTOM + 4 for page in pages for block, y in page)
    strong = [part.rows[place] for part in parts for place in part.strong]
    assert strong == [["150"]]
