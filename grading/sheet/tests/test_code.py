import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from grading.sheet.code import NotASheet, PageCode

CAPITALS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
codes = st.builds(
    PageCode,
    exam=st.text(CAPITALS, min_size=8, max_size=8),
    version=st.integers(0, 999),
    page=st.integers(1, 999),
    student=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    fingerprint=st.text(CAPITALS, min_size=4, max_size=4),
)


@given(codes)
def test_a_code_read_back_from_its_text_is_the_same(code):
    assert PageCode.parse(code.text()) == code


def test_the_text_is_short_and_stays_in_the_small_alphabet_of_qr_codes():
    code = PageCode("7KQ2M9XA", 1, 2, "20230117", "2KQ7")
    assert code.text() == "NB1/7KQ2M9XA/1/2/2KQ7/20230117"
    symbol = segno.make(code.text(), error="m", micro=False)
    assert (symbol.mode, symbol.version) == ("alphanumeric", 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/",
        "NB2/7KQ2M9XA/1/2/2KQ7/",
        "NB1/7KQ2M9XA/1/2/2KQ7",
        "NB1/7KQ2M9X/1/2/2KQ7/",
        "NB1/7KQ2M9XA/1/two/2KQ7/",
        "NB1/7KQ2M9XA/1/2/2KQ7/" + "9" * 21,
        "NB1/7KQ2M9XA/1/2/2KQ7/홍길동",
        "NB1/7KQ2M9XA/1/2/2KQ7/1\n",
        "NB1/7KQ2M9XA/١/2/2KQ7/",
    ],
)
def test_any_other_code_is_not_a_sheet(text):
    with pytest.raises(NotASheet) as caught:
        PageCode.parse(text)
    assert caught.value.reason == "foreign_code"


@pytest.mark.parametrize("student", ["1" * 21, "홍길동", "1\n2"])
def test_a_student_number_that_a_page_cannot_carry_is_refused_before_it_is_printed(student):
    with pytest.raises(ValueError, match="page code"):
        PageCode("7KQ2M9XA", 1, 1, student, "2KQ7")


def test_a_student_number_may_hold_a_slash():
    assert PageCode.parse("NB1/7KQ2M9XA/1/2/2KQ7/3/12").student == "3/12"
