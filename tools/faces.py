"""Draw the contact sheets of docs/models.md: the faces of the seeds 0 to 63 by each generator, none of them chosen, and
the first six with each edit of the StyleGAN.

python tools/faces.py
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ml.core.cards import WEIGHTS_FOLDER, Card  # noqa: E402 - the path above makes it importable
from ml.faces.drawing import FaceRequest, load_drawer  # noqa: E402
from ml.faces.recipes import RECIPES  # noqa: E402
from ml.faces.slices import contact_sheet  # noqa: E402

COUNT, COLUMNS, QUALITY = 64, 16, 88
ROWS, STEPS = 6, 1.5  # of the sheet of edits


def main() -> None:
    for name in RECIPES:
        drawer = load_drawer(Card.load(WEIGHTS_FOLDER, name), WEIGHTS_FOLDER)
        faces = drawer.draw([FaceRequest(seed) for seed in range(COUNT)])
        path = ROOT / "docs" / "images" / f"faces-{name}.jpg"
        Image.fromarray(contact_sheet(faces, COLUMNS)).save(path, quality=QUALITY)
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    edits()


def edits() -> None:
    """A row for each seed: as it comes, then each edit of the StyleGAN a step and a half less and more."""
    drawer = load_drawer(Card.load(WEIGHTS_FOLDER, "stylegan"), WEIGHTS_FOLDER)
    names = drawer.card.config["edits"]
    changed = [{}, *({name: steps} for name in names for steps in (-STEPS, STEPS))]
    faces = drawer.draw([FaceRequest(seed, edits=edits) for seed in range(ROWS) for edits in changed])
    path = ROOT / "docs" / "images" / "faces-edits.jpg"
    Image.fromarray(contact_sheet(faces, len(changed))).save(path, quality=QUALITY)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
