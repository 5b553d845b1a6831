"""protocol.md and asyncapi.yaml say what milepost.sync.messages says: each message, each field in order, each type."""

import re
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from docs import asyncapi
from milepost.chain import BATCH_EVENTS_MAX
from milepost.sync import SUBPROTOCOL, batches, client, frames, server
from milepost.sync import messages as m
from tests.repo.tree import ROOT
from tests.support.drawn_messages import MESSAGES

PAGE = (ROOT / "docs/reference/protocol.md").read_text(encoding="utf-8")
ASYNCAPI = yaml.safe_load(asyncapi.FILE.read_text(encoding="utf-8"))
HEADINGS = re.findall(r"^### (\d+) (\w+), from (?:the )?(\w+)$", PAGE, re.MULTILINE)


def rows(section: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    text = PAGE.split(f"{section}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table, section
    lines = table.group(0).splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def fields_on_the_page(cls: type[msgspec.Struct], tag: int, who: str) -> list[tuple[str, str]]:
    of = "" if who == "either" else "the "
    return [(name, kind.split(" = ")[0]) for name, kind, *_ in rows(f"### {tag} {cls.__name__}, from {of}{who}")]


def spelled(kind: msgspec.inspect.Type) -> set[str]:
    """How the page may write a type."""
    match kind:
        case msgspec.inspect.BytesType(min_length=None):
            return {"bytes"}
        case msgspec.inspect.BytesType(min_length=int(size)):
            return {16: {"id"}, 32: {"hash", "key"}, 64: {"signature"}}[size]
        case msgspec.inspect.IntType():
            return {"u32"} if kind.lt == 1 << 32 else {"u63"}
        case msgspec.inspect.StrType():
            return {"sentence" if kind.max_length == m.SENTENCE_MAX else "word"}
        case msgspec.inspect.ListType():
            return {f"{each}[]" for each in spelled(kind.item_type)}
        case msgspec.inspect.StructType():
            return {kind.cls.__name__}
        case msgspec.inspect.UnionType():
            (inner,) = [each for each in kind.types if not isinstance(each, msgspec.inspect.NoneType)]
            return {f"{each}?" for each in spelled(inner)}
        case _:
            raise TypeError(str(kind))


def struct(cls: type[msgspec.Struct]) -> msgspec.inspect.StructType:
    kind = msgspec.inspect.type_info(cls)
    assert isinstance(kind, msgspec.inspect.StructType)
    return kind


def test_the_page_has_every_message_with_its_tag_and_its_sender():
    assert [(int(tag), name, who) for tag, name, who in HEADINGS] == [
        (struct(cls).tag, cls.__name__, asyncapi.sender(cls)) for cls in MESSAGES
    ]


@pytest.mark.parametrize("cls", [each for each in MESSAGES if struct(each).fields], ids=lambda cls: cls.__name__)
def test_the_page_has_every_field_of_a_message_in_order_with_its_type(cls):
    kind = struct(cls)
    written = fields_on_the_page(cls, int(str(kind.tag)), asyncapi.sender(cls))
    assert [name for name, _ in written] == [field.name for field in kind.fields]
    for (name, said), field in zip(written, kind.fields, strict=True):
        assert said in spelled(field.type), name


def test_the_page_has_every_field_that_may_be_missing_at_the_end():
    for tag, name, who in HEADINGS:
        kind = struct(next(cls for cls in MESSAGES if cls.__name__ == name))
        if kind.fields:
            written = rows(f"### {tag} {name}, from {'' if who == 'either' else 'the '}{who}")
            assert [" = " in cell for _, cell, *_ in written] == [not field.required for field in kind.fields], name


@pytest.mark.parametrize("cls", [m.WireLeaf, m.WireReceipt, m.ViewDigest, m.Limits], ids=lambda cls: cls.__name__)
def test_the_page_has_every_field_of_the_shapes_inside(cls):
    (said,) = [fields for name, fields in rows(SHAPES) if name == cls.__name__]
    written = [field.split() for field in said.split(", ")]
    assert [name for name, _ in written] == [field.name for field in struct(cls).fields]
    for (name, kind), field in zip(written, struct(cls).fields, strict=True):
        assert kind in spelled(field.type), name


SHAPES = "`T[]` an array; `T?` the value or nil; `bytes` a `bin` of any length."


def test_the_page_has_every_column_of_a_batch_in_order():
    assert [name for name, *_ in rows("each event unless it says otherwise.")] == list(m.WireBatch.__struct_fields__)


@pytest.mark.parametrize(
    "figure",
    [
        frames.FRAME_BYTES_MAX,
        frames.BODY_BYTES_MAX,
        frames.VALUES_MAX,
        m.LEAVES_MAX,
        batches.SEALED_BYTES_MAX,
    ],
)
def test_the_page_has_the_limits_of_the_code(figure):
    assert f"{figure:,}" in PAGE


def test_the_page_has_the_other_figures_of_the_code():
    assert f"| nesting of arrays and maps | {frames.NESTING_MAX} |" in PAGE
    assert f"`pushes_in_flight` pushes ({server.PUSHES_IN_FLIGHT_MAX})" in PAGE
    assert f"1-{BATCH_EVENTS_MAX}" in PAGE
    assert f"at most {m.SENTENCE_MAX}" in PAGE
    assert f"tag below {m.OPTIONAL_TAG_MIN} is a breach" in PAGE
    assert (client.CREDIT_LOW, client.CREDIT_WINDOW) == (1 << 20, 2 << 20)
    assert "when less than 1 MiB of it is left: `total` = bytes stored + 2 MiB" in PAGE
    assert SUBPROTOCOL in PAGE


def test_the_page_has_every_code_after_which_a_client_stays_away():
    (listed,) = re.findall(r"After ([\w, ]+)\ndo not|After ([\w,\s]+?) do not try again", PAGE)
    assert set(re.findall(r"[A-Z_]{3,}", " ".join(listed))) == client.FINAL_CODES


def test_the_page_has_every_close_code_of_the_machines():
    codes = {value for module in (client, server) for name, value in vars(module).items() if name.startswith("CLOSE_")}
    assert codes <= {int(code) for code, _ in rows("## Close codes")}


# The AsyncAPI file


def test_the_asyncapi_file_is_what_the_messages_say():
    assert asyncapi.FILE.read_text(encoding="utf-8") == asyncapi.text()


def test_every_reference_in_the_asyncapi_file_leads_somewhere():
    def walk(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [value["$ref"]] if "$ref" in value else [ref for each in value.values() for ref in walk(each)]
        return [ref for each in value for ref in walk(each)] if isinstance(value, list) else []

    references = walk(ASYNCAPI)
    assert references
    for reference in references:
        at = ASYNCAPI
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]


# The rules of AsyncAPI 3 for the objects that this document has; the whole schema is judged from outside.
SHAPE = {
    "type": "object",
    "required": ["asyncapi", "info"],
    "additionalProperties": False,
    "properties": {
        "asyncapi": {"const": "3.0.0"},
        "info": {"type": "object", "required": ["title", "version"]},
        "defaultContentType": {"type": "string"},
        "servers": {"additionalProperties": {"type": "object", "required": ["host", "protocol"]}},
        "channels": {
            "additionalProperties": {
                "type": "object",
                "required": ["address", "messages"],
                "properties": {"messages": {"additionalProperties": {"required": ["$ref"]}}},
            }
        },
        "operations": {
            "additionalProperties": {
                "type": "object",
                "required": ["action", "channel"],
                "properties": {
                    "action": {"enum": ["send", "receive"]},
                    "channel": {"required": ["$ref"]},
                    "messages": {"type": "array", "items": {"required": ["$ref"]}},
                },
            }
        },
        "components": {
            "type": "object",
            "properties": {
                "messages": {"additionalProperties": {"required": ["name", "contentType", "summary", "payload"]}},
                "schemas": {"additionalProperties": {"$ref": "http://json-schema.org/draft-07/schema#"}},
            },
        },
    },
}


def test_the_asyncapi_file_has_the_shape_of_asyncapi_3():
    jsonschema.Draft7Validator(SHAPE).validate(ASYNCAPI)
    for message in ASYNCAPI["components"]["messages"].values():
        jsonschema.Draft7Validator.check_schema(message["payload"])


def test_every_message_is_sent_or_received():
    operations = ASYNCAPI["operations"].values()
    used = {each["$ref"].rsplit("/", 1)[1] for operation in operations for each in operation["messages"]}
    assert used == {cls.__name__ for cls in MESSAGES}


@pytest.mark.parametrize("file", ["frames", "hello"])
def test_the_messages_among_the_vectors_fit_the_payloads_of_the_asyncapi_file(file):
    vectors = msgspec.json.decode((ROOT / f"docs/reference/vectors/{file}.json").read_bytes())
    for frame in [each["frame"] for each in vectors["plain"]] if file == "frames" else [vectors["frame"]]:
        fields = msgspec.msgpack.decode(bytes.fromhex(frame)[1:])
        name = next(cls.__name__ for cls in MESSAGES if struct(cls).tag == fields[0])
        payload = ASYNCAPI["components"]["messages"][name]["payload"]
        whole = {**payload, "components": ASYNCAPI["components"]}
        jsonschema.Draft7Validator(whole).validate(as_text(fields))
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft7Validator(whole).validate([99, *as_text(fields)[1:]])


def as_text(value: Any) -> Any:
    """Binary values as strings of the same length, which is what the schema counts."""
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value.decode("latin-1") if isinstance(value, bytes) else value
