"""The PDF is rasterised as a scanner would see it, and what it shows is compared with the layout."""

import io
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp

from grading.sheet.black_squares import MARKERS
from grading.sheet.boxes import PAPERS
from grading.sheet.code import PageCode
from grading.sheet.layout import Layout, lay_out
from grading.sheet.pdf import Copy, draw_sheets
from grading.sheet.pen import BOLD, REGULAR, fit_text, has_glyphs, text_width, wrap
from grading.sheet.spec import ItemSpec, SheetSpec
from grading.sheet.words import WORDS

from .exams import ALL, EVERY_KIND, FIVE, FORTY, MIXED, SCHOOL, items

PX = 12  # per mm
BLANK = Copy("7KQ2M9XA", version=2)
PERSONAL = Copy("7KQ2M9XA", 1, "20230117", "김하늘", "3-2")


def pdf_of(spec: SheetSpec, *copies: Copy) -> bytes:
    out = io.BytesIO()
    draw_sheets(lay_out(spec), spec, copies or (BLANK,), out)
    return out.getvalue()


def rasters(data: bytes) -> list[np.ndarray]:
    """All pages as uint8 grey (h, w) at PX pixels a mm."""
    document = pypdfium2.PdfDocument(data)
    return [np.asarray(page.render(scale=PX * 25.4 / 72, grayscale=True).to_pil()) for page in document]


def texts(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


@cache
def printed(name: str) -> tuple[Layout, list[np.ndarray]]:
    return lay_out(ALL[name]), rasters(pdf_of(ALL[name]))


def at(raster: np.ndarray, box, margin: float = 0.0) -> np.ndarray:
    x, y, width, height = box
    top, left = round((y - margin) * PX), round((x - margin) * PX)
    return raster[
        top : top + round((height + 2 * margin) * PX), left : left + round((width + 2 * margin) * PX)
    ]


@pytest.mark.parametrize("name", ALL)
def test_each_page_shows_its_four_markers_where_the_layout_says(name):
    layout, pages = printed(name)
    assert len(pages) == len(layout.pages)
    finder = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))
    for page, raster in zip(layout.pages, pages, strict=True):
        assert raster.shape == pytest.approx((page.height * PX, page.width * PX), abs=1)
        corners, ids, _ = finder.detectMarkers(raster)
        assert sorted(ids.ravel().tolist()) == [0, 1, 2, 3]
        for (found,), marker in zip(corners, ids.ravel(), strict=True):
            x, y, side, _ = page.markers[marker].box
            wanted = np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])
            assert np.abs((found + 0.5) / PX - wanted).max() < 0.2


@pytest.mark.parametrize("number", range(4))
def test_the_markers_are_those_of_opencv(number):
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    theirs = cv2.aruco.generateImageMarker(dictionary, number, 6) == 0
    assert (np.array([list(row) for row in MARKERS[number]]) == "#").tolist() == theirs.tolist()


@pytest.mark.parametrize("name", ALL)
def test_around_the_markers_and_outside_of_them_the_paper_is_white(name):
    layout, pages = printed(name)
    for page, raster in zip(layout.pages, pages, strict=True):
        outside = raster.copy()
        left, top, *_ = page.markers[0].box
        x, y, width, height = page.markers[2].box
        at(outside, (left, top, x + width - left, y + height - top), margin=0.2)[:] = (
            255  # a line is centred on its box
        )
        assert outside.min() == 255
        for marker in page.markers:
            around = at(raster, marker.box, margin=2.0).copy()
            rim = round(1.9 * PX)
            around[rim:-rim, rim:-rim] = 255
            assert around.min() == 255


@pytest.mark.parametrize(
    "copy",
    [BLANK, PERSONAL, Copy("ZZZZZZZZ", 99, "A" * 20), Copy("ABCDEFGH", 1, "kim.haneul@school.kr")],
    ids=["blank", "personal", "long number", "small letters"],
)
def test_the_qr_code_in_its_box_says_exam_version_page_and_student(copy):
    layout = lay_out(SCHOOL)
    pages = rasters(pdf_of(SCHOOL, copy))
    assert len(pages) == 2
    for page, raster in zip(layout.pages, pages, strict=True):
        (code,) = zxingcpp.read_barcodes(at(raster, page.qr_box))
        wanted = PageCode(copy.exam, copy.version, page.number, copy.student, layout.fingerprint)
        assert PageCode.parse(code.text) == wanted


