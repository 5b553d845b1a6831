"""The JSON of a part: read strictly, written compactly.

Strict, because replicas in other languages must agree on what a part says: UTF-8, one object, no key twice, no NaN, no
nesting that a parser's stack would not survive. Written as log.md asks: compact, in the order of the declaration, never
escaped beyond need. Standard library only: the append path imports this.
"""

from collections.abc import Mapping

from milepost.compact_json import Reader, dumps

DEPTH_MAX = 16
# Up to here a float that is whole names one integer (JSON Schema calls 4.0 an integer, and so do most languages).
_EXACT_MAX = 2**53


class UnreadablePart(ValueError):
    """A part that is no JSON object by the rules above. Stays inside the catalogue, which answers `Unknown`."""


def read_part(raw: bytes) -> dict[str, object]:
    """The object in `raw`. Raises UnreadablePart with the reason."""
    if raw.count(b"{") + raw.count(b"[") > DEPTH_MAX and _depth(raw) > DEPTH_MAX:
        raise UnreadablePart(f"nested deeper than {DEPTH_MAX}")
    try:
        part = _READER.read(raw.decode())
    except UnicodeDecodeError:
        raise UnreadablePart("not UTF-8") from None
    except UnreadablePart:
        raise
    except ValueError:
        raise UnreadablePart("not JSON") from None
    if not isinstance(part, dict):
        raise UnreadablePart("not a JSON object")
    return part


def write_part(part: Mapping[str, object]) -> bytes:
    """`part` as compact UTF-8 JSON. Raises UnicodeEncodeError for a lone surrogate, which every text kind refuses."""
    return dumps(part).encode()


def _depth(raw: bytes) -> int:
    """The deepest nesting in `raw`; brackets inside strings do not count. Never recurses."""
    depth = deepest = 0
    quoted = escaped = False
    for byte in raw:
        if escaped:
            escaped = False
        elif quoted:
            quoted, escaped = byte != 0x22, byte == 0x5C
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _number(text: str) -> float | int:
    value = float(text)
    return int(value) if value.is_integer() and abs(value) <= _EXACT_MAX else value


def _no_constant(text: str) -> None:
    raise UnreadablePart(f"{text} is not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    part = dict(pairs)
    if len(part) != len(pairs):
        # Python keeps the last of two, SQLite the first: neither is what the author can have meant.
        raise UnreadablePart("a key stands twice in one object")
    return part


_READER = Reader(_unique, _number, _no_constant)
