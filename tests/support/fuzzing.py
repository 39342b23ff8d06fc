"""Made-up requests for all that the OpenAPI schema names, about rows that are there; each answer is held against it."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import hypothesis
import schemathesis
from django.core.wsgi import get_wsgi_application
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Resource → the name of its row in `one_of_each_kind`
ROWS = {
    "exams": "exam",
    "papers": "paper",
    "scans": "scan",
    "jobs": "job",
    "digits": "reading",
    "pictures": "picture",
    "faces": "order",
    "albums": "album",
    "classifiers": "classifier",
    "models": "model",
    "disagreements": "disagreement",
    "uploads": "upload",
    "tokens": "token",
    "trainings": "training",
    "classes": "class",
    "exports": "export",
    "regrade-requests": "regrade_request",
    "trash": "trashed",
    "imports": "exam_import",
}
OTHERS = {
    "example": "example",
    "upload": "roster_upload",
    "training": "course",
    "version": "taught",
    "enrollment": "enrollment",
    "candidate": "candidate",
    "token": "release_token",
}
VALUES = {
    "place": 0,
    "number": 1,
    "page": 1,
    "kind": "digits",
    "part": "file",
    "name": "conv1",
    "correction": 1,
    "key": "gender",
}


def real_value(path: str, name: str, rows: dict[str, Any]) -> Any:
    """Of this argument of the path, so that the request is about a row that is there."""
    if name == "id" and (resource := re.search(r"/([\w-]+)/{id}", path)):
        return str(rows[ROWS[resource[1]]])
    return str(rows[OTHERS[name]]) if name in OTHERS else VALUES.get(name)


def schema_about(rows: dict[str, Any]) -> dict[str, Any]:
    """The schema, in which each argument of a path is mostly that of a real row."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    real = {"enum": [real_value(path, parameter["name"], rows)]}
                    parameter["schema"] = {"anyOf": [real, real, real, parameter["schema"]]}
    return schema


def fuzz(rows: dict[str, Any], headers: dict[str, str], examples: int, seed: int) -> tuple[int, Counter[str]]:
    """How many requests were sent, and what was wrong with the answers: a sentence → how often."""
    schema = schemathesis.openapi.from_dict(schema_about(rows))
    schema.app = get_wsgi_application()
    failures: Counter[str] = Counter()
    sent = 0

    def send(case: Case) -> None:
        nonlocal sent
        sent += 1
        answer = case.call(headers=headers)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                where = f"{case.method} {case.operation.path} {answer.status_code}"
                failures[f"{where}: {failure.title}: {' '.join(failure.message.split())[:240]}"] += 1

    for found in schema.get_all_operations():
        made_up = hypothesis.given(found.ok().as_strategy())(send)
        hypothesis.seed(seed)(settings(examples)(made_up))()
    return sent, failures


def settings(examples: int) -> Callable[[Any], Any]:
    return hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