def ring(raster: np.ndarray, box, grow: float) -> np.ndarray:
    """Greys along the ellipse that is ``grow`` mm larger than the one in ``box``."""
    x, y, width, height = box
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    across = (x + width / 2 + (width / 2 + grow) * np.cos(angle)) * PX
    down = (y + height / 2 + (height / 2 + grow) * np.sin(angle)) * PX
    return raster[down.astype(int), across.astype(int)]


@pytest.mark.parametrize("name", ALL)
def test_each_bubble_has_its_outline_where_the_layout_says_and_little_ink_inside(name):
    layout, pages = printed(name)
    bubbles = 0
    for page, raster in zip(layout.pages, pages, strict=True):
        for field in page.fields:
            if field.kind == "bubble":
                outline = ring(raster, field.box, 0)
                assert outline.max() < 210
                assert outline.mean() < 100
                assert ring(raster, field.box, 0.4).min() > 225
                x, y, width, height = field.box
                inside = at(raster, (x + 0.95, y + 0.95, width - 1.9, height - 1.9))
                assert 215 < inside.mean() <= 255
                assert inside.min() > 100
                bubbles += 1
    assert bubbles > 50


@pytest.mark.parametrize("name", ["mixed", "every kind"])
def test_a_box_for_a_digit_or_letter_is_empty_and_outlined(name):
    layout, pages = printed(name)
    boxes = 0
    for page, raster in zip(layout.pages, pages, strict=True):
        for field in page.fields:
            if field.kind in ("digit", "letter"):
                x, y, width, height = field.box
                assert at(raster, field.box, margin=-0.3).min() == 255
                middle = round((y + height / 2) * PX)
                for edge in (x, x + width):
                    assert raster[middle, round(edge * PX) - 2 : round(edge * PX) + 3].min() < 150
                boxes += 1
    assert boxes >= 15


@pytest.mark.parametrize("paper", [paper for paper in PAPERS if paper != "A5"])
@pytest.mark.parametrize("language", WORDS)
def test_the_sheet_speaks_the_language_of_the_exam(language, paper):
    (text,) = texts(pdf_of(replace(MIXED, language=language, paper=paper)))
    for word in ("how", "good", "bad", "change", "name", "class", "id", "choice", "number"):
        assert WORDS[language][word] in text
    assert MIXED.title in text
    for sentence in WORDS[language]["advice"].splitlines():
        assert sentence.split()[-1] in text


def test_both_languages_have_the_same_words_and_the_fonts_have_their_letters():
    assert WORDS["ko"].keys() == WORDS["en"].keys()
    for words in WORDS.values():
        for word in words.values():
            letters = word.replace("\n", "")
            assert has_glyphs(letters, REGULAR), word
            assert has_glyphs(letters, BOLD), word


def test_every_hangul_syllable_can_be_printed():
    syllables = "".join(map(chr, range(0xAC00, 0xD7A4)))
    assert has_glyphs(syllables, REGULAR)
    assert has_glyphs(syllables, BOLD)


def test_a_personal_sheet_bears_name_class_and_number_on_each_page_and_a_blank_one_does_not():
    data = pdf_of(replace(SCHOOL, versions=2), PERSONAL, BLANK)
    first, second, third, fourth = texts(data)
    for page in (first, second):
        assert {"김하늘", "3-2", "20230117", "1형"} <= set(page.split())
    for page in (third, fourth):
        assert not {"김하늘", "3-2", "20230117"} & set(page.split())
        assert "2형" in page.split()
    assert "1 / 2" in first
    assert "2 / 2" in second


def test_points_are_shown_where_they_differ_once_for_a_section_or_else_at_each_item():
    (first, second) = texts(pdf_of(SCHOOL))
    assert first.count("[각 3점]") == 1
    assert "[3점]" not in first
    assert "[8점]" in first
    assert "[8점]" in second
    assert "99점 만점" in first
    odd = replace(SCHOOL, items=(replace(SCHOOL.items[0], points=2.5), *SCHOOL.items[1:]))
    (first, _) = texts(pdf_of(odd))
    assert first.count("[3점]") == 24
    assert first.count("[2.5점]") == 1
    (plain,) = texts(pdf_of(MIXED))
    assert "[1점]" not in plain


def test_the_same_sheets_are_the_same_bytes():
    assert pdf_of(FORTY, PERSONAL) == pdf_of(FORTY, PERSONAL)


