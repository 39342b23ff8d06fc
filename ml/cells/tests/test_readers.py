"""What the committed weights read on cells that these tests draw themselves."""

from random import Random

import numpy as np
import pytest

from ml.cells.letters import LETTERS
from ml.cells.marks import MARKS, RECIPE
from ml.cells.numerals import NUMERALS
from ml.cells.recipe import sums
from ml.simulation.bubbles import draw_bubble, draw_bubbles
from ml.simulation.conditions import ANOTHER_ORDINARY, ANOTHER_SCHOOL
from ml.tests import drawing
from ml.tests.drawing import box, bubble, check, disc, line, ring, saltire, scribble, zigzag

KINDS = {"marks": MARKS, "numerals": NUMERALS, "letters": LETTERS}

DRAWN_MARKS = {
    "a bare bubble": ("empty", bubble()),
    "a bare bubble on grey paper": ("empty", bubble(paper=225)),
    "a bare bubble with a black outline": ("empty", bubble(outline=20)),
    "a bubble without a label": ("empty", bubble(label="")),
    "a stroke that passes the corner": ("empty", bubble(line((0, 20), (26, 0)))),
    "a full bubble": ("mark", bubble(disc())),
    "a full bubble in light pencil": ("mark", bubble(disc(ink=170))),
    "a bold slash": ("mark", bubble(line((36, 92), (92, 36), 16))),
    "a heavy dot": ("mark", bubble(disc(20))),
    "a cross": ("mark", bubble(saltire(30))),
    "a big thick cross": ("mark", bubble(saltire(44, 15))),
    "a tick": ("mark", bubble(check())),
    "a thick tick": ("mark", bubble(check(14))),
    "a ring inside": ("mark", bubble(ring(25))),
    "a ring around": ("mark", bubble(ring(53))),
    "a bold ring traced over the outline": ("mark", bubble(ring(42, 13, 50))),
    "shading that leaves the outline a little": ("mark", bubble(zigzag())),
    "a full bubble under a cross": ("withdrawn", bubble(disc(ink=110), saltire(58, 9, 40))),
    "a scribble over everything": ("withdrawn", bubble(scribble())),
}


@pytest.mark.parametrize("name", DRAWN_MARKS)
def test_a_mark_is_read_for_what_it_means(marks, name):
    meaning, cell = DRAWN_MARKS[name]

    probabilities = marks.read_meanings(marks.read(cell[None]))[0]

    assert list(marks.meanings)[int(probabilities.argmax())] == meaning, probabilities


def test_a_big_thick_cross_on_an_empty_bubble_is_a_cross_and_not_a_withdrawal(marks):
    cells = np.stack([bubble(saltire(reach, width)) for reach in (34, 40, 46) for width in (9, 13, 17)])

    best = marks.read(cells).argmax(1)

    assert [marks.classes[kind] for kind in best] == ["cross"] * len(cells)


def test_empty_bubbles_of_every_look_give_no_mark(marks):
    """Hundreds of bare bubbles of this file, and 1,500 of another school with their dust, smears and neighbours."""
    papers, outlines = (255, 245, 225, 205), (10, 60, 120, 180)
    own = [
        bubble(paper=p, outline=o, label=s, seed=n)
        for n in range(6)
        for p in papers
        for o in outlines
        for s in "A7+3 "
    ]
    random = Random("empty bubbles")
    drawn = np.stack([draw_bubble("empty", random, ANOTHER_ORDINARY) for _ in range(1500)])

    for cells, references in ((np.stack(own), None), (drawn[:, 0], drawn[:, 1])):
        meanings = marks.read_meanings(marks.read(cells, references))
        assert not certain_marks(marks, meanings).any(), np.flatnonzero(certain_marks(marks, meanings))
        assert (meanings.argmax(1) == list(marks.meanings).index("empty")).mean() > 0.985


def test_even_on_ruined_pages_an_empty_bubble_is_hardly_ever_a_certain_mark(marks):
    random = Random("empty bubbles")
    cells = np.stack([draw_bubble("empty", random, ANOTHER_SCHOOL) for _ in range(1500)])

    meanings = marks.read_meanings(marks.read(cells[:, 0], cells[:, 1]))
    assert certain_marks(marks, meanings).sum() <= 3


def certain_marks(marks, meanings):
    return meanings[:, list(marks.meanings).index("mark")] >= marks.certain


