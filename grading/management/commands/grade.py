"""manage.py grade FOLDER: what is marked on sheets with OMRChecker's templates, as CSV. Needs no database."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import cv2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from grading.sheet.marks import MarksReader
from grading.sheet.omrchecker.batch import GradedSheet, SheetFile, SheetFolder, WrongFolder, grade_file
from grading.sheet.omrchecker.results import write_results
from ml.cells.reader import load_reader
from ml.core.cards import WeightsDamaged
from ml.core.engine import EnginesDisagree

MOST_THREADS = 4  # each holds a page, and two children open them
SOME_REFUSED, NOTHING_GRADED = 1, 2


class Command(BaseCommand):
    help = (
        "Reads sheets that were made for OMRChecker and writes a CSV row for each. template.json, evaluation.json and "
        "config.json hold in their folder and all below. Exit status: 0 where all were graded, 1 where some were "
        "refused, 2 where a template or the folder is wrong."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="with template.json and pictures (PNG, JPEG, PDF, TIFF, ...)"
        )
        parser.add_argument("--out", type=Path, help="the CSV file; without it, standard output")

    def handle(self, **options: Any) -> None:
        out: Path | None = options["out"]
        if out and not out.absolute().parent.is_dir():
            raise CommandError(
                f"{out}: its folder does not exist. Please make it.", returncode=NOTHING_GRADED
            )
        try:
            folder = SheetFolder(options["folder"])
            reader = load_reader("marks", cache_folder=settings.MODEL_CACHE_DIR)
            folder.read_keys(reader)
        except (WrongFolder, WeightsDamaged, EnginesDisagree) as problem:
            raise CommandError(str(problem), returncode=NOTHING_GRADED) from problem
        for sentence in folder.left_out:
            self.stderr.write(sentence)
        graded = self.grade(folder.sheets(), reader)
        self.write(graded, out)
        if any(not sheet.readings for sheet in graded):
            raise SystemExit(SOME_REFUSED)

    def grade(self, sheets: Sequence[SheetFile], reader: MarksReader) -> list[GradedSheet]:
        """In their order, and says at once what is wrong with one."""
        cv2.setNumThreads(1)
        graded: list[GradedSheet] = []
        with (
            ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as threads,
            tqdm(total=len(sheets), unit="file", leave=False, disable=None) as bar,
        ):
            for pages in threads.map(partial(grade_file, reader=reader), sheets):
                graded += pages
                bar.update()
                for sheet in pages:
                    if sheet.problem:
                        with tqdm.external_write_mode():
                            self.stderr.write(f"{sheet.name}: {sheet.problem}")
        return graded

    def write(self, graded: Sequence[GradedSheet], out: Path | None) -> None:
        try:
            if out is None:
                write_results(graded, self.stdout)
                self.stdout.flush()
                return
            with out.open("w", encoding="utf-8", newline="") as file:
                write_results(graded, file)
        except BrokenPipeError:  # whoever reads along has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as problem:
            raise CommandError(
                f"{out or 'The table'} cannot be written: {problem.strerror}.", returncode=NOTHING_GRADED
            ) from problem
