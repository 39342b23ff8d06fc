"""One call of an operation, as curl and as Python with requests, made out of its description in the OpenAPI schema.

KEY is a token, and each part of a path a name: `$ID` in curl, `{ID}` in Python.
"""

import json
import pprint
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Described = Mapping[str, Any]

FILE = "photo.jpg"
BY_FORMAT = {
    "date-time": "2026-11-30T09:00:00Z",
    "date": "2026-11-30",
    "uuid": "ID",
    "uri": "https://example.com/",
}
BY_TYPE = {"integer": 1, "number": 1.0, "boolean": True, "string": "…", "object": {}}


@dataclass(frozen=True)
class Call:
    """What a snippet sends: the path with its {names}, headers, and fields of which some are files."""

    method: str
    path: str
    headers: dict[str, str]
    fields: dict[str, Any]
    files: dict[str, str]
    is_json: bool  # what is answered


def resolve(schema: Described, components: Described) -> Described:
    """What a reference stands for; of alternatives the first."""
    while True:
        if reference := schema.get("$ref"):
            schema = components[reference.rpartition("/")[2]]
        elif parts := schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf"):
            schema = parts[0]
        else:
            return schema


def example(schema: Described, components: Described, depth: int = 3) -> Any:
    """A value as `schema` has it; what lies deeper than `depth` is left empty."""
    schema = resolve(schema, components)
    for given in ("example", "default"):
        if schema.get(given) is not None:
            return schema[given]
    if schema.get("enum"):
        return next((choice for choice in schema["enum"] if choice), None)
    kind = schema.get("type")
    if kind == "array":
        return [example(schema["items"], components, depth - 1)] if depth and schema.get("items") else []
    if kind == "object" and depth:
        fields = schema.get("properties", {}).items()
        return {name: example(field, components, depth - 1) for name, field in fields}
    return BY_FORMAT.get(schema.get("format", ""), BY_TYPE.get(kind, "…"))


def is_file(schema: Described, components: Described) -> bool:
    schema = resolve(schema, components)
    return schema.get("format") == "binary" or (
        schema.get("type") == "array" and is_file(schema.get("items", {}), components)
    )


def is_read_only(schema: Described, components: Described) -> bool:
    return bool(schema.get("readOnly") or resolve(schema, components).get("readOnly"))


def call_of(method: str, path: str, operation: Described, components: Described) -> Call:
    """The example that is given, else what is required, else the file, else the first fields."""
    content = next(iter(operation.get("requestBody", {}).get("content", {}).values()), {"schema": {}})
    examples: list[Described] = list(content.get("examples", {}).values())
    given = examples[0]["value"] if examples else None
    body = resolve(content["schema"], components)
    fields: Described = body.get("properties", {})
    files = [name for name, field in fields.items() if is_file(field, components)]
    sent = given or [name for name in fields if name in body.get("required", ())] or files[:1]
    return Call(
        method=method,
        path=path,
        headers={"Prefer": "wait=30"} if takes(operation, "Prefer") and method != "get" else {},
        fields=given or {name: example(fields[name], components) for name in sent if name not in files},
        files={name: FILE for name in sent if name in files},
        is_json=is_json(operation),
    )


def takes(operation: Described, parameter: str) -> bool:
    return any(taken["name"] == parameter for taken in operation.get("parameters", ()))


def is_json(operation: Described) -> bool:
    """Whether what it answers, where all goes well, is JSON."""
    return any(
        "application/json" in answer.get("content", {})
        for code, answer in operation["responses"].items()
        if code.startswith("2")
    )


def curl(call: Call, site: str) -> str:
    path = re.sub(r"{(\w+)}", lambda name: f"${{{name[1].upper()}}}", call.path)
    implied = "post" if call.fields or call.files else "get"
    method = "" if call.method == implied else f"-X {call.method.upper()} "
    parts = [f'curl {method}"{site}{path}" -H "Authorization: Bearer $KEY"']
    parts += [f"-H '{name}: {value}'" for name, value in call.headers.items()]
    parts += [f"-F '{name}=@{file}'" for name, file in call.files.items()]
    if call.files:
        parts += [f"-F '{name}={quoted(value)}'" for name, value in call.fields.items()]
    elif call.fields:
        parts += ["-H 'Content-Type: application/json'", f"-d '{quoted(call.fields)}'"]
    if not call.is_json and call.method == "get":
        parts.append(f"-o '{file_name(call)}'")
    return " \\\n  ".join(parts)


def quoted(value: Any) -> str:
    """As a shell has it between single quotes."""
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return plain.replace("'", "'\\''")


def file_name(call: Call) -> str:
    """What an answered file is called."""
    return call.path.rstrip("/").rpartition("/")[2].replace("{", "").replace("}", "")


def python(call: Call, site: str) -> str:
    path = re.sub(r"{(\w+)}", lambda name: f"{{{name[1].upper()}}}", call.path)
    headers = [
        '"Authorization": f"Bearer {KEY}"',
        *(f'"{name}": "{value}"' for name, value in call.headers.items()),
    ]
    given = [f'{"f" if "{" in path else ""}"{site}{path}"', f"headers={{{', '.join(headers)}}}"]
    if call.files:
        opened = ", ".join(f'"{name}": open("{file}", "rb")' for name, file in call.files.items())
        given.append(f"files={{{opened}}}")
    if call.fields:
        literal = pprint.pformat(call.fields, indent=1, width=88, sort_dicts=False).replace("\n", "\n    ")
        given.append(f"{'data' if call.files else 'json'}={literal}")
    lines = [
        "import requests",
        "",
        f"answer = requests.{call.method}(",
        *(f"    {line}," for line in given),
        ")",
    ]
    return "\n".join([*lines, "answer.raise_for_status()", *shown(call)])


def shown(call: Call) -> list[str]:
    if call.is_json:
        return ["print(answer.json())"]
    return [f'open("{file_name(call)}", "wb").write(answer.content)'] if call.method == "get" else []
