"""Compact JSON by the C half of `json`: reading and writing as `json` does, without the `re` and `enum` it drags in.

The append path writes parts and reads views through this; milepost.catalogue.parts adds the strictness of log.md.
"""

from _json import encode_basestring, make_encoder, make_scanner
from collections.abc import Callable

from milepost.light import Any

_BLANKS = " \t\n\r"


def _plain(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is not JSON")


class Reader:
    """Reads JSON. `pairs` makes an object of its members, `number` a fraction, `constant` a NaN or an infinity."""

    strict = True
    object_hook = None
    parse_int = int

    def __init__(
        self,
        pairs: Callable[[list[tuple[str, object]]], object] | None = None,
        number: Callable[[str], object] = float,
        constant: Callable[[str], object] = float,
    ) -> None:
        self.object_pairs_hook = pairs
        self.parse_float = number
        self.parse_constant = constant
        # typeshed asks for a scanner where the C code asks for these settings.
        self._scan = make_scanner(self)  # type: ignore[arg-type]

    def read(self, text: str) -> Any:
        """What `text` says. Raises ValueError where it is not JSON."""
        text = text.strip(_BLANKS)
        try:
            value, end = self._scan(text, 0)
        except StopIteration:
            raise ValueError("no JSON value") from None
        if end != len(text):
            raise ValueError("more than one JSON value")
        return value


loads = Reader().read
_encode = make_encoder(None, _plain, encode_basestring, None, ":", ",", False, False, False)


def dumps(value: object) -> str:
    """`value` without spaces and without needless escapes. Raises TypeError, or ValueError for a NaN or an infinity."""
    return "".join(_encode(value, 0))
