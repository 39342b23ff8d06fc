"""The pages of exams whose sheets were printed elsewhere."""

import pytest

from grading.models import Exam
from grading.sheet.tests import template_sheets as sheets
from grading.sheet.tests.template_files import TABLE, with_key
from grading.tests.forms_of_others import NUMBER, RIGHT, hand_in, photo, template_uploads, uploads, zipped

TABS = ("key", "template", "sheet", "scans", "papers", "review", "results", "statistics")


@pytest.fixture
def api(call, alice):
    return call(alice)


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def test_a_template_is_uploaded_and_its_blocks_are_shown(page):
    answer = page.post(
        "/exams/new/template/", {"title": "Harbour", "language": "en", "files": template_uploads()}
    )
    exam = Exam.objects.get()
    assert answer.url == f"/exams/{exam.pk}/template/"
    shown = page.get(answer.url).text
    assert 'viewBox="0 0 1000 1400"' in shown and 'value="180.5"' in shown
    for tab in TABS:
        assert f'href="/exams/{exam.pk}/{tab}/"' in shown
    assert f'href="/exams/{exam.pk}/design/"' not in shown


def test_a_wrong_template_is_said_on_the_form(page):
    sent = {"title": "Harbour", "language": "en", "files": uploads({"template.json": b"{}"})}
    assert "template.json: pageDimensions is missing." in page.post("/exams/new/template/", sent).text
    assert not Exam.objects.exists()


def test_what_is_printed_here_alone_is_not_offered(page, harbour):
    assert page.get(f"/exams/{harbour.pk}/design/").url == f"/exams/{harbour.pk}/key/"
    assert "PDF" not in page.get(f"/exams/{harbour.pk}/sheet/").text
    assert page.get(f"/exams/{harbour.pk}/sheet/1.png").status_code == 404


def test_all_its_pages_open_with_a_paper(page, harbour):
    hand_in(harbour, photo(NUMBER, {**RIGHT, "q3": "AC"}))
    paper = harbour.papers.get()
    for path in (
        "",
        "key/",
        "template/",
        "sheet/",
        "scans/",
        "papers/",
        "review/",
        "results/",
        "statistics/",
        f"papers/{paper.pk}/",
    ):
        assert page.get(f"/exams/{harbour.pk}/{path}").status_code == 200, path
    assert ">q3 <span" in page.get(f"/exams/{harbour.pk}/review/").text


def test_the_key_is_typed(page, harbour):
    hand_in(harbour, photo(NUMBER, {**RIGHT, "q2": "C"}))
    numbers = dict(harbour.items.values_list("name", "number"))
    sent = {"title": "Harbour, second try"}
    for item in harbour.items.all():
        sent |= {f"answer-{item.number}": item.answer, f"points-{item.number}": "3"}
    sent[f"answer-{numbers['q2']}"] = "B/C"
    asked = page.post(f"/exams/{harbour.pk}/key/", sent)
    assert [(one.before, one.after) for one in asked.context["change"].scores] == [(56.75, 60)]
    assert Exam.objects.get().title == "Harbour"
    sent["seal"] = asked.context["change"].seal
    assert page.post(f"/exams/{harbour.pk}/key/", sent).status_code == 302
    assert Exam.objects.get().title == "Harbour, second try"
    item = harbour.items.get(name="q2")
    assert (item.answer, item.any_of, item.marking) == (["B", "C"], True, {"incorrect": -0.25, "unmarked": 0})
    assert harbour.papers.get().score == 60
    sent[f"answer-{numbers['q2']}"] = "Z"
    assert "Item q2 cannot be answered with “Z”." in page.post(f"/exams/{harbour.pk}/key/", sent).text


def test_a_key_on_a_picture_is_to_be_typed(page):
    key = {**TABLE, "options": {"answer_key_image_path": "key.png"}}
    files = with_key(key, **{"key.png": sheets.encoded(sheets.filled("page", RIGHT).grey)})
    page.post("/exams/new/template/", {"title": "Harbour", "language": "en", "files": uploads(files)})
    exam = Exam.objects.get()
    assert set(exam.items.values_list("answer", flat=True)) == {""}
    assert "is on a picture" in page.get(f"/exams/{exam.pk}/key/").text


def test_a_sheet_lies_under_the_blocks_as_the_template_means_it(page, harbour):
    answer = page.post(f"/exams/{harbour.pk}/template/sheet/", {"sheet": photo(NUMBER, RIGHT)})
    assert answer.url == f"/exams/{harbour.pk}/template/"
    picture = page.get(f"/exams/{harbour.pk}/template/sheet.jpg")
    assert picture["Content-Type"] == "image/jpeg" and picture.content.startswith(b"\xff\xd8")
    page.post(f"/exams/{harbour.pk}/template/sheet/", {"sheet": uploads({"a.txt": b"no"})[0]})
    assert "is not a PDF, a picture" in page.get(f"/exams/{harbour.pk}/template/").text


def places(exam: Exam, **changes: str) -> dict[str, str]:
    """What the page sends: all numbers as they are, and these."""
    sent = {}
    for place, block in enumerate(exam.template["values"]["fieldBlocks"].values()):
        x, y = block["origin"]
        numbers = {"x": x, "y": y, "bubblesGap": block["bubblesGap"], "labelsGap": block["labelsGap"]}
        sent |= {f"block-{place}-{name}": str(number) for name, number in numbers.items()}
    return sent | changes


def test_a_block_is_moved(page, harbour):
    page.post(
        f"/exams/{harbour.pk}/template/", places(harbour, **{"block-2-x": "153", "block-2-labelsGap": "55.5"})
    )
    moved = Exam.objects.get().template["values"]["fieldBlocks"]
    assert (moved["left"]["origin"], moved["left"]["labelsGap"]) == ([153, 760], 55.5)
    assert moved["roll"] == harbour.template["values"]["fieldBlocks"]["roll"]


@pytest.mark.parametrize("text", ["", "x", "nan", "-9e99", "99999"])
def test_a_place_that_cannot_be_is_said(page, harbour, text):
    page.post(f"/exams/{harbour.pk}/template/", places(harbour, **{"block-2-x": text}))
    assert Exam.objects.get().template == harbour.template
    shown = page.get(f"/exams/{harbour.pk}/template/").text
    assert "is not a number of pixels" in shown or "lie outside of the page" in shown


def test_sheets_without_a_number_are_shown_by_their_head(page, api):
    files = zipped(sheets.files(sheets.PAGE, customLabels={}))
    exam = Exam.objects.get(pk=api.post("/api/templates/", {"files": [files]}).data["id"])
    hand_in(exam, photo(NUMBER, RIGHT))
    paper = exam.papers.get()
    assert (paper.number, paper.reasons) == ("", [])
    assert page.get(f"/api/papers/{paper.pk}/student.jpg").status_code == 200


def test_another_teacher_gets_404_and_other_exams_have_no_form(browse, bob, harbour, exam, page):
    for path in ("key/", "template/", "template/sheet.jpg"):
        assert browse(bob).get(f"/exams/{harbour.pk}/{path}").status_code == 404
        assert page.get(f"/exams/{exam.pk}/{path}").status_code == (200 if path == "key/" else 404)
