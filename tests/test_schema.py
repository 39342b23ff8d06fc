"""Every address for programs is in the OpenAPI schema, or here with its reason."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

# At most ten: a program that reads the schema does not learn of these
LEFT_OUT = {
    "/api/schema/": "the schema itself",
    "/api/docs/": "its reference, a page for people",
}
# What programs ask outside /api/; everything else there is a page
PROBES = {
    "/healthz": "for load balancers, which read the status alone",
    "/readyz": "for load balancers, which read the status alone",
    "/metrics": "for Prometheus, in its own format",
}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        else:
            yield from addresses(entry, path)


def plain(path: str) -> str:
    """`<uuid:pk>` and `(?P<pk>…)` as {}, so that the resolver's and the schema's can be compared."""
    path = re.sub(r"\(\?P<\w+>(?:\[[^]]*\]|[^()])*\)", "{}", path)
    path = re.sub(r"<[^>]+>|\{[^}]+\}", "{}", path)
    return re.sub(r"[\^$\\]|\\Z", "", path).removesuffix("Z")


@pytest.fixture(scope="module")
def schema() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_every_address_of_the_api_is_in_the_schema_or_left_out_for_a_reason(schema):
    ours = {plain(path) for path in addresses(get_resolver()) if path.startswith("/api/")}
    assert ours - {plain(path) for path in schema["paths"]} == LEFT_OUT.keys()
    assert len(LEFT_OUT | PROBES) <= 10


def test_operations_are_called_by_what_they_are_of_and_not_by_where_the_api_lies(schema):
    """Generated clients call their methods so."""
    assert schema["paths"]["/api/jobs/"]["get"]["operationId"] == "jobs_list"
    assert schema["paths"]["/api/jobs/"]["get"]["tags"] == ["jobs"]


def test_no_two_shapes_share_a_name(capsys):
    """Else one is documented as the other."""
    SchemaGenerator().get_schema(request=None, public=True)
    assert "identical names" not in capsys.readouterr().err


def test_what_programs_ask_outside_the_api_is_there():
    assert PROBES.keys() <= {plain(path) for path in addresses(get_resolver())}


def test_every_operation_documents_the_errors_that_any_request_may_meet(schema):
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert {"400", "401", "404", "405", "406", "413", "415", "503"} <= operation["responses"].keys()
