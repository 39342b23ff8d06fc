"""manage.py train digits|letters|marks|numerals: makes the weights that come with Nunbit, from data and simulation.

manage.py train classifier --calibrate: finds the temperature of the networks that come trained.
"""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from jobs.claims import Rejected
from ml.cells.corrections import CorrectedCells
from ml.cells.evaluate import RECIPES
from ml.core.cards import WEIGHTS_FOLDER, Card, WeightsDamaged
from ml.core.characters import DataMissing
from ml.core.trainer import Report
from ml.kinds import KINDS, NotOffered, Plan
from registry.management.commands._figures import table
from registry.management.commands._recorder import TrainingRecorder
from registry.models import BUILT_IN
from registry.services import register_built_ins
from registry.tasks.trainings import gathered_cells
from uploads.pictures import open_rgb


def counted(text: str) -> int:
    """A whole number from 1 on, as seeds and epochs are."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**31):
        raise ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def corrected_cells(kind: str) -> CorrectedCells:
    if kind not in RECIPES:
        raise NotOffered(f"Beside what they learn anyway, {', '.join(RECIPES)} learn from corrections.")
    try:
        return gathered_cells(kind)
    except Rejected as few:
        raise CommandError(str(few)) from few


class Command(BaseCommand):
    help = "Trains a network and writes its weights and card. An interrupted training goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument(
            "--architecture",
            default="",
            help="; ".join(f"{name}: {', '.join(kind.architectures)}" for name, kind in KINDS.items())
            + "; the first where none is named",
        )
        parser.add_argument(
            "--data",
            type=Path,
            default=Path("data"),
            help="folder of the public collections; MNIST alone is enough for digits; for the classifier a folder of "
            "pictures called <wnid>_name.JPEG",
        )
        parser.add_argument(
            "--out", type=Path, default=WEIGHTS_FOLDER, help="where the weights and their card go"
        )
        parser.add_argument("--seed", type=counted, default=1)
        parser.add_argument(
            "--seeds",
            type=counted,
            default=1,
            help="digits: so many trainings, from --seed on; the best is kept",
        )
        parser.add_argument("--epochs", type=counted, help="passes over the data")
        parser.add_argument("--minutes", type=float, help="shortens the training to about this long")
        parser.add_argument(
            "--start",
            type=Path,
            help="digits, marks, numerals, letters: a folder with weights to learn further, in place of random ones",
        )
        parser.add_argument(
            "--with-corrections",
            action="store_true",
            help="marks, numerals, letters: learn from what was corrected in exams that allow it, too",
        )
        parser.add_argument(
            "--calibrate",
            action="store_true",
            help="only measure anew what --out holds (cells and classifier: and calibrate)",
        )

    def handle(self, **options: Any) -> None:
        kind = KINDS[options["kind"]]
        try:
            plan = self.plan(options)
            card = kind.recalibrate(plan) if options["calibrate"] else self.train(options["kind"], plan)
        except (DataMissing, WeightsDamaged, NotOffered) as problem:
            raise CommandError(str(problem)) from problem
        except DatabaseError as problem:
            raise CommandError(
                f"The training could not be written down ({problem}). Is the database there? "
                "python manage.py migrate makes it; then the same command goes on."
            ) from problem
        except OSError as problem:
            raise CommandError(f"A file could not be read or written: {problem}") from problem
        except KeyboardInterrupt as stop:
            raise CommandError("Stopped. The same command goes on from here.") from stop
        self.stdout.write(table(card.metrics))
        weights = "" if options["calibrate"] else f"{card.name}.safetensors and "
        self.stdout.write(f"Written to {plan.out}: {weights}the card {card.name}.json.")

    def plan(self, options: dict[str, Any]) -> Plan:
        architectures = KINDS[options["kind"]].architectures
        architecture = options["architecture"] or architectures[0]
        if architecture not in architectures:
            raise CommandError(
                f"{options['kind']} has no architecture {architecture}: say {' or '.join(architectures)}."
            )
        seeds = tuple(range(options["seed"], options["seed"] + options["seeds"]))
        chosen = {name: options[name] for name in ("data", "out", "epochs", "minutes", "start")}
        return Plan(
            architecture=architecture,
            open_picture=open_rgb,
            seeds=seeds,
            cache=settings.MODEL_CACHE_DIR,
            corrected=corrected_cells(options["kind"]) if options["with_corrections"] else None,
            **chosen,
        )

    def train(self, kind: str, plan: Plan) -> Card:
        """Shows how far it is and writes it down; the built-in weights answer from now on, where these were made."""
        with (
            TrainingRecorder(kind, plan.architecture) as recorder,
            tqdm(
                total=1.0, miniters=0, bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}<{remaining}"
            ) as bar,
        ):

            def watch(report: Report) -> None:
                bar.set_description(report.step, refresh=False)
                bar.update(report.share - bar.n)
                recorder.write(report)

            card = KINDS[kind].train(plan, watch)
            if plan.out.resolve() == BUILT_IN.resolve():
                register_built_ins(folder=plan.out)
            recorder.conclude(card)
        return card