def test_300_copies_make_a_small_file_since_they_share_what_they_have_in_common():
    copies = [Copy("7KQ2M9XA", 1, str(20230000 + n), f"학생{n}", "3-2") for n in range(300)]
    data = pdf_of(MIXED, *copies)
    assert len(pypdfium2.PdfDocument(data)) == 300
    assert len(data) < 1_000_000
    assert len(data) - len(pdf_of(MIXED, copies[0])) < 299 * 2_600


def test_all_ink_is_vectors_and_the_fonts_are_embedded():
    data = pdf_of(MIXED, PERSONAL)
    assert b"/Subtype /Image" not in data
    assert data.count(b"/FontFile2") >= 2


@pytest.mark.parametrize(
    "title",
    ["", "국어" * 200, "A" * 400, "many words " * 60, "\x00\ud800\n\t", "漢文 🎓 ☃", "<b>&amp;"],
    ids=["empty", "long Korean word", "long word", "many words", "control", "rare letters", "markup"],
)
def test_no_title_and_no_label_break_the_print_or_reach_the_qr_code(title):
    spec = replace(
        EVERY_KIND,
        title=title,
        items=(
            ItemSpec(1, "choice", ("a very long label", "\n", title[:40] or "-")),
            ItemSpec(10**9, "letter"),
        ),
        id_groups=((title, 1), ("반", 2)),
    )
    layout = lay_out(spec)
    name = title.encode("utf-8", "ignore").decode() * 2
    (raster,) = rasters(pdf_of(spec, Copy("7KQ2M9XA", 1, "7", name, name)))
    (plain,) = rasters(
        pdf_of(replace(spec, title="-", id_groups=(("-", 1), ("반", 2))), Copy("7KQ2M9XA", 1, "7"))
    )
    (page,) = layout.pages
    assert (at(raster, page.qr_box) == at(plain, page.qr_box)).all()
    for marker in page.markers:
        assert (at(raster, marker.box, margin=2) == at(plain, marker.box, margin=2)).all()


def test_emoji_leave_no_trace_in_a_title_an_option_and_a_name():
    def page(more: str) -> np.ndarray:
        options = tuple(f"{label}{more}" for label in "가나다")
        spec = replace(EVERY_KIND, title=f"Quiz{more}", items=(ItemSpec(1, "choice", options),))
        raster = rasters(pdf_of(spec, replace(PERSONAL, student="", name=f"김하늘{more}")))[0].copy()
        at(raster, lay_out(spec).pages[0].qr_box)[:] = 255  # another layout has another code
        return raster[: -30 * PX]

    plain = page("")
    for more in ("🎓", "👩‍🏫", "🙂️🇰🇷"):
        assert (page(more) == plain).all()


@pytest.mark.parametrize("paper", ["A4", "A5"])
def test_a_long_title_is_printed_whole_in_smaller_letters(paper):
    title = "2026학년도 2학기 중간고사 수학 가형 확률과 통계 그리고 미적분을 함께 보는 긴 제목의 시험지 " * 2
    spec = SheetSpec(title, items(1, 3, "ox"), paper=paper, id_digits=0)
    (text,) = texts(pdf_of(spec, Copy("7KQ2M9XA")))[:1]
    assert title.replace(" ", "") in "".join(text.split())


def test_text_is_made_smaller_before_it_is_cut():
    text, size = fit_text("Midterm examination", 30, 17, 6)
    assert text == "Midterm examination"
    assert 6 < size < 17
    assert text_width(text, size) <= 30.001
    text, size = fit_text("Midterm examination" * 5, 30, 17, 6)
    assert text.endswith("…")
    assert size == 6
    assert text_width(text, size) <= 30.001


@pytest.mark.parametrize("text", ["two words " * 20, "국" * 100, ""])
def test_wrapped_lines_fit_and_lose_nothing(text):
    lines = wrap(text, 40, 9)
    assert all(text_width(line, 9) <= 40.001 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_circled_digits_are_printed_as_digits_since_the_bubble_is_the_circle():
    circled = SheetSpec("t", items(1, 5, "choice", options=("①", "②", "③", "④", "⑤")))
    plain = SheetSpec("t", items(1, 5, "choice", options=FIVE))
    ours, theirs = (rasters(pdf_of(spec))[0] for spec in (circled, plain))
    field = next(f for f in lay_out(circled).pages[0].fields if f.item == 3)
    assert field.option == "①"
    assert (at(ours, field.box) == at(theirs, field.box)).all()


def test_a_copy_that_no_page_code_can_carry_is_refused():
    with pytest.raises(ValueError, match="page code"):
        pdf_of(MIXED, Copy("short"))
