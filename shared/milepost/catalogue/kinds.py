"""Kinds: what one field of an event may hold, and how that is said to people and to JSON Schema.

A kind is plain data with one question, `fault`: why is this value not mine? It answers in words that follow the value
("rating 7 *is not 1..5*"), or None. `code` ends the code of its violations: a rating out of range is `rating_range`.
`schema` is its JSON Schema, which may allow more (a 30 February), never less; `words` is the kind in a few words. No
kind takes a float, and no value means two things, so every replica and every language reads a field alike.

The kinds are a closed union and have no base class: mypy asks of each what it asks of `Kind`, and building twenty
abstract classes would cost every command half a millisecond. Standard library only, and no `re`: the append path
imports this.
"""

from milepost.ids import ENTITY_BYTES, EVENT_ID_BYTES, from_base64url

_CROCKFORD = frozenset("0123456789abcdefghjkmnpqrstvwxyz")
_CODE = frozenset("0123456789abcdefghijklmnopqrstuvwxyz_-.")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DECIMAL_DIGITS_MAX = 15
_FRACTION_DIGITS_MAX = 9

_TYPE_NAMES = {bool: "true or false", int: "a number", str: "text", list: "a list", dict: "an object"}


class Crockford:
    """An id: lower-case Crockford base32 of so many bytes."""

    __slots__ = ("firsts", "length", "noun")
    code = "id"

    def __init__(self, size: int, noun: str) -> None:
        self.noun = noun
        self.length = (size * 8 + 4) // 5
        # The bits that the bytes do not fill are zero, so few characters can come first.
        self.firsts = "".join(sorted(_CROCKFORD))[: 32 >> (self.length * 5 - size * 8)]

    def fault(self, value: object) -> str | None:
        if (
            type(value) is str
            and len(value) == self.length
            and _CROCKFORD.issuperset(value)
            and value[0] in self.firsts
        ):
            return None
        return f"is not {self.words()}"

    def schema(self) -> dict[str, object]:
        firsts = f"[{self.firsts[0]}-{self.firsts[-1]}]" if len(self.firsts) < 32 else "[0-9a-hjkmnp-tv-z]"
        return {"type": "string", "pattern": f"^{firsts}[0-9a-hjkmnp-tv-z]{{{self.length - 1}}}$"}

    def words(self) -> str:
        return f"{self.noun} of {self.length} base32 characters"


class Bool:
    """true or false."""

    __slots__ = ()
    code = "kind"

    def fault(self, value: object) -> str | None:
        return None if type(value) is bool else "is neither true nor false"

    def schema(self) -> dict[str, object]:
        return {"type": "boolean"}

    def words(self) -> str:
        return "true or false"


class Int:
    """An integer from `low` to `high`, both allowed."""

    __slots__ = ("high", "low")
    code = "range"

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high

    def fault(self, value: object) -> str | None:
        # A bool is an int to Python and to nobody else.
        if type(value) is int and self.low <= value <= self.high:
            return None
        return f"is not {self.low}..{self.high}"

    def schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def words(self) -> str:
        return f"integer {self.low}..{self.high}"


class Choice:
    """One word of a closed list."""

    __slots__ = ("options",)
    code = "choice"

    def __init__(self, *options: str) -> None:
        self.options = options

    def fault(self, value: object) -> str | None:
        return None if type(value) is str and value in self.options else f"is not one of {', '.join(self.options)}"

    def schema(self) -> dict[str, object]:
        return {"enum": list(self.options)}

    def words(self) -> str:
        return "one of " + ", ".join(self.options)


class Text:
    """Text of 1 to `length_max` characters; several lines only if `lines`."""

    __slots__ = ("length_max", "lines")
    code = "text"

    def __init__(self, length_max: int, *, lines: bool = False) -> None:
        self.length_max = length_max
        self.lines = lines

    def fault(self, value: object) -> str | None:
        if type(value) is not str:
            return "is not text"
        if not value.strip():
            return "is empty"
        if len(value) > self.length_max:
            return f"is {len(value)} characters long, over {self.length_max}"
        return None if value.isprintable() else self._unprintable(value)

    def _unprintable(self, value: str) -> str | None:
        # Terminals obey control characters, and a lone surrogate is no UTF-8: neither may enter what others print.
        allowed = "\n\t" if self.lines else ""
        for character in value:
            point = ord(character)
            if (point < 32 or 127 <= point < 160) and character not in allowed:
                return "holds a control character" if character != "\n" else "is more than one line"
            if 0xD800 <= point <= 0xDFFF:
                return "holds a character that is no Unicode text"
        return None

    def schema(self) -> dict[str, object]:
        return {"type": "string", "minLength": 1, "maxLength": self.length_max}

    def words(self) -> str:
        return f"text of at most {self.length_max} characters"


