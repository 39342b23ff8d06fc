"""Handwritten answer letters in printed boxes: A to E in either case, blank, or something else."""

from functools import partial
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from ml.cells.network import CellNetConfig
from ml.cells.recipe import MOVES, SIMULATION, CellRecipe, DataSource, Sample, draw_written, one_hot
from ml.core import characters
from ml.core.cards import collection
from ml.core.characters import Characters
from ml.simulation import boxes
from ml.simulation.boxes import Writer
from ml.simulation.conditions import ANOTHER_SCHOOL, ORDINARY, Conditions
from ml.simulation.printing import fonts_with, label_glyph

ANSWERS = "ABCDE"
LETTERS = (*ANSWERS, "blank", "other")

# As people write them, small or large, these pass for an A, B, C, D or E.
CONFUSED = "GHLNOQU024689ㄴㄷㄹㅅㅇㅌ"
# Collections with labels so often wrong that they cannot say how sure a reader may be.
MISLABELLED = ("az", "choice")
# How often a letter of a collection counts: the small ones have writers and pens that the others have not.
TIMES = {"choice": 0, "chars74k": 4, "omniglot": 4}

SHARES = {"letter": 0.6, "blank": 0.11, "other": 0.29}

DATA = [
    collection("Capital letters A-Z", "CC0", "training; the last fifth of each letter held out"),
    collection(
        "EMNIST letters A-M, test half",
        "NIST, public domain",
        "the first half of each letter training, the second held out",
    ),
    collection("Chars74K, English, hand", "research", "training; the last 10 of 55 writers held out"),
    collection("62 characters, photographed (choice v0.3)", "none stated", "test only: its last tenth"),
    collection("Omniglot, Latin and Korean", "MIT", "training; the last 4 of 20 writers held out"),
    collection("MNIST, training half", "CC BY-SA 3.0", "not a letter; its last 5,000 held out"),
    SIMULATION,
]


def source(data_folder: Path) -> DataSource:
    """Held out of every collection: half for calibration (the earlier writers), half for the test."""
    sets = [
        (characters.az, 0.8),
        (characters.emnist_letters, 0.5),
        (characters.chars74k, 0.82),
        (characters.choice, 0.8),
        (characters.omniglot, 0.8),
    ]
    read = {reader.__name__: (reader(data_folder), share) for reader, share in sets}
    digits = characters.mnist(data_folder, "train")
    read["mnist"] = (digits.where(np.arange(len(digits)) % 6 == 0), 0.9)
    parts = {
        name: (known.part(0, cut), known.part(cut, (1 + cut) / 2), known.part((1 + cut) / 2, 1))
        for name, (known, cut) in read.items()
    }
    seen = [part[0] for name, part in parts.items() for _ in range(TIMES.get(name, 1))]
    calibration = [part[1] for name, part in parts.items() if name not in MISLABELLED]
    test = [part[2] for part in parts.values()]
    return DataSource(
        draw=partial(draw_letters, *answers(characters.concat(*seen, typeset(ANSWERS + ANSWERS.lower())))),
        draw_held_out=partial(draw_letters, *answers(characters.concat(*calibration))),
        named_sets=partial(
            named_sets, *answers(characters.concat(*test)), {name: part[2] for name, part in parts.items()}
        ),
        data=DATA,
    )


def typeset(names: str) -> Characters:
    """Letters of all fonts that marks are learned with: careful hands, once they are bent and slanted."""
    files = fonts_with("A", ORDINARY.fonts)
    glyphs = [(name, label_glyph(name, file)) for file in files for name in names]
    side = max(max(glyph.shape) for _, glyph in glyphs)
    pictures = [np.pad(g, ((0, side - g.shape[0]), (0, side - g.shape[1]))) for _, g in glyphs]
    return characters.crop_characters(np.stack(pictures), [name for name, _ in glyphs])


def answers(known: Characters) -> tuple[Characters, Characters]:
    """Answer letters (labelled by their capital) and everything else."""
    folded = Characters(known.pictures, np.char.upper(known.labels))
    return folded.of(ANSWERS), folded.where(~np.isin(folded.labels, list(ANSWERS + CONFUSED)))


def draw_letters(
    letters: Characters, others: Characters, count: int, random: Random, conditions: Conditions
) -> Sample:
    """Every answer letter equally often."""
    by_letter = {name: np.flatnonzero(letters.labels == name) for name in ANSWERS}

    def write(writer: Writer, kind: str) -> dict[str, float]:
        if kind == "letter":
            return write_letter(writer, letters, by_letter)
        write_none(writer, kind, letters, others)
        return {kind: 1.0}

    return draw_written(LETTERS, SHARES, write, count, random, conditions)


def write_letter(
    writer: Writer, letters: Characters, by_letter: dict[str, NDArray[np.int64]]
) -> dict[str, float]:
    if writer.random.random() < writer.conditions.chance_odd / 2:
        return boxes.overwritten(writer, letters)
    name = writer.random.choice(ANSWERS)
    boxes.character(writer, letters.pictures[writer.random.choice(by_letter[name])])
    return {name: 1.0}


def write_none(writer: Writer, kind: str, letters: Characters, others: Characters) -> None:
    way = writer.random.random()
    if kind == "blank":
        boxes.leave_blank(writer)
    elif way < 0.62:
        boxes.character(writer, boxes.any_character(others, writer.random))
    elif way < 0.75:
        boxes.two_characters(writer, letters)
    else:
        boxes.no_character(writer, letters)


def named_sets(letters: Characters, others: Characters, sets: dict[str, Characters]) -> dict[str, Sample]:
    """The last writers of every collection at another school: all together and each answer letter once by set."""
    tests = {
        "letters of the last writers, drawn at another school": draw_letters(
            letters, others, 20_000, Random("letters"), ANOTHER_SCHOOL
        )
    }
    for name, known in sets.items():
        mine = answers(known)[0]
        if len(mine):
            tests[f"{name}, A-E of the last writers, photographed"] = (
                boxes.write_each(mine, Random(name), ANOTHER_SCHOOL),
                one_hot(mine.labels, LETTERS),
            )
    return tests


RECIPE = CellRecipe(
    kind="letters",
    classes=LETTERS,
    meanings={name: (name,) for name in LETTERS},
    prior=(*[0.165] * 5, 0.165, 0.01),
    network=CellNetConfig(
        len(LETTERS), side=64, stem=24, widths=(32, 64, 128), blocks=(1, 1, 1), dropout=0.2, members=2
    ),
    moves=MOVES,
    source=source,
    cells=24_000,
    pool=96_000,
    epochs=20,
    allowed_wrong=1 / 1000,
)
