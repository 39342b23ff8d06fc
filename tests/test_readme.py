"""What the docs promise: their commands are there, their links lead somewhere, their words are those of the site."""

import ast
import builtins
import re
import subprocess
import textwrap
import tomllib
from collections.abc import Iterator
from importlib import import_module

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import get_commands

READMES = [settings.BASE_DIR / name for name in ("README.md", "README.ko.md")]
DOCS = [*sorted(settings.BASE_DIR.glob("*.md")), *sorted((settings.BASE_DIR / "docs").glob("*.md"))]
DAY = r"\d{4}-\d{2}-\d{2}"


def page_of(name: str) -> str:
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_make_command_of_the_docs_exists(page):
    for target in set(re.findall(r"\bmake ([a-z-]+)\b", page.read_text())) - {"a", "an", "it", "one"}:
        done = subprocess.run(
            ["make", "--dry-run", target], cwd=settings.BASE_DIR, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{page.name}: make {target}: {done.stderr}"


def anchor_of(title: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_link_of_the_docs_leads_somewhere(page):
    for link in re.findall(r"\]\(([^):]+)\)", page.read_text()):
        path, _hash, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            titles = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            assert anchor in map(anchor_of, titles), f"{page.name}: {link}"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_manage_command_of_the_docs_exists(page):
    for command in set(re.findall(r"manage\.py ([a-z_]+)", page.read_text())):
        assert command in get_commands(), f"{page.name}: manage.py {command}"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_script_of_the_docs_exists(page):
    for script in re.findall(r"\b((?:tools|benchmarks|\.ci)/[\w.]+(?:\.py|/run|run))\b", page.read_text()):
        assert (settings.BASE_DIR / script).exists(), f"{page.name}: {script}"


def test_both_readmes_name_the_same_commands_and_links():
    english, korean = (
        {name.replace(".ko.", ".") for name in re.findall(r"make [a-z-]+|docs/[\w.]+", page.read_text())}
        for page in READMES
    )
    assert english == korean


@pytest.mark.parametrize("name", ["tour.md", "tour.ko.md"])
def test_each_of_the_ten_journeys_is_driven_in_a_browser(name):
    told = re.findall(r"^## (\d+)\. ", page_of(f"docs/{name}"), re.MULTILINE)
    tests = "".join(path.read_text() for path in (settings.BASE_DIR / "tests/browser").glob("test_*.py"))
    driven = re.findall(r"^def test_journey_(\d+)_\w+\(.*\bsay\b", tests, re.MULTILINE)
    assert told == [str(number) for number in range(1, 11)] and sorted(told) == sorted(driven)


def test_files_that_the_architecture_names_exist():
    for name in re.findall(r"`((?:\w+/)+\w*(?:\.py)?)`", page_of("docs/architecture.md")):
        assert (settings.BASE_DIR / name).exists(), name


def snippets() -> Iterator[tuple[str, str]]:
    """(module, Python) of each step in the recipes of CONTRIBUTING.md; families of networks are those of digits."""
    for step in re.split(
        r"^(?=\d\. |### )", page_of("CONTRIBUTING.md").partition("## Recipes")[2], flags=re.M
    ):
        code = textwrap.dedent("\n".join(re.findall(r"^ {7}.*|^$", step, re.MULTILINE))).strip()
        path = re.search(r"`([\w/]+)\.py`", step)
        if path and code and code[0] not in "{.#e":  # a template or commands
            family = "" if "/" in path[1] else "ml/digits/"
            yield (family + path[1]).replace("/", "."), code.replace("…", "**{}")


def test_names_in_the_recipes_exist():
    recipes = [(module, ast.parse(code)) for module, code in snippets()]
    assert len(recipes) == 9
    nodes = [node for _module, tree in recipes for node in ast.walk(tree)]
    made = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    made |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for module, tree in recipes:
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - made - set(dir(builtins))
        assert used <= set(dir(import_module(module))), module


def test_korean_words_of_the_glossary_are_shown_to_people():
    glossary = page_of("docs/architecture.md").partition("## Glossary")[2]
    words = [row.split(" | ")[1] for row in glossary.splitlines() if row.startswith("| ")][1:]
    assert len(words) == 47
    with (settings.BASE_DIR / "locale/ko/LC_MESSAGES/django.po").open("rb") as file:
        shown = " ".join(str(message.string) for message in read_po(file, locale="ko"))
    assert [word for word in words if word not in shown] == []


def test_decisions_are_dated_newest_first_and_all_in_the_index():
    page = page_of("docs/decisions.md")
    days = re.findall(rf"^## ({DAY})$", page, re.MULTILINE)
    titles = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert days == sorted(days, reverse=True) and len(days) == len(set(days))
    assert re.findall(r"^  - \[(.+)\]\(#.+\)$", page, re.MULTILINE) == titles


def test_the_newest_release_is_the_version_that_runs():
    version = tomllib.loads(page_of("pyproject.toml"))["project"]["version"]
    releases = re.findall(rf"^## ([\d.]+) – ({DAY})$", page_of("CHANGELOG.md"), re.MULTILINE)
    assert releases[0][0] == version
    assert [day for _version, day in releases] == sorted((day for _version, day in releases), reverse=True)
