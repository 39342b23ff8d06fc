"""The reference of the API: nothing is left out, and what it shows to copy works."""

import ast
import inspect
import re
import shlex

import pytest
import requests
from drf_spectacular.generators import SchemaGenerator
from rest_framework.views import APIView

from accounts.services import make_token
from reference.operations import groups
from reference.snippets import call_of, curl, python
from reference.summaries import GROUPS, STATUSES, SUMMARIES, TWINS
from web.schema import ERRORS

SITE = "https://school.example"


@pytest.fixture(scope="module")
def schema() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def operations(schema) -> list[tuple[str, str, dict]]:
    return [
        (method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_operations_say_which_of_them_take_an_idempotency_key(operations):
    """As the views do that hand it on."""
    takes_key = {
        f"{method.upper()} {path}"
        for method, path, operation in operations
        if any(sent["name"] == "Idempotency-Key" for sent in operation.get("parameters", ()))
    }
    generator = SchemaGenerator()
    generator._initialise_endpoints()
    endpoints = generator._get_paths_and_endpoints()
    hands_it_on = {f"{method} {path}" for path, _, method, view in endpoints if hands_key_on(view, method)}
    assert takes_key == {re.sub(r"{pk}", "{id}", name) for name in hands_it_on}


def hands_key_on(view: APIView, method: str) -> bool:
    code = inspect.getsource(getattr(view, getattr(view, "action", None) or method.lower()))
    return "idempotency_key(" in code or "sent_list(" in code


def test_every_operation_has_a_summary_and_every_summary_an_operation(operations):
    assert {operation["operationId"] for _, _, operation in operations} == SUMMARIES.keys()
    assert {operation["tags"][0] for _, _, operation in operations} == GROUPS.keys()
    assert set(TWINS.values()) <= GROUPS.keys()
    assert list(STATUSES) == ERRORS


def test_every_snippet_is_a_command_and_a_program_that_can_be_read(schema, operations):
    for method, path, operation in operations:
        call = call_of(method, path, operation, schema["components"]["schemas"])
        assert shlex.split(curl(call, SITE))[0] == "curl"
        ast.parse(python(call, SITE))


def test_schema_shows_how_each_operation_is_called(operations):
    for _, _, operation in operations:
        assert [sample["lang"] for sample in operation["x-codeSamples"]] == ["Shell", "Python"]
        assert operation["summary"]


@pytest.mark.django_db(transaction=True)
def test_lists_are_answered_to_the_program_that_the_reference_shows(
    schema, operations, live_server, root, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)  # files are written where they are asked for
    _, key = make_token(user=root, name="reference")
    tried = 0
    for method, path, operation in operations:
        if (
            method != "get"
            or "{" in path
            or path in ("/api/settings/", "/api/example/", "/api/trainings/compare/")
        ):
            continue
        call = call_of(method, path, operation, schema["components"]["schemas"])
        exec(python(call, live_server.url), {"KEY": key})  # noqa: S102 (raises where it is not answered)
        tried += 1
    assert tried > 10
    assert "results" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_an_exam_is_created_by_the_program_that_the_reference_shows(live_server, alice, capsys):
    _, key = make_token(user=alice, name="reference")
    shown = next(each for each in groups("en")["exams"].operations if each.id == "exams_create")
    exec(python(shown.call, live_server.url), {"KEY": key})  # noqa: S102
    answer = requests.get(f"{live_server.url}/api/exams/", headers={"Authorization": f"Bearer {key}"}).json()
    assert [exam["title"] for exam in answer["results"]] == [shown.call.fields["title"]]


@pytest.mark.django_db
def test_the_reference_is_read_in_both_languages_without_an_account(client):
    for language, title, summary in (("en", "API reference", "Upload scans"), ("ko", "API", "스캔 올리기")):
        index = client.get("/reference/", headers={"accept-language": language}).content.decode()
        assert title in index
        group = client.get("/reference/exams/", headers={"accept-language": language}).content.decode()
        assert summary in group
        assert "Bearer $KEY" in group
        assert "http://testserver/api/exams/" in group
    assert client.get("/reference/nothing/").status_code == 404


@pytest.mark.django_db
def test_pages_lead_to_the_part_of_the_api_that_does_the_same(client, alice):
    client.force_login(alice)
    assert 'href="/reference/exams/"' in client.get("/exams/").content.decode()
    assert 'href="/reference/jobs/"' in client.get("/history/").content.decode()
    assert 'href="/reference/"' in client.get("/search/").content.decode()
