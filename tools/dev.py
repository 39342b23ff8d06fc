"""A site for whoever changes the code: `manage.py up`, started again when a file changes, with samples to look at.

    make dev

Its data lie in var/dev, apart from those of `make run`; the administrator is admin, the password nunbit-eye, both said
by the environment where something else is wanted. What waits or runs in a worker when a file changes goes on
afterwards.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.client import Refused, Site  # noqa: E402 - the path above makes it importable
from benchmarks.own_site import is_ready  # noqa: E402
from tools.samples import make_samples  # noqa: E402

RELOADED = {".py", ".html", ".mo", ".json"}  # CSS and JavaScript are read anew with every page
LOOK_SECONDS = 1.0
DEFAULTS = {
    "DATA_DIR": str(ROOT / "var/dev"),
    "DEBUG": "true",
    "PORT": "8000",
    "NUNBIT_ADMIN_PASSWORD": "nunbit-eye",
}

State = dict[str, float]  # of each watched file when it was written


class Development:
    """The processes of the site, and what is done once they answer."""

    def __init__(self) -> None:
        self.env = DEFAULTS | os.environ
        self.url = f"http://127.0.0.1:{self.env['PORT']}"
        self.stamp = Path(self.env["DATA_DIR"]) / "samples"  # the samples were made
        self.up = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        # A session of its own: Ctrl-C reaches this process alone, which then stops it once.
        command = [sys.executable, "manage.py", "up"]
        return subprocess.Popen(command, cwd=ROOT, env=self.env, start_new_session=True)

    def stop(self) -> None:
        self.up.terminate()
        self.up.wait()

    def restart(self) -> None:
        self.stop()
        self.up = self.start()

    def add_samples(self) -> None:
        """Once the site is ready; where it is not, or the password was changed, later or never."""
        if self.stamp.exists() or not is_ready(self.url):
            return
        site = Site(self.url)
        try:
            site.sign_in("admin", self.env["NUNBIT_ADMIN_PASSWORD"])
            make_samples(site)
        except (Refused, OSError) as problem:
            print(f"The samples were not made: {problem}")
        else:
            print("Samples: the example of the first page, and a digit.")
        self.stamp.touch()


def watched() -> State:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listed.stdout.splitlines())
    kept = [path for path in paths if path.suffix in RELOADED and "tests" not in path.parts]
    return {str(path): path.stat().st_mtime for path in kept if path.exists()}


def changed(before: State, now: State) -> list[str]:
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def serve(site: Development) -> None:
    """Until Ctrl-C. Where a change keeps the site from starting, the next one starts it again."""
    seen = watched()
    while True:
        time.sleep(LOOK_SECONDS)
        site.add_samples()
        now = watched()
        if names := changed(seen, now):
            print(f"{Path(names[0]).relative_to(ROOT)} has changed: starting again.")
            site.restart()
        seen = now


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    site = Development()
    try:
        with suppress(KeyboardInterrupt):
            serve(site)
    finally:
        site.stop()


if __name__ == "__main__":
    main()
