"""Every kind of network that is trained and measured here, behind one surface."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ml.cells import evaluate as evaluation
from ml.cells import probe as cells_probe
from ml.cells import train as training
from ml.cells.corrections import CorrectedCells
from ml.cells.evaluate import RECIPES
from ml.core.cards import WEIGHTS_FOLDER, Card, WeightsDamaged
from ml.core.engine import cache_of
from ml.core.evaluation import Metric, OpenPicture, TestSet
from ml.core.probe import ProbeResult
from ml.core.trainer import OnProgress, Watch
from ml.digits import probe as digits_probe
from ml.digits import seeds as digit_seeds
from ml.digits.evaluate import measure, measure_papers, named_sets, own_set, predict
from ml.digits.reader import DigitReader, load_digit_reader
from ml.digits.train import card_name
from ml.faces import entanglement
from ml.faces import evaluate as faces_evaluation
from ml.faces import probe as faces_probe
from ml.faces import train as faces_training
from ml.pictures import evaluate as picture_evaluation
from ml.pictures import probe as pictures_probe
from ml.pictures.backbone import load_backbone
from ml.pictures.image_types import reader as image_types
from ml.pictures.image_types.evaluate import measure as measure_image_types
from ml.pictures.image_types.train import train as train_image_types
from ml.pictures.scripts import reader as scripts
from ml.pictures.scripts.train import measure as measure_scripts
from ml.pictures.scripts.train import train as train_scripts


class NotOffered(Exception):
    """Something was asked of a kind of network that it has not; the text says what."""


@dataclass(frozen=True)
class Plan:
    """A training. architecture: one of the kind's; seeds: of one training after the other, the best of which is kept;
    minutes: of training, in place of epochs; start: a folder with weights to begin with; open_picture: for kinds that
    learn from pictures in a folder; cache: where readied networks are kept, see ml.core.engine.cache_of; corrected: for
    readers of cells, what they learn from besides; earlier: epochs of the same training that this one makes longer,
    from its checkpoint in `out`; keeps_checkpoint: so that it can be made longer later."""

    data: Path
    out: Path
    architecture: str
    open_picture: OpenPicture
    seeds: tuple[int, ...] = (1,)
    epochs: int | None = None
    minutes: float | None = None
    start: Path | None = None
    cache: Path | None = None
    corrected: CorrectedCells | None = None
    earlier: int = 0
    keeps_checkpoint: bool = False


@dataclass(frozen=True)
class Question:
    """What to measure. data: the folder of the public collections, or a test set of one's own for kinds that read any;
    model: the name of the weights; card: theirs, where it does not lie in the folder of the weights; on_progress: hears
    what is being read; cache: as in a plan."""

    data: Path
    open_picture: OpenPicture
    weights: Path = WEIGHTS_FOLDER
    model: str = ""
    card: Card | None = None
    on_progress: OnProgress = lambda name: None
    cache: Path | None = None


class NetworkKind(ABC):
    """All may raise DataMissing, WeightsDamaged and NotOffered, each with a sentence."""

    architectures: tuple[str, ...]  # the first is meant where none is named

    @abstractmethod
    def train(self, plan: Plan, watch: Watch) -> Card:
        """Writes weights and card into plan.out; an interrupted training of the same plan goes on."""

    @abstractmethod
    def recalibrate(self, plan: Plan) -> Card:
        """Measures the weights in plan.out anew, and calibrates them where that leaves the weights alone."""

    @abstractmethod
    def probe(self, card: Card, folder: Path, cache: Path | None) -> ProbeResult:
        """How the version of that card, whose weights lie in the folder, does on the probe set of its kind: within
        seconds, without data, and with all that its card makes of the network's answers. Raises what a network does
        that cannot be run, too."""

    @abstractmethod
    def evaluate(self, question: Question) -> list[Metric]:
        """Every figure: [{"set", "measure", "value"}, ...], where it is known with the set's "md5"."""

    def summary(self, question: Question) -> dict[str, Any]:
        """Of one set, for digits: accuracy, accuracy_certain, certain_share, ece and confusion (rows are the labels);
        for pictures: top1, top5, ece, n and seconds."""
        raise NotOffered("Sets of one's own are read by digits and by the classifier.")


