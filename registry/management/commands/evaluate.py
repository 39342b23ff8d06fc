"""manage.py evaluate marks|digits|letters: every figure of the weights, with the name of its test set."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ml.cards import WEIGHTS_FOLDER, WeightsDamaged
from ml.evaluation import RECIPES, evaluate
from ml.glyphs import DataMissing


class Command(BaseCommand):
    help = "Measures the weights of a reader on all its test sets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(RECIPES))
        parser.add_argument(
            "--data", type=Path, default=Path("data"), help="folder of the public collections"
        )
        parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER)

    def handle(self, **options: Any) -> None:
        try:
            metrics = evaluate(options["kind"], options["data"], options["weights"])
        except (DataMissing, WeightsDamaged) as problem:
            raise CommandError(str(problem)) from problem
        for metric in metrics:
            self.stdout.write(f"{metric['set']}: {metric['measure']} {metric['value']:.4%}")
