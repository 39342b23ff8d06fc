import cv2
import numpy as np

from grading.sheet.empty_cells import UNKNOWN, empty_cells
from grading.sheet.ink import amount, page_ink, strokes, weigh
from grading.sheet.interpret import EMPTY, MARK, meanings

SURE_EMPTY = np.array([0.98, 0.01, 0, 0, 0.01, 0, 0], np.float32)
SURE_FILLED = np.array([0.01, 0.96, 0.01, 0.01, 0.01, 0, 0], np.float32)
UNSURE = np.array([0.5, 0.4, 0.05, 0.05, 0, 0, 0], np.float32)
LABELS = "ABCD"


def bubble(label: str = "1", bold: int = 1) -> np.ndarray:
    """An empty bubble as it is printed: a thin outline and a grey label, or bold ones."""
    cell = np.full((32, 32), 245, np.uint8)
    cv2.circle(cell, (16, 16), 10, 110, bold, cv2.LINE_AA)
    cv2.putText(cell, label, (12, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.35, 150 - 40 * bold, bold, cv2.LINE_AA)
    return cell


def page(marked: dict[int, int] | None = None, rows: int = 10, bold: int = 1) -> np.ndarray:
    """Rows of bubbles A to D; marked: the place of a bubble that is filled -> its grey level."""
    cells = np.stack([bubble(label, bold) for _ in range(rows) for label in LABELS])
    for place, level in (marked or {}).items():
        cv2.circle(cells[place], (16, 16), 9, level, -1, cv2.LINE_AA)
    return cells


def looks(cells: np.ndarray) -> np.ndarray:
    return empty_cells(cells, [LABELS[place % 4] for place in range(len(cells))])


def said(cells: np.ndarray, *rows: np.ndarray) -> np.ndarray:
    """What is meant (n,) once a page's ink had its say; `rows` for the first cells, the others are surely empty."""
    marks = np.stack([*rows, *[SURE_EMPTY] * (len(cells) - len(rows))])
    return meanings(weigh(marks, cells, looks(cells), np.arange(len(cells)) // 4))


def test_what_most_bubbles_of_a_label_look_like_is_the_print_alone():
    assert (looks(page({0: 30, 5: 30, 9: 30})) == page()).all()


def test_a_favourite_answer_does_not_become_the_print():
    marked = {4 * row: 40 for row in range(6)}
    assert (looks(page(marked)) == page()).all()


def test_where_all_bubbles_of_a_label_are_marked_the_others_say_how_print_looks():
    found = looks(page({4 * row: 30 for row in range(10)}))
    assert strokes(page()[:1], found[:1])[0] < 60 < strokes(page({0: 30})[:1], found[:1])[0]


def test_a_page_of_two_bubbles_says_nothing():
    assert (empty_cells(page()[:2], ["A", "B"]) == UNKNOWN).all()
    assert not len(empty_cells(page()[:0], []))


def test_bold_print_is_no_ink():
    cells = page(bold=3)
    assert strokes(cells, looks(cells)).max() == 0


def test_ink_as_dark_as_the_marks_settles_what_the_network_leaves_open():
    marked = {0: 60, 5: 60, 10: 70}
    meant = said(page(marked), UNSURE, *[SURE_EMPTY] * 4, SURE_FILLED, *[SURE_EMPTY] * 4, SURE_FILLED)
    assert meant[0, MARK] > 0.95
    assert meant[1:5, EMPTY].min() > 0.99


def test_bubbles_as_light_as_empty_ones_are_empty_even_where_the_network_hesitates_a_little():
    nearly = np.array([0.88, 0.12, 0, 0, 0, 0, 0], np.float32)
    assert said(page(), nearly, nearly)[:2, EMPTY].min() > 0.99
    assert said(page(), UNSURE)[0, EMPTY] < 0.6  # of faint strokes that it sees


def test_what_touched_a_bubble_beside_a_mark_is_none_though_the_network_sees_a_faint_stroke():
    meant = said(page({0: 60, 5: 60}), SURE_FILLED, UNSURE, *[SURE_EMPTY] * 3, SURE_FILLED, *[UNSURE] * 8)
    assert meant[1, EMPTY] > 0.95  # beside the mark of its row
    assert meant[8:12, EMPTY].max() < 0.6  # of a row in which nothing else is marked


def test_a_mark_much_fainter_than_the_students_others_is_for_a_person():
    marked = {0: 180, 5: 60, 10: 60}
    meant = said(page(marked), SURE_FILLED, *[SURE_EMPTY] * 4, SURE_FILLED, *[SURE_EMPTY] * 4, SURE_FILLED)
    assert meant[0].max() < 0.8


def test_a_light_pencil_is_not_faint_where_all_marks_are_light():
    marked = {0: 180, 5: 180, 10: 175}
    meant = said(page(marked), SURE_FILLED, *[SURE_EMPTY] * 4, SURE_FILLED, *[SURE_EMPTY] * 4, SURE_FILLED)
    assert meant[[0, 5, 10], MARK].min() > 0.95


def test_marks_of_a_page_out_of_focus_are_settled_by_their_ink_though_the_network_hesitates_at_all():
    hesitant = np.array([0.8, 0.2, 0, 0, 0, 0, 0], np.float32)
    cells = np.stack([cv2.GaussianBlur(cell, (0, 0), 3) for cell in page({0: 60, 5: 60, 10: 60})])
    meant = said(cells, *[hesitant if place % 5 == 0 else SURE_EMPTY for place in range(11)])
    assert meant[[0, 5, 10], MARK].min() > 0.98
    assert meant[1:5, EMPTY].min() > 0.99


def test_a_dark_bubble_that_the_network_calls_empty_is_for_a_person():
    marked = {0: 60, 5: 60, 10: 60, 15: 60}
    meant = said(page(marked), SURE_FILLED, *[SURE_EMPTY] * 4, SURE_FILLED, *[SURE_EMPTY] * 4, SURE_FILLED)
    assert meant[15].max() < 0.9


def test_the_marks_of_a_blank_page_are_none():
    ink = page_ink(page(), looks(page()), np.zeros(40))
    assert not ink.is_dark.any() and not ink.is_faint.any() and ink.is_still.all()


def test_bare_paper_holds_no_ink_and_black_holds_all():
    assert amount(np.full((1, 32, 32), 250, np.uint8)) == 0
    assert amount(np.zeros((1, 32, 32), np.uint8)) == 245


def test_marks_that_the_network_does_not_believe_in_are_never_taken_for_empty_by_their_ink():
    cells = page({0: 60, 5: 60, 10: 60})
    assert not page_ink(cells, looks(cells), np.zeros(40)).is_still[[0, 5, 10]].any()


def test_a_ring_on_the_outline_is_never_certainly_empty_not_even_alone_on_its_page():
    cells = page()
    cv2.circle(cells[3], (16, 16), 10, 90, 3, cv2.LINE_AA)
    assert said(cells)[3].max() < 0.9


def test_a_fill_rubbed_out_in_lanes_is_for_a_person_however_dark_its_lanes_are():
    marked = {5: 60, 10: 60, 15: 60}
    cells = page(marked)
    lanes = np.zeros((32, 32), np.uint8)
    cv2.circle(lanes, (16, 16), 9, 1, -1)
    lanes[:, 13:18] = lanes[:, 22:] = 0
    cells[0] = np.where(lanes.astype(bool) & (np.arange(32) % 3 == 0), 70, cells[0])
    rows = [SURE_EMPTY] * 16
    rows[5] = rows[10] = rows[15] = rows[0] = SURE_FILLED
    assert said(cells, *rows)[0].max() < 0.8


def shaded(cells: np.ndarray) -> np.ndarray:
    """Every other row printed on a grey band."""
    tinted = cells.copy()
    for row in range(1, len(cells) // 4, 2):
        tinted[4 * row : 4 * row + 4] = (cells[4 * row : 4 * row + 4] * 0.9).astype(np.uint8)
    return tinted


def test_a_blank_form_with_shaded_rows_is_empty():
    assert (said(shaded(page()))[:, EMPTY] > 0.95).all()


def test_a_mark_on_a_shaded_row_is_not_taken_for_its_shade():
    cells = shaded(page({0: 40, 9: 40, 20: 60, 28: 180}))  # 20 and 28 are on shaded rows
    meant = said(cells, SURE_FILLED, *[SURE_EMPTY] * 8, SURE_FILLED)
    assert meant[[0, 9], MARK].min() > 0.9
    assert meant[[20, 28], EMPTY].max() < 0.5


def half_rubbed_out(cell: np.ndarray, dark: int, slant: float = 0.0) -> np.ndarray:
    """A fill over which an eraser went in soft lanes: as dark as before in some, grey between them."""
    rows, columns = np.mgrid[:32, :32]
    across = rows * np.cos(slant) + columns * np.sin(slant)
    left = 0.62 + 0.38 * np.sin(2 * np.pi * across / 8)
    fill = np.zeros((32, 32), np.uint8)
    cv2.circle(fill, (16, 16), 9, 1, -1)
    return np.where(fill > 0, cell - left * np.maximum(cell.astype(float) - dark, 0), cell).astype(np.uint8)


def test_a_fill_rubbed_out_by_half_in_soft_lanes_is_for_a_person_where_others_are_even():
    others = (5, 10, 15, 20, 25, 30)
    for dark in (50, 150):  # a pen, and a light pencil
        cells = page(dict.fromkeys(others, dark))
        cells[0] = half_rubbed_out(cells[0], dark, slant=0.4)
        meant = said(cells, *[SURE_FILLED if place in (0, *others) else SURE_EMPTY for place in range(31)])
        assert meant[0].max() < 0.8
        assert meant[others, MARK].min() > 0.95


def hatched(places: tuple[int, ...]) -> np.ndarray:
    """A page whose student fills with lines, between which paper is left, more or less of it."""
    cells = page()
    for place in places:
        for x in range(8 + place % 3, 24, 4):
            cv2.line(cells[place], (x, 9), (x + place % 2, 23), 50, 2, cv2.LINE_AA)
    return cells


def test_fills_with_paper_between_their_lines_are_marks_where_all_of_a_student_are_so():
    others = (5, 10, 15, 20, 25, 30)
    cells = hatched((0, *others))
    meant = said(cells, *[SURE_FILLED if place in (0, *others) else SURE_EMPTY for place in range(31)])
    assert meant[[0, *others], MARK].min() > 0.95


def test_lines_that_were_half_rubbed_out_are_for_a_person():
    others = (5, 10, 15, 20, 25, 30)
    cells = hatched((0, *others))
    cells[0] = np.maximum(cells[0], 92)  # so are the outline and the letter
    meant = said(cells, *[SURE_FILLED if place in (0, *others) else SURE_EMPTY for place in range(31)])
    assert meant[0].max() < 0.8
    assert meant[others, MARK].min() > 0.95
