"""Training a digit network: digits in other hands, calibration on what it has not seen, weights with their card."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from ml.core import trainer
from ml.core.architectures import load_network, save_network
from ml.core.arrays import in_parts
from ml.core.calibration import best_temperature, certain_threshold, log_loss, softmax
from ml.core.cards import Card, checked_weights, config_on_card
from ml.core.evaluation import Metric
from ml.core.trainer import GENTLER, HALVES_PAY, Places, Trainer, Watch, continued, unwatched
from ml.digits import data as digit_data
from ml.digits.augmentation import varied
from ml.digits.data import NONE, LabelledDigits
from ml.digits.network import BUILDERS, DIGITS, build_trainable, plain, to_tensor, unfold, with_none
from ml.writing.candidates import is_digit_probability

PREPROCESSING = {"size": 28, "grey": "uint8, ink high, laid out as MNIST's", "input": "grey / 255"}
WRONG = 1 / 1000  # of the answers called certain
LOST = 0.006  # share of held-out digits that may be turned away as no digit
TURNED_AWAY = 0.95  # share of what is no digit; where that is reached, no more digits are given up for it
UNFOLDED = 1024  # pictures that say how such weights are normalised


@dataclass(frozen=True, kw_only=True)
class DigitRecipe(trainer.Recipe):
    """strength: of the augmentation."""

    architecture: str
    strength: float
    batch: int = 128
    decay: float = 0.03
    patience: int | None = 20


RECIPES = {
    "dense": DigitRecipe(architecture="dense", epochs=30, strength=0.3, rate=1e-3),
    "cnn": DigitRecipe(architecture="cnn", epochs=22, strength=1.0),
}


def card_name(architecture: str) -> str:
    """The CNN answers as "digits"; the baseline lies beside it."""
    return "digits" if architecture == "cnn" else f"digits_{architecture}"


def config_of(architecture: str) -> dict[str, Any]:
    """The default config, as it stands on cards."""
    return config_on_card(BUILDERS[architecture][1]())


def train(
    architecture: str,
    data_folder: Path,
    out_folder: Path,
    seed: int = 1,
    epochs: int | None = None,
    minutes: float | None = None,
    start: Path | None = None,
    watch: Watch = unwatched,
    earlier: int = 0,
) -> Card:
    """Trains and writes <name>.safetensors and <name>.json into out_folder, and <name>-<seed>.partial.

    From that file an interrupted training of the same plan goes on; it stays when all is done, so that to ask once more
    costs little. minutes: of training, in place of epochs; start: a folder with weights of this name to begin
    with; earlier: see Trainer. Raises DataMissing where MNIST is not in data_folder, WeightsDamaged where start has no
    such weights.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES[architecture]
    learner = DigitLearner(replace(recipe, epochs=epochs or recipe.epochs), data_folder, seed, start)
    checkpoint = out_folder / f"{card_name(architecture)}-{seed}.partial"
    training = Trainer(learner, seed, checkpoint, minutes, earlier)
    training.run(watch)
    training.tell(watch, 1.0)
    return finish(training, learner, data_folder, out_folder)


