"""What the OpenAPI schema gets beside what views and serializers say: summaries, and a call to copy."""

from typing import Any

from reference.snippets import call_of, curl, python
from reference.summaries import SUMMARIES

SITE = "https://nunbit.example"


def add_summaries(result: dict[str, Any], **_about: object) -> dict[str, Any]:
    """A hook of drf-spectacular. `x-codeSamples` are shown by Redoc and others."""
    components = result["components"]["schemas"]
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            call = call_of(method, path, operation, components)
            operation["summary"] = str(SUMMARIES.get(operation["operationId"], ""))
            operation["x-codeSamples"] = [
                {"lang": "Shell", "label": "curl", "source": curl(call, SITE)},
                {"lang": "Python", "label": "requests", "source": python(call, SITE)},
            ]
    return result
