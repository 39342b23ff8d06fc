"""What a person deletes while a worker is at it."""

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from trash import services as trash
from trash.models import Trashable


def before(monkeypatch, step: str, delete: Callable[[], object]) -> None:
    """Have this deleted as soon as the work comes to a step, "module.function"; once."""
    module, _dot, name = step.rpartition(".")
    work, left = getattr(import_module(module), name), [delete]

    def deleting(*args: Any, **kwargs: Any) -> Any:
        if left:
            left.pop()()
        return work(*args, **kwargs)

    monkeypatch.setattr(f"{module}.{name}", deleting)


def delete_for_good(row: Trashable) -> None:
    """As fast as nobody does it: into the trash and out of it."""
    item = trash.delete(rows=[row], by=None)
    assert item is not None
    trash.purge(item=item)


def files_in(folder: Path) -> list[str]:
    """All that people have there, by names that say where."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    built_in = [path for path in files if path.match("models/*/*") and not path.name.startswith("taught.")]
    return sorted(str(path.relative_to(folder)) for path in set(files) - set(built_in))


def is_quiet(caplog) -> bool:
    return not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]
