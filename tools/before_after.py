"""How pages looked at an earlier commit and how they look now, side by side.

    python tools/before_after.py COMMIT [FOLDER]

Each state of the tree is started as a site of its own with the same samples; /design/ and ten pages are photographed in
both themes, on a desktop and on a phone. FOLDER (var/before_after) gets the pictures and index.html with the pairs.
Needs a chromium, and a commit that runs with what is installed now.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.own_site import OwnSite, own_site  # noqa: E402 - the path above makes it importable
from tools.screenshot import api_of, chromium, grade_a_class, look_inside, name_a_picture, sign_in  # noqa: E402

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
THEMES = ("light", "dark")
HIGHEST = 2400  # px of a picture: of a long page the beginning tells enough
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; background: #eee; }
div { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start; }
figure { margin: 0; } figcaption { color: #555; }
img { display: block; border: 1px solid #bbb; max-width: 46vw; }
.phone img { max-width: 390px; }
"""

Shot = tuple[str, str, str]  # page, size, theme


def addresses(own: OwnSite) -> dict[str, str]:
    """By name, with what the samples need made first."""
    site = api_of(own)
    paper = grade_a_class(site)
    exam = paper.split("papers/")[0]
    return {
        "design": "/design/",
        "home": "/",
        "exams": "/exams/",
        "exam": exam,
        "review": f"{exam}review/",
        "paper": paper,
        "results": f"{exam}results/",
        "digits": "/digits/",
        "inside": look_inside(site),
        "picture": name_a_picture(site),
        "networks": "/models/",
    }


def photograph(browser: Browser, own: OwnSite, folder: Path) -> Iterator[Shot]:
    pages = addresses(own)
    for (size, viewport), theme in product(SIZES.items(), THEMES):
        context = browser.new_context(
            base_url=own.url, locale="ko-KR", viewport=viewport, color_scheme=theme, reduced_motion="reduce"
        )
        page = context.new_page()
        sign_in(page, own.password)
        for name, path in pages.items():
            page.goto(path, wait_until="networkidle")
            high = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
            page.set_viewport_size({**viewport, "height": max(high, viewport["height"])})
            page.screenshot(path=folder / file_name((name, size, theme)), type="jpeg", quality=70)
            page.set_viewport_size(viewport)
            yield name, size, theme
        context.close()


def file_name(shot: Shot) -> str:
    return "-".join(shot) + ".jpg"


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """The tree as it was, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="nunbit-") as folder:
        tree = Path(folder, "tree")
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, commit], cwd=ROOT, check=True)
        try:
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


def write_index(folder: Path, shots: list[Shot]) -> None:
    rows = (
        f'<h2>{" · ".join(map(escape, shot))}</h2><div class="{shot[1]}">'
        + "".join(
            f"<figure><figcaption>{state}</figcaption><img src='{state}/{file_name(shot)}' loading=lazy></figure>"
            for state in ("before", "after")
        )
        + "</div>"
        for shot in sorted(shots)
    )
    page = f"<!doctype html><meta charset=utf-8><title>Before and after</title><style>{STYLE}</style>{''.join(rows)}"
    (folder / "index.html").write_text(page)


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / "var/before_after").resolve()
    shots: list[Shot] = []
    with checked_out(sys.argv[1]) as earlier, chromium() as browser:
        for state, tree in (("before", earlier), ("after", ROOT)):
            (folder / state).mkdir(parents=True, exist_ok=True)
            with own_site(tree) as own:
                shots = list(photograph(browser, own, folder / state))
            print(f"{len(shots)} pictures of the tree {state}.")
    write_index(folder, shots)
    print(f"{folder / 'index.html'} shows them side by side.")


if __name__ == "__main__":
    main()