class Code:
    """A short code of lower-case letters, digits and `_ - .`, the same for all who use it."""

    __slots__ = ("length_max",)
    code = "code"

    def __init__(self, length_max: int) -> None:
        self.length_max = length_max

    def fault(self, value: object) -> str | None:
        if type(value) is str and 0 < len(value) <= self.length_max and _CODE.issuperset(value):
            return None
        return f"is not {self.words()}"

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": f"^[0-9a-z_.-]{{1,{self.length_max}}}$"}

    def words(self) -> str:
        return f"code of at most {self.length_max} lower-case letters, digits and _ - ."


class Decimal:
    """A decimal number as a string, so that nobody's floats round it."""

    __slots__ = ()
    code = "decimal"

    def fault(self, value: object) -> str | None:
        if type(value) is not str:
            return "is not a decimal number in quotes"
        whole, dot, fraction = value.removeprefix("-").partition(".")
        fits = _is_digits(whole, _DECIMAL_DIGITS_MAX) and (whole == "0" or whole[0] != "0")
        if fits and (not dot or _is_digits(fraction, _FRACTION_DIGITS_MAX)):
            return None
        return "is not a decimal number like 12, -8 or 0.5"

    def schema(self) -> dict[str, object]:
        pattern = f"^-?(0|[1-9][0-9]{{0,{_DECIMAL_DIGITS_MAX - 1}}})(\\.[0-9]{{1,{_FRACTION_DIGITS_MAX}}})?$"
        return {"type": "string", "pattern": pattern}

    def words(self) -> str:
        return "decimal number as a string"


class Date:
    """A local calendar date, YYYY-MM-DD."""

    __slots__ = ()
    code = "date"

    def fault(self, value: object) -> str | None:
        return None if type(value) is str and _is_date(value) else "is not a date like 2026-03-02"

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    def words(self) -> str:
        return "date, YYYY-MM-DD"


class Instant:
    """A moment in UTC, to the second, with Z."""

    __slots__ = ()
    code = "instant"

    def fault(self, value: object) -> str | None:
        return None if type(value) is str and _is_instant(value) else "is not an instant like 2026-03-02T17:00:00Z"

    def schema(self) -> dict[str, object]:
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
        return {"type": "string", "format": "date-time", "pattern": pattern}

    def words(self) -> str:
        return "instant in UTC, YYYY-MM-DDThh:mm:ssZ"


class Week:
    """An ISO week, YYYY-Www."""

    __slots__ = ()
    code = "week"

    def fault(self, value: object) -> str | None:
        return None if type(value) is str and _is_week(value) else "is not an ISO week like 2026-W10"

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": "^[0-9]{4}-W[0-9]{2}$"}

    def words(self) -> str:
        return "ISO week, YYYY-Www"


class Currency:
    """An ISO 4217 code. The shape only: the list of currencies changes, and a log outlives it."""

    __slots__ = ()
    code = "currency"

    def fault(self, value: object) -> str | None:
        if type(value) is str and len(value) == 3 and value.isascii() and value.isalpha() and value.isupper():
            return None
        return "is not a currency code like EUR"

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": "^[A-Z]{3}$"}

    def words(self) -> str:
        return "ISO 4217 currency code"


class Bytes:
    """Bytes of a known size (or `low` to `high`) as base64url without padding; or one of `instead`'s words."""

    __slots__ = ("high", "instead", "low")
    code = "bytes"

    def __init__(self, low: int, high: int | None = None, *, instead: tuple[str, ...] = ()) -> None:
        self.low = low
        self.high = low if high is None else high
        self.instead = instead

    def fault(self, value: object) -> str | None:
        if type(value) is str and (value in self.instead or self._holds(value)):
            return None
        return f"is not {self.words()}"

    def _holds(self, text: str) -> bool:
        try:
            return self.low <= len(from_base64url(text)) <= self.high
        except ValueError:
            return False

    def schema(self) -> dict[str, object]:
        low, high = -(-self.low * 4 // 3), -(-self.high * 4 // 3)
        encoded: dict[str, object] = {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{low},{high}}}$"}
        return {"anyOf": [{"enum": list(self.instead)}, encoded]} if self.instead else encoded

    def words(self) -> str:
        size = str(self.low) if self.low == self.high else f"{self.low}..{self.high}"
        return " or ".join(
            (*(f"the word {word}" for word in self.instead), f"{size} bytes in base64url without padding")
        )


class ListOf:
    """At most `count_max` different values of one kind."""

    __slots__ = ("count_max", "count_min", "of")
    code = "list"

    def __init__(self, of: "Kind", count_max: int, *, count_min: int = 0) -> None:
        self.of = of
        self.count_max = count_max
        self.count_min = count_min

    def fault(self, value: object) -> str | None:
        if type(value) is not list:
            return "is not a list"
        if not self.count_min <= len(value) <= self.count_max:
            return f"has {len(value)} items, not {self.count_min}..{self.count_max}"
        for item in value:
            fault = self.of.fault(item)
            if fault is not None:
                return f"holds {show(item)}, which {fault}"
        # Items may be objects, which do not hash; lists are short.
        if any(item in value[:place] for place, item in enumerate(value)):
            return "names the same thing twice"
        return None

    def schema(self) -> dict[str, object]:
        bounds = {"minItems": self.count_min, "maxItems": self.count_max, "uniqueItems": True}
        return {"type": "array", "items": self.of.schema(), **bounds}

    def words(self) -> str:
        return f"list of at most {self.count_max}: {self.of.words()}"


