"""Collect the messages of Python files and templates into locale/ko, and compile it. Needs no system tool.

    python tools/messages.py [--check]

Keeps every translation, adds new messages untranslated and drops unused ones; prints what lacks a translation.
--check changes nothing and fails where the catalogue is not up to date or a message lacks its translation.
"""

import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale/ko/LC_MESSAGES/django.po"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # the same sources give the same bytes on any day
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], None),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> Iterator[tuple[Path, str]]:
    """Every tracked or new Python file and template outside tests, as Python text."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in sorted(set(listed.stdout.split())):
        path = ROOT / name
        if "tests" in path.parts or path.name == "conftest.py" or not path.exists():
            continue
        if path.suffix == ".py":
            yield path, path.read_text()
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            lines = templatize(path.read_text(), origin=name).splitlines()
            yield path, "\n".join(line.lstrip() for line in lines)  # a template's indents are not Python's


def collect() -> Catalog:
    catalog = Catalog(locale="ko", project="Nunbit", charset="utf-8")
    for path, text in sources():
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS
        ):
            catalog.add(message, locations=[(str(path.relative_to(ROOT)), None)], context=context)
    return catalog


def merged() -> Catalog:
    """What the sources say now, with the translations that locale/ko holds."""
    known = read_po(PO.open("rb"), locale="ko") if PO.exists() else Catalog(locale="ko")
    now = collect()
    for message in now:
        translated = known.get(message.id, message.context) if message.id else None
        if translated:
            message.string = translated.string
            if translated.python_format:
                message.flags.add("python-format")
    return now


def untranslated(catalog: Catalog) -> list[str]:
    return [str(message.id) for message in catalog if message.id and not all_strings(message)]


def all_strings(message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def as_po(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, sort_output=True, omit_header=False, no_location=True, width=110)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line for line in lines if not line.startswith(('"POT-Creation', '"PO-Revision', '"Generated-By'))
    ).encode()


def as_mo(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    again = read_po(io.BytesIO(as_po(catalog)), locale="ko")
    again.creation_date = again.revision_date = LONG_AGO
    write_mo(out, again)
    return out.getvalue()


def main() -> int:
    settings.configure()
    django.setup()
    catalog = merged()
    missing = untranslated(catalog)
    for message in missing:
        print("untranslated:", message)
    mo = PO.with_suffix(".mo")
    if "--check" in sys.argv:
        is_current = PO.read_bytes() == as_po(catalog) and mo.read_bytes() == as_mo(catalog)
        print("up to date" if is_current else "not up to date: run make messages")
        return int(bool(missing) or not is_current)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalog))
    mo.write_bytes(as_mo(catalog))
    print(f"{len(catalog)} messages, {len(missing)} without translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
