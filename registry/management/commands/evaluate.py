"""manage.py evaluate classifier|digits|letters|marks|numerals: all figures of the weights, with their test sets."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ml.core.cards import WEIGHTS_FOLDER, WeightsDamaged
from ml.core.characters import DataMissing
from ml.kinds import KINDS, NotOffered, Question
from registry.management.commands._figures import table
from uploads.pictures import open_rgb


class Command(BaseCommand):
    help = "Measures weights on all their test sets; digits and the classifier also on a set of your own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument(
            "--data",
            type=Path,
            default=Path("data"),
            help="folder of the public collections; for digits also FILE.npz (x: uint8, n x h x w or n x h x w x 3; "
            "y: 0 to 9) or a folder with folders 0 to 9 of pictures; for the classifier a folder of pictures called "
            "<wnid>_name.JPEG; pictures are read as uploads are",
        )
        parser.add_argument("folder", nargs="?", type=Path, help="the same as --data")
        parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER)
        parser.add_argument("--model", default="", help="name of the weights, such as digits_dense or lite0")
        parser.add_argument(
            "--json",
            action="store_true",
            help="digits: {accuracy, accuracy_certain, certain_share, ece, confusion} of your own set, or of MNIST's "
            "test half; confusion has a row for each label, its last column counts pictures without an answer. "
            "classifier: {top1, top5, ece, n, seconds}",
        )

    def handle(self, **options: Any) -> None:
        kind, data = KINDS[options["kind"]], options["folder"] or options["data"]
        with tqdm(bar_format="{desc} {elapsed}", leave=False, disable=None) as bar:
            question = Question(
                data,
                open_rgb,
                options["weights"],
                options["model"],
                on_progress=bar.set_description,
                cache=settings.MODEL_CACHE_DIR,
            )
            try:
                answer = (
                    json.dumps(kind.summary(question)) if options["json"] else table(kind.evaluate(question))
                )
            except (DataMissing, WeightsDamaged, NotOffered) as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(answer)
