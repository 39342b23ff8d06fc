"""The API as the pages of the reference show it: groups of operations, out of the OpenAPI schema."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator

from reference.snippets import Call, Described, call_of, example, is_read_only, resolve
from reference.summaries import GROUPS


@dataclass(frozen=True)
class Field:
    """What can be sent: a parameter of the address, a header, or a field of the body."""

    name: str
    place: str  # path, query, header or body
    kind: str
    is_required: bool
    description: str


@dataclass(frozen=True)
class Answer:
    status: str
    example: str  # JSON, or the kind of file


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    fields: list[Field]
    answers: list[Answer]
    call: Call


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    operations: list[Operation]


@cache
def groups(language: str) -> dict[str, Group]:
    """All of them by name, in the order of GROUPS. The schema is made once for each language: it takes seconds."""
    with override(language):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        found = list(operations(schema))
        return {
            name: Group(name, str(title), [operation for tag, operation in found if tag == name])
            for name, title in GROUPS.items()
        }


def operations(schema: Described) -> Iterator[tuple[str, Operation]]:
    """Each with the name of its group."""
    components = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        for method, described in methods.items():
            yield (
                described["tags"][0],
                Operation(
                    id=described["operationId"].replace(".", "-"),
                    method=method.upper(),
                    path=path,
                    summary=described["summary"],
                    description=described.get("description", ""),
                    fields=[*parameters(described), *body_fields(described, components)],
                    answers=list(answers(described, components)),
                    call=call_of(method, path, described, components),
                ),
            )


def parameters(operation: Described) -> Iterator[Field]:
    for given in operation.get("parameters", ()):
        yield Field(
            given["name"],
            given["in"],
            kind(given["schema"], {}),
            given.get("required", False),
            given.get("description", ""),
        )


def body_fields(operation: Described, components: Described) -> Iterator[Field]:
    content = operation.get("requestBody", {}).get("content", {})
    body = resolve(next(iter(content.values()))["schema"], components) if content else {}
    for name, field in body.get("properties", {}).items():
        if not is_read_only(field, components):
            about = field.get("description") or field.get("title", "")
            yield Field(name, "body", kind(field, components), name in body.get("required", ()), about)


def kind(schema: Described, components: Described) -> str:
    """In a few words: `integer`, `list of file`, `"A4" | "A5"`."""
    schema = resolve(schema, components)
    if schema.get("enum"):
        return " | ".join(json.dumps(choice) for choice in schema["enum"] if choice is not None)
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}), components)}"
    if schema.get("format") == "binary":
        return "file"
    return str(schema.get("format") or schema.get("type") or "any")


def answers(operation: Described, components: Described) -> Iterator[Answer]:
    """What is answered where all goes well."""
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            yield Answer(status, shown(answer.get("content", {}), components))


def shown(content: dict[str, Any], components: Described) -> str:
    if "application/json" in content:
        value = example(content["application/json"].get("schema", {}), components)
        return json.dumps(value, ensure_ascii=False, indent=2)
    return ", ".join(content)
