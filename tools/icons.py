"""Make static/icons.svg, the icons of Lucide that web/icons.py names, as symbols that pages refer to.

python tools/icons.py
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.npm import unpacked  # noqa: E402 - the path above makes it importable
from web.icons import ICONS  # noqa: E402

SPRITE = ROOT / "static/icons.svg"
DRAWING = re.compile(r"<svg.*?>(.*)</svg>", re.DOTALL)
HEAD = "<!-- Written by tools/icons.py. Lucide, ISC License: see icons.LICENSE -->\n"


def symbol(package: Path, name: str) -> str:
    found = DRAWING.search((package / f"icons/{name}.svg").read_text())
    if not found:
        raise SystemExit(f"{name}.svg holds no drawing.")
    drawing = "".join(line.strip() for line in found[1].splitlines())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>\n'


def main() -> None:
    with unpacked("lucide-static") as package:
        symbols = "".join(symbol(package, name) for name in sorted(ICONS))
        licence = (package / "LICENSE").read_text()
    SPRITE.write_text(f'{HEAD}<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n')
    SPRITE.with_suffix(".LICENSE").write_text(licence)
    print(f"{SPRITE.relative_to(ROOT)}: {len(ICONS)} icons, {SPRITE.stat().st_size / 1000:.1f} KB")


if __name__ == "__main__":
    main()
