"""JSON Schema and the declarations agree; the label and the reference pages are fresh."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from milepost import catalogue
from milepost.catalogue import EventType
from milepost.catalogue.schema import catalogue_schema, fingerprint, json_schema
from tests.support.strategies import typed_values

DOCS = Path(__file__).parents[2] / "docs"
VALIDATORS = {declared.name: Draft202012Validator(json_schema(declared)) for declared in catalogue.types()}


@given(typed_values())
def test_any_valid_entry_fits_its_schema(drawn: tuple[EventType, dict[str, Any]]):
    declared, values = drawn
    entry = catalogue.draft(declared.name, values)
    parts = {"facts": entry.facts, "private": entry.private} if declared.facts else {"private": entry.private}

    shown = {"type": entry.type, "version": entry.version, **{name: part for name, part in parts.items() if part}}

    VALIDATORS[declared.name].validate(shown)


@pytest.mark.parametrize("declared", list(catalogue.types()), ids=lambda declared: declared.name)
def test_a_schema_refuses_an_entry_of_another_type(declared: EventType):
    assert not VALIDATORS[declared.name].is_valid({"type": "moon.landed", "version": 1, "facts": {}, "private": {}})


def test_the_whole_schema_is_one_of_the_2020_12_dialect():
    schema = catalogue_schema(catalogue.types())

    Draft202012Validator.check_schema(schema)
    rating = {"type": "skill.rated", "version": 1, "facts": {"skill": "jmcdbcrk1qta9g4n", "rating": 4, "basis": "self"}}
    assert Draft202012Validator(schema).is_valid(rating)
    rating["facts"] = {"skill": "jmcdbcrk1qta9g4n", "rating": 7, "basis": "self"}
    assert not Draft202012Validator(schema).is_valid(rating)


def test_the_label_of_view_digests_follows_the_declarations():
    now = fingerprint(catalogue.types())

    assert now == catalogue.CATALOGUE_VERSION, f'set CATALOGUE_VERSION = "{now}" in milepost/catalogue/__init__.py'


def test_the_label_changes_with_what_a_fold_can_see():
    types = list(catalogue.types())

    assert fingerprint(types[1:]) != fingerprint(types)
    assert fingerprint(reversed(types)) == fingerprint(types)


def pages() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.PAGES)


@pytest.mark.parametrize("name", list(pages()))
def test_a_generated_page_is_fresh(name: str):
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name](), "run: make docs"


def test_every_type_and_field_is_on_the_reference_page():
    page = (DOCS / "reference" / "events.md").read_text(encoding="utf-8")

    for declared in catalogue.types():
        assert f"### {declared.name}\n" in page
        assert all(f"`{field.name}`" in page for field in declared.fields())
    assert json.loads((DOCS / "reference" / "schema" / "events.json").read_text(encoding="utf-8"))["$schema"]