def test_a_blank_sheet_and_pure_noise_give_no_mark(marks):
    generator = np.random.default_rng(3)
    flat = np.stack([np.full((32, 32), level, np.uint8) for level in range(200, 256)])
    noisy = np.clip(generator.normal(240, 5, (500, 32, 32)), 0, 255).astype(np.uint8)

    probabilities = marks.read(np.concatenate([flat, noisy]))

    assert (probabilities[:, marks.classes.index("empty")] > 0.5).all()


def test_cells_of_another_school_are_read_right_and_the_certain_ones_nearly_always(marks):
    cells, targets = draw_bubbles(3000, Random("a test's own seed"), ANOTHER_ORDINARY)
    probabilities, truth = marks.read(cells[:, 0], cells[:, 1]), targets.argmax(1)
    places = [[marks.classes.index(name) for name in names] for names in marks.meanings.values()]
    meant = marks.read_meanings(probabilities)
    true_meaning = np.array([next(m for m, place in enumerate(places) if kind in place) for kind in truth])
    is_certain = meant.max(1) >= marks.certain

    assert (probabilities.argmax(1) == truth).mean() > 0.9
    assert (meant.argmax(1) == true_meaning).mean() > 0.97
    assert is_certain.mean() > 0.85
    assert (meant.argmax(1) != true_meaning)[is_certain].sum() <= 3


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_in_a_box_is_read(reader_of, digit):
    reader = reader_of("numerals")

    probabilities = reader.read(box(drawing.text(digit))[None])[0]

    assert reader.classes[int(probabilities.argmax())] == digit, probabilities


@pytest.mark.parametrize("letter", "ABCDE")
def test_a_letter_in_a_box_is_read(reader_of, letter):
    reader = reader_of("letters")

    probabilities = reader.read(box(drawing.text(letter))[None])[0]

    assert reader.classes[int(probabilities.argmax())] == letter, probabilities


@pytest.mark.parametrize("kind", ["numerals", "letters"])
def test_empty_boxes_are_blank_and_scribbles_are_nothing_known(reader_of, kind):
    reader = reader_of(kind)
    blank = np.stack([box(seed=seed) for seed in range(20)])

    assert {reader.classes[best] for best in reader.read(blank).argmax(1)} == {"blank"}
    assert reader.classes[int(reader.read(box(scribble())[None])[0].argmax())] == "other"


def test_a_minus_and_a_decimal_point_are_read(reader_of):
    reader = reader_of("numerals")
    minus, point = box(line((40, 64), (88, 64))), box(line((60, 100), (62, 102), 12))

    assert [reader.classes[best] for best in reader.read(np.stack([minus, point])).argmax(1)] == ["-", "."]


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_of_any_cell_sum_to_one_and_no_cells_are_no_trouble(reader_of, kind):
    reader = reader_of(kind)
    cells = np.random.default_rng(1).integers(0, 256, (300, 32, 32), dtype=np.uint8)

    probabilities = reader.read(cells)

    assert probabilities.shape == (300, len(KINDS[kind])) and probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(1), 1, atol=1e-5) and (probabilities >= 0).all()
    assert reader.read(cells[:0]).shape == (0, len(KINDS[kind]))
    assert np.allclose(reader.read_meanings(probabilities).sum(1), 1, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_is_read_the_same_alone_and_among_many(reader_of, kind):
    reader = reader_of(kind)
    cells = np.random.default_rng(2).integers(0, 256, (600, 32, 32), dtype=np.uint8)

    together = reader.read(cells)

    assert np.allclose(reader.read(cells[555:556]), together[555:556], atol=1e-5)


def test_cells_of_a_wrong_form_are_refused(marks):
    with pytest.raises(ValueError, match="uint8"):
        marks.read(np.zeros((2, 32, 32), np.float32))
    with pytest.raises(ValueError, match="side"):
        marks.read(np.zeros(28, np.uint8))


def test_finer_cells_are_read_by_a_network_of_coarser_ones(marks):
    cells = draw_bubbles(200, Random(4), ANOTHER_ORDINARY)[0]
    fine = cells.repeat(2, axis=2).repeat(2, axis=3)
    assert np.array_equal(marks.read(fine[:, 0], fine[:, 1]), marks.read(cells[:, 0], cells[:, 1]))


def test_the_reader_and_the_training_sum_up_meanings_alike(marks):
    from_reader = marks.read_meanings(np.eye(len(MARKS), dtype=np.float32))

    assert (from_reader == sums(RECIPE, np.eye(len(MARKS), dtype=np.float32))).all()
