"""JSON Schema (2020-12) of every type, derived from the declarations.

One schema describes one entry as an export shows it: its true type, version, facts and private part. Fields that a
newer build adds are allowed, as everywhere.
"""

import json
from collections.abc import Iterable
from hashlib import sha256

from milepost.catalogue.declare import EventType, Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(declared: EventType) -> dict[str, object]:
    """The schema of one type: an object of `type`, `version`, and `facts` and `private` where the type has them."""
    properties: dict[str, object] = {"type": {"const": declared.name}, "version": {"const": declared.version}}
    if declared.facts:
        properties["facts"] = _part(declared.facts)
    if declared.private:
        properties["private"] = _part(declared.private)
    return {
        "title": declared.name,
        "description": declared.help,
        "type": "object",
        "properties": properties,
        # The private part is absent wherever it cannot be read; a type without facts has nothing else.
        "required": ["type", "version", "facts" if declared.facts else "private"],
    }


def catalogue_schema(types: Iterable[EventType]) -> dict[str, object]:
    """One document for all `types`: each under `$defs`, and an entry is one of them."""
    definitions = {declared.name: json_schema(declared) for declared in types}
    return {
        "$schema": DIALECT,
        "$id": "urn:milepost:events",
        "title": "Milepost events",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in definitions],
        "$defs": definitions,
    }


def fingerprint(types: Iterable[EventType]) -> str:
    """A short digest of what a fold can see of `types`: their facts, and the rules that set facts aside.

    `CATALOGUE_VERSION` is this, written down, since computing it would load every family.
    """
    seen = [
        (declared.name, declared.version, declared.family, _part(declared.facts, documented=False), _rules(declared))
        for declared in sorted(types, key=lambda declared: declared.name)
    ]
    return sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:12]


def _rules(declared: EventType) -> list[tuple[str, ...]]:
    rules = [rule for rule in declared.rules if not declared.is_private(rule.fields[0])]
    return [(type(rule).__name__, rule.code, *rule.fields) for rule in rules]


def _part(fields: tuple[Field, ...], *, documented: bool = True) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {
            field.name: {**field.kind.schema(), **({"description": field.doc} if documented else {})}
            for field in fields
        },
        "required": [field.name for field in fields if field.required],
    }
