"""What the page of the storage tells: by the sizes that rows know, and by what was counted now and then."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum

from accounts.models import User
from administration.models import FolderSize
from jobs.models import Job
from web.disk import reserve_bytes, tightest_disk

MOST_PEOPLE = 20


@dataclass(frozen=True)
class Share:
    """Of what is taken up: `percent` of the largest beside it, or of what one may have."""

    name: str
    size: int
    files: int
    percent: int


def storage_context() -> dict[str, Any]:
    folders = list(FolderSize.objects.all())
    return {
        "disk": disk(),
        "database": database_bytes(),
        "networks": folder_bytes(Path(settings.MODEL_CACHE_DIR)),
        "folders": shares([(folder.folder, folder.size, folder.files) for folder in folders]),
        "counted_at": min((folder.counted_at for folder in folders), default=None),
        "apps": uploads_by_app(),
        "people": uploads_by_person(),
        "quota": settings.QUOTA_GB * 2**30,
    }


def disk() -> dict[str, int]:
    total, free = tightest_disk()
    return {
        "free": free,
        "total": total,
        "reserve": reserve_bytes(),
        "used_percent": 100 - 100 * free // total,
    }


def database_bytes() -> int:
    if connection.vendor != "postgresql":
        path = Path(settings.DATABASES["default"]["NAME"])
        files = [path, path.with_name(f"{path.name}-wal")]
        return sum(file.stat().st_size for file in files if file.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def folder_bytes(folder: Path) -> int:
    """Of one that holds few files: a network each."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def uploads_by_app() -> list[Share]:
    """What came with jobs that were not deleted."""
    sizes: dict[str, tuple[int, int]] = {}
    by_task = Job.with_trashed.filter(size__isnull=False).order_by().values("task")
    for row in by_task.annotate(sum=Sum("size"), count=Count("pk")):
        app = Job(task=row["task"]).app
        size, count = sizes.get(app, (0, 0))
        sizes[app] = (size + row["sum"], count + row["count"])
    named = [(str(apps.get_app_config(app).verbose_name), *found) for app, found in sizes.items()]
    return shares(sorted(named, key=lambda one: -one[1]))


def uploads_by_person() -> list[Share]:
    rows = Job.with_trashed.filter(size__isnull=False).order_by().values("owner")
    largest = list(rows.annotate(sum=Sum("size"), count=Count("pk")).order_by("-sum")[:MOST_PEOPLE])
    names = {user.pk: user for user in User.objects.filter(pk__in=[row["owner"] for row in largest])}
    most = settings.QUOTA_GB * 2**30 or max((row["sum"] for row in largest), default=0)
    return [share(name_of(names.get(row["owner"])), row["sum"], row["count"], most) for row in largest]


def name_of(user: User | None) -> str:
    return (user.get_full_name() or user.username) if user else "?"


def shares(sizes: list[tuple[str, int, int]]) -> list[Share]:
    most = max((size for _name, size, _files in sizes), default=0)
    return [share(*one, most) for one in sizes]


def share(name: str, size: int, files: int, most: int) -> Share:
    return Share(name, size, files, min(100, round(100 * size / most)) if most else 0)
