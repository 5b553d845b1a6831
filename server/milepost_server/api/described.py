"""The description at /schema, as the framework draws it from the handlers, with what it cannot know: our problems.

Every answer that is not a success is a problem (`problems.py`), whatever the route; and which routes ask who is there.
What routes decode themselves, and views, are drawn here.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin

from milepost.projections.progress import Progress
from milepost_server.api.examples import example_of
from milepost_server.api.problems import CONTENT_TYPE, Problem

OPEN_TAGS = frozenset({"health", "meeting", "pairing"})
"""The routes that answer anybody; the others want a token."""

# Views hold named tuples: arrays in JSON, which the framework takes for objects.
_DRAWN_HERE = (Problem, Progress)
_REF = "#/components/schemas/{name}"
_PROBLEM = {
    "description": "A problem (RFC 9457): what was refused, why, and the id of the request.",
    "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}},
}
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A member: the token of the last sync session. Administration: the token in operator.json.",
}

Described = Mapping[str, Any]
Bodies = Mapping[str, Any]
"""Path -> the type of what is posted there, for routes that decode their body themselves."""


class DescribedJson(JsonRenderPlugin):
    """The description as JSON."""

    def __init__(self, bodies: Bodies) -> None:
        super().__init__()
        self._bodies = bodies

    def render(self, request: "Request[Any, Any, Any]", openapi_schema: dict[str, Any]) -> bytes:
        return super().render(request, described(openapi_schema, self._bodies))


class DescribedYaml(YamlRenderPlugin):
    """The description as YAML."""

    def __init__(self, bodies: Bodies) -> None:
        super().__init__()
        self._bodies = bodies

    def render(self, request: "Request[Any, Any, Any]", openapi_schema: dict[str, Any]) -> bytes:
        return super().render(request, described(openapi_schema, self._bodies))


def described(drawn: Described, bodies: Bodies) -> dict[str, Any]:
    """What the framework has drawn, with problems, tokens and `bodies`. Leaves `drawn` as it is."""
    asked, ours = msgspec.json.schema_components([*bodies.values(), *_DRAWN_HERE], ref_template=_REF)
    components = drawn.get("components", {})
    components = {
        **components,
        "schemas": {**components.get("schemas", {}), **ours},
        "securitySchemes": {"bearer": _BEARER},
    }
    posted = dict(zip(bodies, asked[: len(bodies)], strict=True))
    paths = {
        path: {method: _operation(operation, _body(path, posted)) for method, operation in item.items()}
        for path, item in drawn["paths"].items()
    }
    return {**drawn, "paths": paths, "components": components}


def _body(path: str, posted: Described) -> dict[str, Any]:
    """What a route takes that decodes it itself, with an example where it needs anything."""
    if path not in posted:
        return {}
    example = example_of(path)
    content = {"schema": posted[path], **({} if example is None else {"example": example})}
    return {"requestBody": {"content": {"application/json": content}, "required": True}}


def _operation(operation: Described, body: Described) -> dict[str, Any]:
    # What the framework says of refusals is its own shape of an error, which no answer here has.
    successes = {status: answer for status, answer in operation["responses"].items() if status < "4"}
    security: list[dict[str, list[str]]] = [] if OPEN_TAGS.intersection(operation.get("tags", ())) else [{"bearer": []}]
    return {**operation, **body, "responses": {**successes, "default": _PROBLEM}, "security": security}