class Cells(NetworkKind):
    """A reader of sheets' cells: marks, numerals, letters."""

    architectures = ("CellNet",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def train(self, plan: Plan, watch: Watch) -> Card:
        seed = self.only_seed(plan)
        return training.train(
            self.kind,
            plan.data,
            plan.out,
            seed,
            plan.epochs,
            plan.minutes,
            watch,
            plan.corrected,
            start=plan.start,
            earlier=plan.earlier,
            keeps_checkpoint=plan.keeps_checkpoint,
        )

    def recalibrate(self, plan: Plan) -> Card:
        return training.recalibrate(self.kind, plan.data, plan.out, self.only_seed(plan), plan.corrected)

    def probe(self, card: Card, folder: Path, cache: Path | None) -> ProbeResult:
        return cells_probe.probe(card, folder, cache)

    def evaluate(self, question: Question) -> list[Metric]:
        if question.model not in ("", self.kind):
            raise NotOffered(f"There is one network of this kind, {self.kind}.")
        return evaluation.evaluate(
            self.kind,
            question.data,
            question.weights,
            question.cache,
            question.card,
            question.on_progress,
        )

    def only_seed(self, plan: Plan) -> int:
        if len(plan.seeds) > 1:
            raise NotOffered("Several seeds are compared for digits alone.")
        return plan.seeds[0]


class Digits(NetworkKind):
    """The networks of handwritten digits in any picture."""

    architectures = ("cnn", "dense")

    def train(self, plan: Plan, watch: Watch) -> Card:
        return digit_seeds.train_seeds(
            plan.architecture,
            plan.data,
            plan.out,
            plan.seeds,
            plan.epochs,
            plan.minutes,
            plan.start,
            watch,
            earlier=plan.earlier,
            keeps_checkpoint=plan.keeps_checkpoint,
        )

    def recalibrate(self, plan: Plan) -> Card:
        card = Card.load(plan.out, card_name(plan.architecture))
        card = digit_seeds.measured(card, plan.out, plan.data, plan.cache)
        card.save(plan.out)
        return card

    def probe(self, card: Card, folder: Path, cache: Path | None) -> ProbeResult:
        return digits_probe.probe(card, folder, cache)

    def evaluate(self, question: Question) -> list[Metric]:
        reader, own = self.reader(question), own_set(question.data, question.open_picture)
        if own:
            return own.metric_rows(predict(reader, own).figures())
        rows, _first = measure(reader, question.data, on_progress=question.on_progress)
        return rows + measure_papers(reader, question.data, question.on_progress)

    def summary(self, question: Question) -> dict[str, Any]:
        """Of the set of one's own, else of MNIST's test half."""
        own = own_set(question.data, question.open_picture)
        result = predict(self.reader(question), own or next(named_sets(question.data)))
        figures = {name: round(value, 6) for name, value in result.figures().items()}
        return figures | {"confusion": result.confusion.tolist()}

    def reader(self, question: Question) -> DigitReader:
        card = question.card or Card.load(question.weights, question.model or "digits")
        if card.kind != "digits":
            raise WeightsDamaged(f"{card.name} reads {card.kind}, not digits.")
        return load_digit_reader(card, question.weights, question.cache)


class Pictures(NetworkKind):
    """The networks that name what a picture shows, whose weights Python packages hold; the layer on them that tells
    which type of image it is; and the layer on the reader of text that tells scripts."""

    architectures = ("lite2", "lite0", image_types.NAME, scripts.NAME)

    def train(self, plan: Plan, watch: Watch) -> Card:
        if plan.architecture == scripts.NAME:
            return train_scripts(plan.data, plan.out, plan.seeds[0], cache_of(plan.cache), watch)
        if plan.architecture != image_types.NAME:
            raise NotOffered(
                "These networks come trained, in Python packages. --calibrate finds their temperature."
            )
        (seed,) = plan.seeds
        return train_image_types(plan.data, plan.out, seed, plan.open_picture, watch)

    def recalibrate(self, plan: Plan) -> Card:
        """On the labelled pictures of plan.data, which it is measured on, too."""
        if plan.architecture in (image_types.NAME, scripts.NAME):
            raise NotOffered("Types of images and scripts are calibrated as they are trained.")
        backbone = load_backbone(self.card(plan.out, plan.architecture), plan.out, plan.cache)
        test_set = picture_evaluation.from_folder(plan.data, plan.open_picture)
        card = picture_evaluation.calibrate_backbone(backbone, test_set)
        card.save(plan.out)
        return card

    def probe(self, card: Card, folder: Path, cache: Path | None) -> ProbeResult:
        return pictures_probe.probe(card, folder, cache)

    def evaluate(self, question: Question) -> list[Metric]:
        if question.model == scripts.NAME:
            return measure_scripts(question.data, cache_of(question.cache), question.on_progress)
        if question.model == image_types.NAME:
            network, *_ = self.architectures
            return measure_image_types(network, question.data, question.open_picture, question.on_progress)
        test_set, result = self.predict(question)
        return test_set.metric_rows(result.figures())

    def summary(self, question: Question) -> dict[str, Any]:
        _, result = self.predict(question)
        figures = {name: round(value, 6) for name, value in result.figures().items()}
        return figures | {"n": len(result.labels), "seconds": round(result.seconds, 3)}

    def predict(self, question: Question) -> tuple[TestSet, picture_evaluation.PicturePredictions]:
        test_set = picture_evaluation.from_folder(question.data, question.open_picture)
        card = question.card or self.card(question.weights, question.model)
        backbone = load_backbone(card, question.weights, question.cache)
        return test_set, picture_evaluation.predict(backbone, test_set, question.on_progress)

    def card(self, folder: Path, name: str) -> Card:
        card = Card.load(folder, name or self.architectures[0])
        if card.kind != "classifier":
            raise WeightsDamaged(f"{card.name} reads {card.kind}, not pictures.")
        return card


class Faces(NetworkKind):
    """The generators, and the encoder that finds a face in the StyleGAN's w."""

    architectures = ("stylegan", "dcgan", "gan", "directions", "encoder")

    def train(self, plan: Plan, watch: Watch) -> Card:
        """A slice of plan.minutes, or all that is left."""
        if plan.epochs or plan.start or len(plan.seeds) > 1:
            raise NotOffered("Faces are trained with one seed and in slices of --minutes.")
        return faces_training.train(
            plan.architecture, plan.data, plan.out, plan.seeds[0], plan.minutes, watch
        )

    def recalibrate(self, plan: Plan) -> Card:
        """Nothing is calibrated; the figures are measured anew and written on the card."""
        if plan.architecture in ("encoder", "directions"):
            raise NotOffered("The encoder and the directions have no figures of their own.")
        card = Card.load(plan.out, plan.architecture)
        rows = faces_evaluation.measure([plan.architecture], plan.data, plan.out, lambda name: None)
        kept = [row for row in card.metrics if row["measure"].startswith(faces_training.AGREEMENT)]
        card = replace(card, metrics=rows + kept)
        card.save(plan.out)
        return card

    def probe(self, card: Card, folder: Path, cache: Path | None) -> ProbeResult:
        return faces_probe.probe(card, folder, cache)

    def evaluate(self, question: Question) -> list[Metric]:
        if question.model == "directions":
            return entanglement.measure(question.weights, question.data, question.on_progress)
        names = [question.model] if question.model else ["gan", "dcgan", "stylegan"]
        return faces_evaluation.measure(names, question.data, question.weights, question.on_progress)


KINDS: dict[str, NetworkKind] = {
    "classifier": Pictures(),
    "digits": Digits(),
    "faces": Faces(),
    **{kind: Cells(kind) for kind in RECIPES},
}
