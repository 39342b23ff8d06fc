"""Collect the messages of Python files and templates into the catalogues of locale/, and compile them. Needs no system
tool; a new language begins as an empty folder, locale/<code>/LC_MESSAGES.

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
CATALOGUES = [folder / "django.po" for folder in sorted(ROOT.glob("locale/*/LC_MESSAGES"))]
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


def language_of(po: Path) -> str:
    return po.parts[-3]


def collect(language: str) -> Catalog:
    catalog = Catalog(locale=language, project="Nunbit", charset="utf-8")
    for path, text in sources():
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS
        ):
            catalog.add(message, locations=[(str(path.relative_to(ROOT)), None)], context=context)
    return catalog


def merged(po: Path) -> Catalog:
    """What the sources say now, with the translations that the catalogue holds."""
    language = language_of(po)
    known = read_po(po.open("rb"), locale=language) if po.exists() else Catalog(locale=language)
    now = collect(language)
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
    again = read_po(io.BytesIO(as_po(catalog)), locale=catalog.locale)
    again.creation_date = again.revision_date = LONG_AGO
    write_mo(out, again)
    return out.getvalue()


def update(po: Path, *, checks: bool) -> bool:
    """Writes the catalogue, or with `checks` compares it; whether it is up to date and nothing lacks a translation."""
    catalog, mo = merged(po), po.with_suffix(".mo")
    missing = untranslated(catalog)
    for message in missing:
        print(f"untranslated ({language_of(po)}):", message)
    files = {po: as_po(catalog), mo: as_mo(catalog)}
    if checks:
        is_current = all(path.exists() and path.read_bytes() == content for path, content in files.items())
        print("up to date" if is_current else "not up to date: run make messages")
        return is_current and not missing
    for path, content in files.items():
        path.write_bytes(content)
    print(f"{language_of(po)}: {len(catalog)} messages, {len(missing)} without translation")
    return True


def main() -> int:
    settings.configure()
    django.setup()
    checks = "--check" in sys.argv
    failed = [po for po in CATALOGUES if not update(po, checks=checks)]
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
