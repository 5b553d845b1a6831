"""Write docs/reference/asyncapi.yaml from the messages of the protocol: the AsyncAPI 3 twin of protocol.md.

A message is a MessagePack array, so a payload is a draft-07 tuple: the tag, then the fields in order. `bin` values are
strings with their length in bytes.
"""

import inspect
from pathlib import Path
from typing import Any, get_args

import msgspec
import yaml

from milepost.sync import SUBPROTOCOL
from milepost.sync import messages as m

FILE = Path(__file__).parent / "reference" / "asyncapi.yaml"
MESSAGES: tuple[type[msgspec.Struct], ...] = get_args(m.Message)


def sender(message: type[msgspec.Struct]) -> str:
    """Who sends it: the first word of its docstring."""
    return str(inspect.getdoc(message)).split(":")[0].lower()


def schema(kind: msgspec.inspect.Type) -> dict[str, Any]:
    """The draft-07 schema of a field."""
    match kind:
        case msgspec.inspect.BytesType():
            return {"type": "string", "format": "binary"} | _sizes(kind)
        case msgspec.inspect.StrType():
            return {"type": "string"} | _sizes(kind)
        case msgspec.inspect.IntType():
            top = kind.le if kind.le is not None else (kind.lt - 1 if kind.lt is not None else None)
            return {"type": "integer", "minimum": kind.ge, "maximum": top}
        case msgspec.inspect.ListType():
            most = {} if kind.max_length is None else {"maxItems": kind.max_length}
            return {"type": "array", "items": schema(kind.item_type)} | most
        case msgspec.inspect.UnionType():
            return {"oneOf": [schema(each) for each in kind.types]}
        case msgspec.inspect.NoneType():
            return {"type": "null"}
        case msgspec.inspect.StructType():
            return {"$ref": f"#/components/schemas/{kind.cls.__name__}"}
        case _:
            raise TypeError(f"{kind} is not on the wire")


def _sizes(kind: msgspec.inspect.BytesType | msgspec.inspect.StrType) -> dict[str, int]:
    sizes = {"minLength": kind.min_length, "maxLength": kind.max_length}
    return {name: size for name, size in sizes.items() if size is not None}


def array(cls: type[msgspec.Struct]) -> dict[str, Any]:
    """The tuple of a struct: its tag where it has one, then its fields in order, and whatever a later version adds."""
    kind = msgspec.inspect.type_info(cls)
    if not isinstance(kind, msgspec.inspect.StructType):
        raise TypeError(f"{cls} is not a struct")
    tag = [] if kind.tag is None else [{"title": "tag", "const": kind.tag}]
    items = [*tag, *({"title": field.name} | schema(field.type) for field in kind.fields)]
    required = len(tag) + sum(field.required for field in kind.fields)
    return {"type": "array", "items": items, "minItems": required, "additionalItems": True}


def structs_inside() -> list[type[msgspec.Struct]]:
    """The structs that messages are made of."""
    return [m.WireLeaf, m.WireReceipt, m.WireBatch, m.ViewDigest, m.Limits]


def message(cls: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        "name": cls.__name__,
        "contentType": "application/msgpack",
        "summary": " ".join(str(inspect.getdoc(cls)).split()),
        "payload": array(cls),
    }


def operation(action: str, who: str) -> dict[str, Any]:
    """What a client does: it sends its own messages and receives the server's."""
    names = [cls.__name__ for cls in MESSAGES if sender(cls) in {who, "either"}]
    return {
        "action": action,
        "channel": {"$ref": "#/channels/sync"},
        "messages": [{"$ref": f"#/channels/sync/messages/{name}"} for name in names],
    }


def document() -> dict[str, Any]:
    """The whole AsyncAPI document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Milepost sync",
            "version": "1.0.0",
            "description": "A device and a server bring each other's copy of a stream up to date. A frame is one codec "
            "byte (0 plain, 1 zstd) before the payload. The page protocol.md beside this file has the rest: "
            "states, limits, columns of a batch, signed bytes.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/msgpack",
        "servers": {
            "server": {
                "host": "{host}",
                "protocol": "wss",
                "description": f"Subprotocol {SUBPROTOCOL}; ws only on a loopback address.",
                "variables": {"host": {"default": "localhost", "description": "The name that the device dials."}},
            }
        },
        "channels": {
            "sync": {
                "address": "/sync",
                "title": "One connection of one device",
                "messages": {cls.__name__: {"$ref": f"#/components/messages/{cls.__name__}"} for cls in MESSAGES},
                "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {"send": operation("send", "client"), "receive": operation("receive", "server")},
        "components": {
            "messages": {cls.__name__: message(cls) for cls in MESSAGES},
            "schemas": {cls.__name__: array(cls) for cls in structs_inside()},
        },
    }


def text() -> str:
    """The content of the file."""
    head = "# Written by docs/asyncapi.py from the messages in milepost.sync; a test fails while it is stale.\n"
    return head + yaml.safe_dump(document(), sort_keys=False, width=110, allow_unicode=True)
