"""What every page keeps to in every state of a site: few queries however many rows there are, and a small answer."""

import gzip
import re
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.certainty import certainties
from tests.support.pages import NOT_OURS, PAGES, Case, cases, is_page, people_of
from tests.support.states import STATES
from tests.test_permissions import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.full]
MOST_QUERIES = 10
MOST_BYTES = 100_000  # compressed, without fonts and pictures
LINKED = re.compile(r"(?:href|src)=\"/static/([\w./-]+\.(?:css|js))\"")
IMPORTED = re.compile(r"(?:from|import) \"([\w./-]+\.js)\"")


def compressed(content: str) -> int:
    return len(gzip.compress(content.encode(), mtime=0))


@cache
def files_of(name: str) -> frozenset[str]:
    """A file and what it imports."""
    imported = IMPORTED.findall(Path(finders.find(name)).read_text()) if name.endswith(".js") else []
    paths = (str(PurePosixPath(name).parent / one) for one in imported)
    return frozenset([name]).union(*map(files_of, (re.sub(r"\w+/\.\./|\./", "", path) for path in paths)))


@cache
def file_size(name: str) -> int:
    return compressed(Path(finders.find(name)).read_text())


def page_size(html: str) -> int:
    files = frozenset().union(*map(files_of, LINKED.findall(html)))
    return compressed(html) + sum(map(file_size, files))


def is_for_the_page(sql: str) -> bool:
    """Not what a process asks now and then, nor what is written once: who was seen, the layout of a sheet."""
    return sql.startswith("SELECT") and "siteconfig_sitesettings" not in sql


@pytest.mark.parametrize("state", STATES)
def test_every_page_asks_and_sends_little(state, alice, browse):
    clients = {role: browse(user) for role, user in people_of(alice).items()}
    queries: dict[Case, int] = {}
    sizes: dict[Case, int] = {}
    certainties()  # asked once in a quarter of an hour
    for case in cases(state, STATES[state](alice)):
        with CaptureQueriesContext(connection) as asked:
            answer = clients[case.role].get(case.path)
        if answer.status_code == 200:
            queries[case] = sum(is_for_the_page(query["sql"]) for query in asked.captured_queries)
            sizes[case] = page_size(answer.text)
    assert {str(case): count for case, count in queries.items() if count > MOST_QUERIES} == {}
    assert {str(case): size for case, size in sizes.items() if size > MOST_BYTES} == {}


def test_every_page_has_its_states(owned, browse, alice, root):
    pages = {
        name
        for name, (method, arguments, _expected) in TABLE.items()
        for user in (None, alice, root)
        if method == "get"
        and is_page(browse(user), reverse(name, args=[owned.get(one, one) for one in arguments]))
    }
    assert pages - NOT_OURS == set(PAGES)
