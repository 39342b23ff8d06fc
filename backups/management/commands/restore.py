"""Bring back a site from one file."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from backups.archive import BackupError
from backups.services import restore


class Command(BaseCommand):
    help = "Bring back a site that backup wrote, into an empty database and storage: all of it, or nothing."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        started = time.monotonic()
        try:
            made = restore(file)
        except BackupError as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"Nothing was restored: {problem}") from problem
        except DatabaseError as problem:
            raise CommandError(f"Nothing was restored, the database says: {problem}") from problem
        self.stdout.write(
            f"{sum(made.tables.values())} rows and {made.files} files of {made.made_at} (release {made.release}) in "
            f"{time.monotonic() - started:.1f} s. Everyone signs in as before; unfinished jobs go on."
        )
        if os.environ.get("SECRET_KEY"):
            self.stdout.write(
                "SECRET_KEY of the environment counts: links and sessions need it to be the old one."
            )
