"""What can be trained from the pages: of which kind, with which architecture, from what."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import KIND_NAMES, TrainingRun, name_of_network

CELLS = ("CellNet",)
TRAINABLE = {"digits": ("cnn", "dense"), "marks": CELLS, "numerals": CELLS, "letters": CELLS}
MOST_EPOCHS = 200
ALONE = "digits"  # learn on from corrections alone; readers of cells learn them beside what is drawn
MOST_COMPARED = 4
TOO_FEW = gettext_lazy("Choose two to four trainings in the list to set them side by side.")
HELD_OUT = 5  # of so many corrected readings, or students whose answers were, a network never learns from one


class Source(models.TextChoices):
    SIMULATION = "simulation", gettext_lazy("Drawn by this site's own simulation")
    COLLECTIONS = "collections", gettext_lazy("Public collections")
    CORRECTIONS = "corrections", gettext_lazy("What people put right")


def sources_of(kind: str) -> list[Source]:
    """From what a network of this kind can be trained here."""
    if kind == "marks":
        found = [Source.SIMULATION]
    else:
        found = [Source.COLLECTIONS] if settings.DATA_FOLDER else []
    learns = corrections_of(kind) and (found or kind == ALONE)
    return [*found, Source.CORRECTIONS] if learns else found


def training_choices() -> list[tuple[str, str]]:
    """kind/architecture/source with what it is called, of all that can be trained here."""
    return [
        (f"{kind}/{name}/{source}", f"{KIND_NAMES[kind]} · {name_of_network(name)} · {source.label}")
        for kind, names in TRAINABLE.items()
        for name in names
        for source in sources_of(kind)
    ]


def corrections_of(kind: str) -> str:
    """The dotted path of the function that gives them; apps name it in `corrections` of their config."""
    known = (getattr(config, "corrections", {}) for config in apps.get_app_configs())
    return next((paths[kind] for paths in known if kind in paths), "")


def folder_of(run: TrainingRun) -> Path:
    """On the machine of the worker that trains it."""
    return Path(settings.DATA_DIR) / run.FOLDERS.of(run.pk)


def checkpoints_in(folder: Path) -> Iterator[Path]:
    """What a training goes on from."""
    return folder.rglob("*.partial")


def has_checkpoint(run: TrainingRun) -> bool:
    """Whether this machine has one; another that trains may have it all the same."""
    return bool(run.curves) and any(checkpoints_in(folder_of(run)))


def check_comparable(runs: Sequence[TrainingRun]) -> None:
    """Raises ValidationError where these cannot be set side by side."""
    if not 2 <= len(runs) <= MOST_COMPARED:
        raise ValidationError(TOO_FEW)
    if len({run.kind for run in runs}) > 1:
        raise ValidationError(
            _("Networks that do different things cannot be compared. Choose trainings of one kind.")
        )


def check_offered(kind: str, architecture: str, source: str) -> None:
    """Raises ValidationError where that is not offered."""
    if architecture not in TRAINABLE.get(kind, ()):
        offered = ", ".join(f"{name} ({', '.join(names)})" for name, names in TRAINABLE.items())
        raise ValidationError(
            _("This cannot be trained here. These can: %(offered)s.") % {"offered": offered}
        )
    offered = sources_of(kind)
    if source not in offered:
        raise ValidationError(
            _(
                "Networks of this kind cannot be trained from that here, but from: %(offered)s. Public "
                "collections are offered where the setting DATA_FOLDER names their folder."
            )
            % {"offered": ", ".join(offered) or "–"}
        )