class DigitLearner:
    """A network that learns from digits in other hands; start: a folder with weights to begin with."""

    def __init__(self, recipe: DigitRecipe, data_folder: Path, seed: int, start: Path | None = None) -> None:
        self.recipe = recipe
        self.examples = digit_data.training_examples(data_folder, seed)
        self.validation = digit_data.validation_examples(data_folder)
        torch.manual_seed(seed)
        self.network: nn.Sequential = build_trainable(recipe.architecture)
        self.former = Card.load(start, card_name(recipe.architecture)) if start else None
        self.began_with: nn.Module | None = None
        if start and self.former:
            self.began_with = load_network(self.former, checked_weights(start, self.former))
            self.begin_with(self.began_with)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def begin_with(self, former: nn.Module) -> None:
        """Trained weights in place of random ones; what they know is kept by smaller steps."""
        assert isinstance(former, nn.Sequential)
        chosen = torch.randperm(len(self.examples))[:UNFOLDED].numpy()
        unfold(former, self.network, varied(to_tensor(self.examples.pictures[chosen]), self.recipe.strength))
        self.recipe = replace(self.recipe, rate=self.recipe.rate * GENTLER)

    @property
    def plan(self) -> dict[str, Any]:
        return {
            "config": config_of(self.recipe.architecture),
            "examples": hashlib.sha256(
                self.examples.pictures.tobytes() + self.examples.labels.tobytes()
            ).hexdigest(),
            "start": self.former.sha256 if self.former else None,
        }

    def batches(self, epoch: int) -> Sequence[Places]:
        self.network.train()
        order = torch.randperm(len(self.examples)).numpy()
        return np.array_split(order, max(1, len(order) // self.recipe.batch))

    def loss(self, places: Places) -> tuple[Tensor, float]:
        pictures = varied(to_tensor(self.examples.pictures[places]), self.recipe.strength)
        labels = torch.from_numpy(self.examples.labels[places])
        with torch.autocast("cpu", torch.bfloat16, enabled=HALVES_PAY):
            logits = with_none(self.network(pictures.contiguous(memory_format=torch.channels_last)).float())
        right = (logits.detach().argmax(1) == labels).sum()
        return nn.functional.cross_entropy(logits, labels), float(right)

    def validate(self, network: nn.Module) -> tuple[float, float]:
        logits = logits_of(network, self.validation)
        loss = log_loss(softmax(logits), self.validation.labels)
        return loss, float((logits.argmax(1) == self.validation.labels).mean())


def finish(training: Trainer, learner: DigitLearner, data_folder: Path, out_folder: Path) -> Card:
    """Folds normalisation and temperature into the averaged weights and writes them with their card."""
    network = plain(cast(nn.Sequential, training.trained))
    certain, is_digit = calibrate(network, learner, digit_data.calibration_examples(data_folder))
    architecture = learner.recipe.architecture
    return save_network(
        network,
        out_folder,
        kind="digits",
        name=card_name(architecture),
        architecture=f"ml.digits.{architecture}",
        config=config_of(architecture),
        preprocessing=PREPROCESSING,
        classes=list(DIGITS),
        meanings={digit: [digit] for digit in DIGITS},
        temperature=1.0,
        shift=[0.0] * len(DIGITS),
        certain=certain,
        is_digit=is_digit,
        data=digit_data.sources(data_folder),
        metrics=of_seeds(learner.former, ", before learning further"),
        curves=continued(learner.former.curves, training.curves) if learner.former else training.curves,
        seed=training.seed,
    )


def of_seeds(card: Card | None, when: str = "") -> list[Metric]:
    """The figures of several trainings on a card, which stay when one of them is measured anew or learns further."""
    rows = [row for row in card.metrics if " seeds" in row["measure"]] if card else []
    return [row | {"measure": row["measure"].removesuffix(when) + when} for row in rows]


def calibrate(network: nn.Sequential, learner: DigitLearner, held_out: LabelledDigits) -> tuple[float, float]:
    """From which confidence on its answers are certain, and from which `is_digit` on they are digits. Where too few
    digits are held out to say so, it is what held for the weights that it began with."""
    former, began_with = learner.former, learner.began_with
    if former and began_with and len(held_out.digits) < 1 / WRONG:
        average(network, began_with)
        return former.certain, former.is_digit
    temper(network, held_out.digits)
    if began_with:
        average(network, began_with)
        temper(network, held_out.digits)
    return thresholds(logits_of(network, held_out), held_out)


def average(network: nn.Module, former: nn.Module) -> None:
    """Halfway back to the weights that it began with: what was learned further stays, and less of what they could is
    lost (Wortsman et al., Robust fine-tuning of zero-shot models, 2022)."""
    with torch.no_grad():
        for own, other in zip(network.parameters(), former.parameters(), strict=True):
            own.lerp_(other, 0.5)


def temper(network: nn.Sequential, held_out: LabelledDigits) -> None:
    """Divides the last layer by the best temperature."""
    temperature = best_temperature(logits_of(network, held_out), held_out.labels)
    with torch.no_grad():
        for parameter in network.get_submodule("answer").parameters():
            parameter.div_(temperature)


def thresholds(logits: np.ndarray, held_out: LabelledDigits) -> tuple[float, float]:
    """From which confidence on an answer may be called certain, and from which `is_digit` on it is a digit."""
    is_one = held_out.labels != NONE
    probabilities, labels = softmax(logits[is_one]), held_out.labels[is_one]
    certain = certain_threshold(probabilities, labels, np.ones(len(labels)), WRONG)
    few_lost = np.quantile(is_digit_probability(logits[is_one]), LOST)
    enough_caught = np.quantile(is_digit_probability(logits[~is_one]), TURNED_AWAY)
    return round(certain, 5), round(float(min(few_lost, enough_caught)), 5)


def logits_of(network: nn.Module, examples: LabelledDigits) -> np.ndarray:
    network.eval()
    with torch.inference_mode():
        return in_parts(lambda part: network(to_tensor(part)).numpy(), examples.pictures, 500)
