"""Write the whole site into one file."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from backups.archive import BackupError
from backups.services import back_up


class Command(BaseCommand):
    help = (
        "Write the whole site into one tar file while it runs: rows, files, weights, secret key. Keep it as safe as "
        "the site itself. restore brings it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, such as nunbit-2026-11-28.tar")

    def handle(self, *, file: Path, **options: Any) -> None:
        started = time.monotonic()
        try:
            made = back_up(file)
        except BackupError as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{file} could not be written: {problem}") from problem
        except DatabaseError as problem:
            raise CommandError(f"The database could not be read: {problem}") from problem
        self.stdout.write(
            f"{file}: {sum(made.tables.values())} rows and {made.files} files ({made.file_bytes / 1e6:.1f} MB), "
            f"{file.stat().st_size / 1e6:.1f} MB in {time.monotonic() - started:.1f} s."
        )
