"""Every page of the site and the states in which it is looked at. A route with a page and without a row here fails."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from conftest import person
from tests.test_permissions import TABLE

ROLES = [None, *Role.values]  # None is a visitor
ALONE = "full"
FORM = "full error"
LIST = "empty full running failed many"
LIST_WITH_FORM = f"{LIST} error"
DETAIL = "full running failed many"

# Route → states. "error" is a page whose form was sent with nothing in it.
PAGES: dict[str, str] = {
    "home": "empty full running",
    "design": ALONE,
    "search": "empty full many",
    "guide": ALONE,
    "trust": ALONE,
    "administration:settings": ALONE,
    "administration:site": ALONE,
    "administration:mail": ALONE,
    "administration:storage": "empty many",
    "administration:retention": ALONE,
    "administration:health": "full running",
    "administration:privacy": ALONE,
    "accounts:sharing": ALONE,
    "audit:log": "full many",
    "audit:own_log": "empty full",
    "reference:index": ALONE,
    "reference:group": ALONE,
    "dataexport:export": "empty full running failed",
    "trash:trash": "empty full many",
    "trash:delete_account": FORM,
    "accounts:login": FORM,
    "accounts:account": "empty full many error",
    "accounts:password": FORM,
    "accounts:second_factor": FORM,
    "accounts:forgotten": ALONE,
    "accounts:people": "empty full many",
    "accounts:invite": FORM,
    "accounts:person": ALONE,
    "school:join": FORM,
    "school:join_class": ALONE,
    "school:classes": "empty full many error",
    "school:class": DETAIL,
    "school:change": ALONE,
    "school:student": ALONE,
    "school:preview": ALONE,
    "jobs:history": LIST,
    "grading:exams": "empty full many",
    "grading:new": FORM,
    "grading:new_template": FORM,
    "grading:new_picture": FORM,
    "grading:import": FORM,
    "grading:imported": DETAIL,
    "grading:exam": DETAIL,
    "grading:key": "full many",
    "grading:orders": ALONE,
    "grading:template": ALONE,
    "grading:design": "full many",
    "grading:sheet": DETAIL,
    "grading:roster_preview": ALONE,
    "grading:candidate": ALONE,
    "grading:camera": ALONE,
    "grading:scans": DETAIL,
    "grading:scan": DETAIL,
    "grading:page": DETAIL,
    "grading:papers": "full failed many",
    "grading:paper": "full failed many",
    "grading:evidence": "full failed many",
    "grading:student_evidence": "full",
    "grading:review": "full failed many",
    "grading:results": "full failed many",
    "grading:release": "full failed many",
    "grading:requests": "full failed many",
    "grading:my_results": "empty full",
    "grading:shared": "full",
    "grading:paste_table": "full many",
    "grading:statistics": "full failed many",
    "grading:matrix": "full failed many",
    "grading:class_year": ALONE,
    "grading:student_year": ALONE,
    "registry:models": "empty running many",
    "registry:model": "full running many",
    "registry:training": "full running",
    "registry:compare": ALONE,
    "registry:log": "empty many",
    "registry:upload": FORM,
    "registry:uploaded": "full running failed",
    "registry:train": ALONE,
    "classifier:pictures": FORM,
    "classifier:history": LIST,
    "classifier:album": DETAIL,
    "classifier:picture": DETAIL,
    "classifier:shared": "full running",
    "classifier:classifiers": "empty full many error",
    "classifier:classifier": DETAIL,
    "classifier:label": "full many",
    "digits:digits": ALONE,
    "digits:history": LIST,
    "digits:reading": "full running failed",
    "digits:layers": ALONE,
    "digits:shared": "full running",
    "generator:faces": "empty full running many",
    "generator:gallery": LIST,
    "generator:order": "full running failed",
    "generator:shared": "full running",
}
OWNER = "teacher"  # whose rows there are
FOR_EVERYONE = ("empty", "full", "error")
OTHERS = {"registry:model": ["other_model"]}  # route → what else it is of, where that looks otherwise
QUERIES = {"search": "?q=e"}
# Pages of Swagger, and addresses that lead on or answer a part of a page
NOT_OURS = {"docs"}
# What is answered where there is nothing to show: a path, and of whom.
ERRORS = {"/nowhere/": ROLES, "/exams/": ["member"], "/?x=%00": [None], "/account/tokens/": ["teacher"]}


@dataclass(frozen=True)
class Case:
    """A page as one of this role sees it."""

    route: str
    state: str
    role: str | None
    path: str

    def __str__(self) -> str:
        return f"{self.path} ({self.state}, {self.role or 'visitor'})"


def cases(state: str, owned: dict[str, object]) -> Iterator[Case]:
    """Who is not let in is among them, too."""
    for route, states in PAGES.items():
        _method, names, _answers = TABLE[route]
        if state in states.split():
            path = reverse(route, args=[owned.get(name, name) for name in names]) + QUERIES.get(route, "")
            everyone = state in FOR_EVERYONE and (not names or route.endswith(":shared"))
            for role in ROLES if everyone else (OWNER, "admin") if is_for_admins(route, names) else (OWNER,):
                yield Case(route, state, role, path)
            for other in OTHERS.get(route, ()):
                yield Case(route, state, "admin", reverse(route, args=[owned[other]]))


def is_for_admins(route: str, names: tuple) -> bool:
    """They see what is somebody's, too, by the log; what is nobody's they see otherwise."""
    return not names or route.startswith(("accounts:", "registry:", "administration:"))


def people_of(owner: User) -> dict[str | None, User | None]:
    others = {role: person(f"some {role}", role) for role in Role.values if role != OWNER}
    return {None: None, OWNER: owner, **others}


def is_page(client: Client, path: str) -> bool:
    """Neither a file nor a part that htmx puts into a page."""
    answer = client.get(path)
    is_html = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return is_html and "<html" in answer.text
