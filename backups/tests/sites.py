"""Other sites beside the one of the tests, and what is in a site, told without the code of backups.

python -m backups.tests.sites    prints the rows of the site of the environment
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage

Rows = dict[str, list[str]]  # table → rows


def all_rows() -> Rows:
    tables = apps.get_models(include_auto_created=True)
    return {table._meta.label: rows_of(table) for table in tables if table._meta.managed}


def rows_of(table: type) -> list[str]:
    rows = table._base_manager.values_list()
    return sorted(json.dumps(row, default=exactly, sort_keys=True) for row in rows)


def exactly(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def all_files() -> dict[str, bytes]:
    root = Path(default_storage.path(""))
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class Elsewhere:
    """A site of its own: commands run in processes that know only its folder and, if named, its database."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        outside = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = (
            outside | {"DATA_DIR": str(folder)} | ({"DATABASE_URL": database} if database else {})
        )

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def manage(self, *command: object) -> str:
        done = self.run("manage.py", *map(str, command))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, *command: object) -> str:
        done = self.run("manage.py", *map(str, command))
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    def rows(self) -> Rows:
        done = self.run("-m", "backups.tests.sites")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def files(self) -> dict[str, bytes]:
        root = self.folder / "files"
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


OURS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DATA_DIR")

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    sys.stdout.write(json.dumps(all_rows()))
