"""Copy the font of the pages into static/fonts: Pretendard Variable in 92 parts; a browser fetches those it needs.

    python tools/fonts.py

The npm package brings the parts and a style sheet that says which letters are in which. They go into a folder with the
version in its name, so that browsers may keep them for ever (WHITENOISE_IMMUTABLE_FILE_TEST); folders of other versions
are removed. The name of the folder stands in templates/base.html and templates/503.html.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.npm import pinned_version, unpacked  # noqa: E402 - the path above makes it importable

FONTS = ROOT / "static/fonts"
STYLES = "dist/web/variable/pretendardvariable-dynamic-subset.css"
PART = re.compile(r"/\* \[(\d+)\] \*/\s*@font-face {.*?unicode-range: ([^;]+);\s*}", re.DOTALL)
FACE = """@font-face {{
  font-family: "Pretendard Variable";
  font-weight: 45 920;
  font-display: swap;
  src: url({number}.woff2) format("woff2");
  unicode-range: {letters};
}}
"""
HEAD = "/* Written by tools/fonts.py. Copyright (c) 2021 Kil Hyung-jin, OFL 1.1: see OFL.txt. */\n"


def faces(styles: str) -> Iterator[tuple[str, str]]:
    """Number and letters of each part."""
    for number, letters in PART.findall(styles):
        yield number, letters.replace(", ", ",")


def copy_parts(package: Path, folder: Path) -> None:
    styles = package / STYLES
    parts = dict(faces(styles.read_text(encoding="utf-8")))
    for number in parts:
        source = styles.parent / f"woff2-dynamic-subset/PretendardVariable.subset.{number}.woff2"
        shutil.copyfile(source, folder / f"{number}.woff2")
    text = "".join(FACE.format(number=number, letters=letters) for number, letters in parts.items())
    (folder / "pretendard.css").write_text(HEAD + text)
    shutil.copyfile(package / "dist/LICENSE.txt", folder / "OFL.txt")


def main() -> None:
    shutil.rmtree(FONTS, ignore_errors=True)
    folder = FONTS / f"pretendard-{pinned_version('pretendard')}"
    folder.mkdir(parents=True)
    with unpacked("pretendard") as package:
        copy_parts(package, folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{folder.relative_to(ROOT)}: {len(list(folder.glob('*.woff2')))} parts, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
