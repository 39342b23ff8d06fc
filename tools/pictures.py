"""Write docs/pictures.md: all that is told of the photographs that scikit-image carries.

    python tools/pictures.py

Needs requirements-dev.txt and `make parts`; what is missing is named on the page. Where nobody's rights stand in the
way, a small copy of the photograph goes to docs/images/, and beside it what spoke for the answer.
"""

import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ml.core.cards import WEIGHTS_FOLDER, Card  # noqa: E402 - the path above makes it importable
from ml.pictures.labeller import Findings  # noqa: E402
from ml.pictures.photo import photo_of  # noqa: E402
from ml.pictures.phrases import phrase_text  # noqa: E402
from ml.pictures.reader import PictureReader, load_picture_reader  # noqa: E402
from uploads.pictures import open_rgb  # noqa: E402

PAGE, IMAGES = ROOT / "docs" / "pictures.md", ROOT / "docs" / "images"
PHOTOGRAPHS = {  # file: title, and whose it is as scikit-image 0.26 documents it; no picture where it says nothing
    "astronaut.png": ("Eileen Collins", "NASA, public domain"),
    "chelsea.png": ("Chelsea the cat", "Stefan van der Walt, CC0"),
    "coffee.png": ("Coffee", "Rachel Michetti, CC0, courtesy of Pikolo Espresso Bar"),
    "rocket.jpg": ("Falcon 9 with DSCOVR", "SpaceX, public domain"),
    "coins.png": ("Greek coins from Pompeii", "Brooklyn Museum, no known copyright restrictions"),
    "camera.png": ("Cameraman", "Lav Varshney, CC0"),
    "clock_motion.png": ("A clock, moved", "Stefan van der Walt, public domain"),
    "motorcycle_left.png": ("Motorcycle", ""),
    "page.png": ("A page of a book", ""),
    "text.png": ("Handwriting", "Wikipedia, public domain"),
    "brick.png": ("Bricks", "CC0Textures, CC0"),
    "grass.png": ("Grass", "linolafett, CC0"),
    "gravel.png": ("Gravel", "CC0Textures, CC0"),
    "moon.png": ("The moon", ""),
    "hubble_deep_field.jpg": ("Hubble eXtreme Deep Field", "NASA, public domain"),
    "retina.jpg": ("A retina", "Mikael Häggström, CC0"),
}
HIGH = 220  # px of a picture on the page
FRAME, HEAT = (0x00, 0x5F, 0xCC), (0xE6, 0x6A, 0x00)
GENDERS = {"female": "woman 여성", "male": "man 남성"}
HEAD = """# What Nunbit tells of photographs

These are the photographs that scikit-image carries, each with its whole card as a worker makes it; `make pictures`
writes this page. Blue boxes are objects and faces, orange is what spoke for the answer. The network knows 1,000
classes; no astronaut, coin, moon, galaxy or retina is among them, and what it says of these shows how it errs.

scikit-image에 들어 있는 사진마다 카드 전체를 실었어요. 파란 네모는 사물과 얼굴, 주황색은 답의 근거예요.
신경망이 아는 1,000가지에 우주 비행사, 동전, 달, 은하, 망막은 없어요.
그런 사진의 답은 신경망이 어떻게 틀리는지 보여 줘요.

## How many of such sentences are true

Sixty pictures that nothing was tuned on: 42 that a browser draws from a seed (pages, receipts, screens, charts,
drawings, patterns, some as a camera sees them) and 18 photographs of Python packages. Each sentence of their
captions was marked true or not by looking at the picture (`benchmarks/judged.tsv`); 2026-11-30:

    python benchmarks/judged.py FOLDER

| kind | sentences | true | without "probably" | true | share |
|---|---|---|---|---|---|
| photograph | 42 | 34 | 28 | 27 | 96.4 % |
| document | 24 | 21 | 19 | 18 | 94.7 % |
| receipt | 16 | 13 | 7 | 7 | 100.0 % |
| screenshot | 19 | 17 | 14 | 14 | 100.0 % |
| chart | 23 | 21 | 19 | 19 | 100.0 % |
| drawing | 14 | 14 | 13 | 13 | 100.0 % |
| pattern | 6 | 5 | 6 | 5 | 83.3 % |
| all | 144 | 125 | 106 | 103 | 97.2 % |

Without "probably" false: a black face mask "a pattern", dark green stripes "olive", and words of a page between which a
line was not found. Two sets of sixty came before, which showed what to mend: of the second 106 of 112 were true.
"""

Found = dict[str, Any]


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        card = Card.load(WEIGHTS_FOLDER, "lite2")
        reader = load_picture_reader(card, WEIGHTS_FOLDER, Path(cache), "cpu")
        sections = [section(reader, *row) for row in PHOTOGRAPHS.items()]
    PAGE.write_text("\n".join([HEAD, *sections]), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} was written.")


