"""Copy Idiomorph, which changes a page into another one and leaves alone what is the same, into static/js.

python tools/morph.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.npm import pinned_version, unpacked  # noqa: E402 - the path above makes it importable

MODULE = ROOT / "static/js/idiomorph.min.js"


def main() -> None:
    with unpacked("idiomorph") as package:
        script = (package / "dist/idiomorph.min.js").read_text().strip()
    head = f"// Idiomorph {pinned_version('idiomorph')}, Zero-Clause BSD; written by tools/morph.py\n"
    MODULE.write_text(f"{head}{script}\nexport {{ Idiomorph }};\n")
    print(f"{MODULE.relative_to(ROOT)}: {MODULE.stat().st_size / 1000:.1f} KB")


if __name__ == "__main__":
    main()
