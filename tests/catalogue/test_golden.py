"""One line for each type and version, kept for ever: what was written once must be read by every later build."""

import json
from pathlib import Path
from typing import Any

import pytest

from milepost import catalogue
from milepost.catalogue import Entry

GOLDEN = Path(__file__).parents[1] / "golden" / "events.jsonl"
LINES: list[dict[str, Any]] = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def part(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def line_of(name: str) -> str:
    declared = catalogue.get(name)
    assert declared is not None
    header, _, facts, private = catalogue.encode(name, declared.example)
    texts = {"facts": facts and facts.decode(), "private": private and private.decode()}
    return json.dumps({"type": name, "version": declared.version, "header": header, **texts}, ensure_ascii=False)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['type']}-{line['version']}")
def test_a_golden_line_is_read_for_ever(line: dict[str, Any]):
    header_version = 1 if line["header"] == "entry.sealed" else line["version"]

    entry = catalogue.decode(line["header"], header_version, part(line["facts"]), part(line["private"]))

    assert isinstance(entry, Entry)
    assert (entry.type, entry.written_version, entry.fault) == (line["type"], line["version"], None)
    assert catalogue.violations(entry.type, entry.version, entry.facts, entry.private) == []


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['type']}-{line['version']}")
def test_a_golden_line_of_todays_version_is_written_the_same_today(line: dict[str, Any]):
    declared = catalogue.get(line["type"])
    assert declared is not None
    if line["version"] < declared.version:
        return
    entry = catalogue.decode(line["header"], 1, part(line["facts"]), part(line["private"]))
    assert isinstance(entry, Entry)

    encoded = catalogue.encode_entry(entry)

    assert (encoded.type, encoded.facts, encoded.private) == (
        line["header"],
        part(line["facts"]),
        part(line["private"]),
    )


def test_every_type_and_version_has_a_golden_line():
    kept = {(line["type"], line["version"]) for line in LINES}
    wanted = {(declared.name, version) for declared in catalogue.types() for version in range(1, declared.version + 1)}

    missing = [line_of(name) for name, _ in sorted(wanted - kept)]

    assert not missing, "append to tests/golden/events.jsonl:\n" + "\n".join(missing)
    assert kept <= wanted
    assert len(LINES) == len(kept)