def section(reader: PictureReader, file: str, about: tuple[str, str]) -> str:
    title, rights = about
    content = photograph(file)
    picture = open_rgb(content)
    seen = reader.read(picture, photo=photo_of(content))
    lines = [f"## {title}", "", f"`{file}` · {rights or 'of which scikit-image states no licence'}", ""]
    if rights:
        image = IMAGES / f"{Path(file).stem}.jpg"
        image.write_bytes(shown(Image.fromarray(picture), seen))
        lines += [f"![{phrase_text(seen.found['caption']['en'])}](images/{image.name})", ""]
    return "\n".join([*lines, *table(seen.found), ""])


def photograph(file: str) -> bytes:
    skimage = find_spec("skimage")
    if skimage is None or skimage.origin is None:
        raise SystemExit("scikit-image is not installed: pip install -r requirements-dev.txt")
    return (Path(skimage.origin).parent / "data" / file).read_bytes()


# --- the card


def table(found: Found) -> list[str]:
    """A row for each inference; those that are missing say why."""
    missing = {one["part"]: f"missing: {one['sentence']} ({one['what']})" for one in found["missing"]}
    rows = ((part, missing.get(part) or told(part, found.get(part))) for part in TELLINGS)
    return ["| | |", "|---|---|", *(f"| {part} | {words} |" for part, words in rows)]


def told(part: str, one: Any) -> str:
    return "none" if one is None else TELLINGS[part](one)


def percent(share: float) -> str:
    if share < 0.01:
        return "< 1 %"
    return "> 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")


def both(name: dict[str, str]) -> str:
    return f"{name['en']} {name['ko']}"


def named(one: Found) -> str:
    return f"{both(one['name'])} {percent(one.get('probability', one.get('confidence', 0)))}"


def boxed(one: Found) -> str:
    return f"{named(one)} at {one['box']}"


def face(one: Found) -> str:
    told = [f"{percent(one['confidence'])} at {one['box']}"]
    if one.get("gender"):
        told.append(f"{GENDERS[one['gender']]} {percent(one['gender_confidence'])}")
    if one.get("age"):
        told.append("{} to {} years".format(*one["age"]) + f" {percent(one['age_confidence'])}")
    return ", ".join(told)


def line(one: Found) -> str:
    """The bar would end the cell."""
    return f"{one['text'].replace('|', '&#124;')} {percent(one['confidence'])}"


def color(one: Found) -> str:
    return f"{both(one['name'])} `{one['hex']}` {percent(one['share'])}"


def light(found: Found) -> str:
    measures = (f"{name} {found[name]:.2f}" for name in ("brightness", "contrast", "sharpness"))
    return ", ".join([*map(named, found["verdicts"]), *measures])


def photo(found: Found) -> str:
    """Of what cameras write there is hardly anything in these files but their size."""
    size = f"{found['size']['width']} × {found['size']['height']}"
    return ", ".join(
        [size, *(f"{name} {value}" for name, value in found.items() if value and name != "size")]
    )


def each(tell: Callable[[Found], str], between: str = ", ") -> Callable[[Sequence[Found]], str]:
    return lambda found: between.join(map(tell, found)) or "none"


TELLINGS: dict[str, Callable[[Any], str]] = {
    "image_type": named,
    "caption": lambda found: f"**{phrase_text(found['en'])}**<br>{phrase_text(found['ko'])}",
    "answer": named,
    "labels": each(named),
    "concepts": each(named, " → "),
    "objects": each(boxed),
    "faces": each(face, "; "),
    "text": each(line, "<br>"),
    "unread": each(boxed),
    "colors": each(color),
    "light": light,
    "photo": photo,
}


# --- the picture


def shown(picture: Image.Image, seen: Findings) -> bytes:
    """A JPEG: the picture with its boxes, and beside it what spoke for the answer."""
    small = picture.resize((round(HIGH * picture.width / picture.height), HIGH), Image.Resampling.LANCZOS)
    pair = Image.new("RGB", (2 * small.width + 4, HIGH), "white")
    pair.paste(framed(small, seen.found, HIGH / picture.height))
    pair.paste(heated(small, seen.saliency), (small.width + 4, 0))
    out = io.BytesIO()
    pair.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


def framed(small: Image.Image, found: Found, scale: float) -> Image.Image:
    framed = small.copy()
    draw = ImageDraw.Draw(framed)
    for one in [*(found["objects"] or ()), *(found["faces"] or ())]:
        left, top, width, height = (scale * edge for edge in one["box"])
        draw.rectangle((left, top, left + width, top + height), outline=FRAME, width=2)
    return framed


def heated(small: Image.Image, saliency: np.ndarray | None) -> Image.Image:
    if saliency is None:
        return small
    heat = Image.fromarray(saliency).resize(small.size)
    return Image.composite(Image.new("RGB", small.size, HEAT), small.convert("L").convert("RGB"), heat)


if __name__ == "__main__":
    main()