class Record:
    """An object with these members; all of them, unless `partial` (then at least one). Others are ignored."""

    __slots__ = ("members", "partial")
    code = "record"

    def __init__(self, *, partial: bool = False, **members: "Kind") -> None:
        self.members = members
        self.partial = partial

    def fault(self, value: object) -> str | None:
        if type(value) is not dict:
            return "is not an object"
        missing = [name for name in self.members if name not in value]
        if len(missing) == len(self.members) if self.partial else missing:
            return f"has no {' or '.join(missing)}"
        for name, kind in self.members.items():
            fault = kind.fault(value[name]) if name in value else None
            if fault is not None:
                return f"has {name} {show(value[name])}, which {fault}"
        return None

    def schema(self) -> dict[str, object]:
        schema: dict[str, object] = {
            "type": "object",
            "properties": {name: kind.schema() for name, kind in self.members.items()},
        }
        return schema | ({"minProperties": 1} if self.partial else {"required": list(self.members)})

    def words(self) -> str:
        return "object of " + ", ".join(f"{name} ({kind.words()})" for name, kind in self.members.items())


class Anything:
    """An object whose own shape is declared elsewhere: a published release, by its projection version."""

    __slots__ = ()
    code = "kind"

    def fault(self, value: object) -> str | None:
        return None if type(value) is dict else "is not an object"

    def schema(self) -> dict[str, object]:
        return {"type": "object"}

    def words(self) -> str:
        return "object"


def show(value: object) -> str:
    """`value` as a message names it: short, and without anything a terminal would obey."""
    if type(value) is str:
        clean = "".join(character if character.isprintable() else "?" for character in value[:41])
    elif value is None or type(value) is bool:
        clean = {None: "null", True: "true", False: "false"}[value]
    else:
        clean = str(value)[:41] if type(value) in (int, float) else f"({_TYPE_NAMES.get(type(value), 'this')})"
    if not clean.strip():
        # A blank in a sentence is not seen.
        return f"'{clean}'"
    return clean[:40] + "…" if len(clean) > 40 else clean


def _is_digits(text: str, length_max: int) -> bool:
    return 0 < len(text) <= length_max and text.isascii() and text.isdigit()


def _is_date(text: str) -> bool:
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return False
    if not (_is_digits(text[:4], 4) and _is_digits(text[5:7], 2) and _is_digits(text[8:], 2)):
        return False
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    if not (year and 1 <= month <= 12 and 1 <= day <= _MONTH_DAYS[month - 1]):
        return False
    return (month, day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _is_instant(text: str) -> bool:
    if len(text) != 20 or text[10] != "T" or text[13] != ":" or text[16] != ":" or text[19] != "Z":
        return False
    hour, minute, second = text[11:13], text[14:16], text[17:19]
    if not all(_is_digits(part, 2) for part in (hour, minute, second)):
        return False
    # A leap second has no place on the clock that orders events.
    return _is_date(text[:10]) and int(hour) < 24 and int(minute) < 60 and int(second) < 60


def _is_week(text: str) -> bool:
    if len(text) != 8 or text[4:6] != "-W" or not (_is_digits(text[:4], 4) and _is_digits(text[6:], 2)):
        return False
    year, week = int(text[:4]), int(text[6:])
    return year > 0 and 1 <= week <= (53 if _has_53_weeks(year) else 52)


def _has_53_weeks(year: int) -> bool:
    # ISO 8601: a year has 53 weeks when it begins on a Thursday, or begins on a Wednesday and is a leap year.
    def weekday_of_31_december(of: int) -> int:
        return (of + of // 4 - of // 100 + of // 400) % 7

    return weekday_of_31_december(year) == 4 or weekday_of_31_december(year - 1) == 3


class AnyId:
    """An entity id or an event id."""

    __slots__ = ()
    code = "id"

    def fault(self, value: object) -> str | None:
        return None if ENTITY.fault(value) is None or EVENT.fault(value) is None else f"is not {self.words()}"

    def schema(self) -> dict[str, object]:
        return {"anyOf": self.schemas()}

    def schemas(self) -> list[dict[str, object]]:
        """The schema of each of the two."""
        return [ENTITY.schema(), EVENT.schema()]

    def words(self) -> str:
        return f"{ENTITY.words()} or {EVENT.words()}"


Kind = (
    Crockford
    | AnyId
    | Bool
    | Int
    | Choice
    | Text
    | Code
    | Decimal
    | Date
    | Instant
    | Week
    | Currency
    | Bytes
    | ListOf
    | Record
    | Anything
)
"""Any kind of value that a field can hold."""

ENTITY = Crockford(ENTITY_BYTES, "id")
EVENT = Crockford(EVENT_ID_BYTES, "event id")
