"""The light half of the standard library: the same names, without what they drag in.

`typing`, `datetime`, `hashlib` and what these import in turn (`re`, `enum`, OpenSSL) cost a daily word more than
everything it does (docs/decisions/0025). Whatever stands on the append path takes these names from here; type
checkers see the originals. Everything else imports the originals, and the two get along: a `NamedTuple` is a tuple, a
`date` is the same class.
"""

from _collections import _tuplegetter  # type: ignore[import-not-found]
from importlib import import_module
from sys import version_info

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date as date
    from datetime import timedelta as timedelta
    from hashlib import sha256 as sha256
    from typing import Any as Any
    from typing import Literal as Literal
    from typing import NamedTuple as NamedTuple
    from typing import NewType as NewType
    from typing import Protocol as Protocol
else:
    from _datetime import date as date
    from _datetime import timedelta as timedelta

    # It has another home since Python 3.12.
    sha256 = import_module("_sha2" if version_info >= (3, 12) else "_sha256").sha256

    class _Unchecked(type):
        """A word of `typing` that means nothing at run time: `Literal["a", "b"]` is itself."""

        def __getitem__(cls, _: object) -> type:
            return cls

    class Any(metaclass=_Unchecked):
        pass

    class Literal(metaclass=_Unchecked):
        pass

    class Protocol:
        __slots__ = ()

    def NewType(name: str, of: type) -> type:
        return of

    def _fields_of(body: dict[str, object]) -> tuple[str, ...]:
        annotations = body.get("__annotations__")
        if annotations is None:
            # From Python 3.14 on annotations are a function: 1 asks for values (PEP 649).
            annotate = body.get("__annotate_func__") or body.get("__annotate__")
            annotations = annotate(1) if annotate else {}
        return tuple(annotations)

    _tuple = tuple.__new__

    class _Tuples(type):
        """Makes classes of tuples with named fields, and compiles nothing: `typing` compiles each class anew."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            if not bases or bases[0] is not NamedTuple:
                # The base itself; or a class on top of a tuple, whose annotations are no fields.
                return super().__new__(cls, name, bases or (tuple,), body)
            fields = _fields_of(body)
            body["_field_defaults"] = {field: body.pop(field) for field in fields if field in body}
            body["_fields"] = body["__match_args__"] = fields
            body["__slots__"] = ()
            body["_width"] = len(fields)
            body.update((field, _tuplegetter(place, "")) for place, field in enumerate(fields))
            return super().__new__(cls, name, bases, body)

    class NamedTuple(metaclass=_Tuples):
        """A tuple with named fields, as `typing.NamedTuple` makes it."""

        __slots__ = ()
        _fields = ()
        _width = 0

        def __new__(cls, /, *values: object, **named: object) -> "NamedTuple":
            if named or len(values) != cls._width:
                values += cls._rest(len(values), named)
            return _tuple(cls, values)

        @classmethod
        def _rest(cls, given: int, named: dict[str, object]) -> tuple[object, ...]:
            """The values after the first `given`: by name, or by default."""
            try:
                rest = [
                    named.pop(field) if field in named else cls._field_defaults[field] for field in cls._fields[given:]
                ]
            except KeyError as missing:
                raise TypeError(f"{cls.__name__} lacks {missing}") from None
            if named or given > len(cls._fields):
                raise TypeError(f"{cls.__name__} takes {', '.join(cls._fields)} once each, and no {[*named]}")
            return tuple(rest)

        @classmethod
        def _make(cls, values: object) -> "NamedTuple":
            return cls(*values)

        def _replace(self, /, **changes: object) -> "NamedTuple":
            values = [
                changes.pop(field) if field in changes else value
                for field, value in zip(self._fields, self, strict=True)
            ]
            return type(self)(*values, **changes)

        __replace__ = _replace

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)
