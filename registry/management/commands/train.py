"""manage.py train marks|digits|letters: makes the weights that come with Nunbit, from data and simulation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ml.cards import WEIGHTS_FOLDER
from ml.evaluation import RECIPES
from ml.glyphs import DataMissing
from ml.training import recalibrate, train


class Command(BaseCommand):
    help = "Trains a reader of cells and writes its weights and card."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(RECIPES))
        parser.add_argument(
            "--data", type=Path, default=Path("data"), help="folder of the public collections"
        )
        parser.add_argument(
            "--out", type=Path, default=WEIGHTS_FOLDER, help="where the weights and their card go"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--epochs", type=int, help="passes over the pool of cells")
        parser.add_argument("--minutes", type=float, help="shortens the training to about this long")
        parser.add_argument(
            "--calibrate", action="store_true", help="only calibrate and measure what --out holds"
        )

    def handle(self, **options: Any) -> None:
        with tqdm(total=1.0, bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}<{remaining}") as bar:

            def show(share: float, step: str) -> None:
                bar.set_description(step, refresh=False)
                bar.update(share - bar.n)

            where = options["kind"], options["data"], options["out"]
            chosen = {name: options[name] for name in ("epochs", "minutes")}
            try:
                if options["calibrate"]:
                    card = recalibrate(*where, seed=options["seed"])
                else:
                    card = train(*where, seed=options["seed"], progress=show, **chosen)
            except DataMissing as problem:
                raise CommandError(str(problem)) from problem
        for metric in card.metrics:
            self.stdout.write(f"{metric['set']}: {metric['measure']} {metric['value']:.4%}")
        self.stdout.write(f"Written: {options['out'] / card.name}.safetensors and its card.")
