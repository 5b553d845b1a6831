"""What `--json` prints, by schema: the shape of `data`. Documentation and tests read this; commands do not import it.

Every answer is one object: `schema`, `data`, `warnings`, `error`. Fields are only ever added to a version.
"""

from inspect import cleandoc
from typing import Any

import msgspec

from milepost_client.cli.shapes import (
    care,
    direction,
    evidence,
    exporting,
    importing,
    lists,
    looking,
    people,
    quarter,
    rhythm,
    setup,
    sharing,
    standing,
)
from milepost_client.cli.shapes.shape import Shape, Warned

OUTPUTS: dict[str, type[Shape]] = {
    **looking.SHAPES,
    **lists.SHAPES,
    **standing.SHAPES,
    **rhythm.SHAPES,
    **quarter.SHAPES,
    **people.SHAPES,
    **evidence.SHAPES,
    **exporting.SHAPES,
    **importing.SHAPES,
    **setup.SHAPES,
    **sharing.SHAPES,
    **care.SHAPES,
    **direction.SHAPES,
}


def schema() -> dict[str, Any]:
    """One JSON Schema for everything that `--json` prints; an error has null data."""
    shapes = [*OUTPUTS.values(), Warned]
    _, components = msgspec.json.schema_components(shapes, ref_template="#/$defs/{name}")
    for component in components.values():
        # Python 3.13 takes the indentation out of docstrings, those before leave it in.
        if "description" in component:
            component["description"] = cleandoc(component["description"])
    answers = [_answer(name, {"$ref": f"#/$defs/{shape.__name__}"}) for name, shape in OUTPUTS.items()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What mp --json prints",
        "oneOf": [*answers, _answer("error/1", {"type": "null"})],
        "$defs": components,
    }


def _answer(name: str, data: dict[str, Any]) -> dict[str, Any]:
    error: dict[str, Any] = {"$ref": "#/$defs/Warned"} if name == "error/1" else {"type": "null"}
    return {
        "type": "object",
        "properties": {
            "schema": {"const": f"milepost.{name}"},
            "data": data,
            "warnings": {"type": "array", "items": {"$ref": "#/$defs/Warned"}},
            "error": error,
        },
        "required": ["schema", "data", "warnings", "error"],
        "additionalProperties": False,
    }
