"""The catalogue: types by name, values to parts, parts to entries.

Reading never raises: what this build does not know is `Unknown`, kept and relayed byte for byte elsewhere, and read
after an upgrade. A catalogue is a value, so that a test can hold yesterday's beside today's; `INSTALLED` is this
build's. Standard library only: the append path imports this, and loads the family of the one type it appends.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module

from milepost.catalogue.declare import EventType, Field, Violation, violations_of
from milepost.catalogue.index import FAMILY_MODULES, MODULES_BY_NOUN
from milepost.catalogue.parts import UnreadablePart, read_part, write_part
from milepost.catalogue.upcast import UPCASTERS, CannotUpcast, Upcaster, upcast
from milepost.event import FACTS_BYTES_MAX, PRIVATE_BYTES_MAX, TYPE_BYTES_MAX
from milepost.light import NamedTuple

SEALED_TYPE = "entry.sealed"
"""The type that stands in the header of an entry whose true type is private."""
SEALED_VERSION = 1


class Encoded(NamedTuple):
    """What goes into an event: type and version of the header, and the text of each part (None: no part)."""

    type: str
    version: int
    facts: bytes | None
    private: bytes | None


class Entry(NamedTuple):
    """An entry as this build understands it.

    `type` is the true type; only a sealed entry whose private part is not at hand is still called `entry.sealed`. A
    part is None when it is not at hand (erased, under a key we lack, or never here); it holds declared fields only, for
    what a newer build added stays in the bytes. `written_version` is the author's. `fault` says why the private part,
    though here, cannot be read. Nothing is checked yet: see `Catalogue.violations`.
    """

    type: str
    version: int
    facts: dict[str, object] | None
    private: dict[str, object] | None
    written_version: int = 1
    fault: str | None = None


class Unknown(NamedTuple):
    """An entry from a newer Milepost, or one whose JSON nobody can read; `reason` says which."""

    type: str
    version: int
    reason: str


class Catalogue:
    """A set of declarations, with the upcasters that lead to them."""

    def __init__(self, types: Iterable[EventType], upcasters: tuple[Upcaster, ...] = ()) -> None:
        self._types = {declared.name: declared for declared in types}
        self._upcasters = upcasters

    def get(self, name: str) -> EventType | None:
        """The declaration of `name`, or None if this build has none."""
        return self._types.get(name)

    def types(self) -> Iterator[EventType]:
        """Every declaration, family by family."""
        yield from self._types.values()

    def _declared(self, name: str) -> EventType:
        declared = self.get(name)
        if declared is None:
            raise KeyError(f"no type is called {name}")
        return declared

    def draft(self, name: str, values: Mapping[str, object]) -> Entry:
        """`values` laid out as an entry to check and append; a value of None counts as not given.

        Raises KeyError for a type or a field that is not declared: a mistake in the calling code, not of its user.
        """
        declared = self._declared(name)
        given = {field: value for field, value in values.items() if value is not None}
        stray = given.keys() - {field.name for field in declared.fields()}
        if stray:
            raise KeyError(f"{name} has no field {', '.join(sorted(stray))}")
        facts = {field.name: given[field.name] for field in declared.facts if field.name in given}
        private = {field.name: given[field.name] for field in declared.private if field.name in given}
        return Entry(name, declared.version, facts, private, declared.version)

    def encode(self, name: str, values: Mapping[str, object]) -> Encoded:
        """The parts of an entry of type `name`, and what its header says. Check first: values are taken as they are.

        Raises KeyError like `draft`.
        """
        return self.encode_entry(self.draft(name, values))

    def encode_entry(self, entry: Entry) -> Encoded:
        """The parts of `entry`, which came from `draft`."""
        if self._declared(entry.type).sealed:
            text = write_part({"type": entry.type, "version": entry.version, "private": entry.private or {}})
            return Encoded(SEALED_TYPE, SEALED_VERSION, None, text)
        private = write_part(entry.private) if entry.private else None
        return Encoded(entry.type, entry.version, write_part(entry.facts or {}), private)

    def decode(self, type: str, version: int, facts: bytes | None, private: bytes | None) -> Entry | Unknown:
        """The entry that header and parts say. Total: any bytes give an `Entry` or an `Unknown`."""
        if type == SEALED_TYPE:
            return self._unseal(version, private)
        declared = self.get(type)
        if declared is None:
            return Unknown(type, version, f"no type {type} is known")
        if declared.sealed:
            return Unknown(type, version, f"{type} stands in a header, where it may only travel sealed")
        try:
            known = None if facts is None else read_part(facts)
        except UnreadablePart as unreadable:
            return Unknown(type, version, f"facts: {unreadable}")
        text, fault = _read_private(private)
        return self._entry(declared, version, known, text, fault)

    def _unseal(self, version: int, private: bytes | None) -> Entry | Unknown:
        if version != SEALED_VERSION:
            return Unknown(SEALED_TYPE, version, f"{SEALED_TYPE} of version {version}")
        if private is None:
            return Entry(SEALED_TYPE, version, None, None)
        try:
            sealed = read_part(private)
        except UnreadablePart as unreadable:
            return Unknown(SEALED_TYPE, version, f"private: {unreadable}")
        match sealed:
            case {"type": str(name), "version": int(inner), "private": dict(text)} if inner is not True:
                declared = self.get(name)
            case _:
                return Unknown(SEALED_TYPE, version, "private: names no type, version and private part")
        if declared is None or not declared.sealed:
            return Unknown(name, inner, f"no sealed type {name} is known")
        return self._entry(declared, inner, None, text, None)

    def _entry(
        self,
        declared: EventType,
        version: int,
        facts: dict[str, object] | None,
        private: dict[str, object] | None,
        fault: str | None,
    ) -> Entry | Unknown:
        if not 0 < version <= declared.version:
            reason = f"{declared.name} of version {version}, this build knows {declared.version}"
            return Unknown(declared.name, version, reason)
        if version < declared.version:
            try:
                facts, private = upcast(self._upcasters, declared.name, version, declared.version, (facts, private))
            except CannotUpcast as error:
                return Unknown(declared.name, version, str(error))
        known, text = _declared_only(declared.facts, facts), _declared_only(declared.private, private)
        return Entry(declared.name, declared.version, known, text, version, fault)

    def violations(
        self,
        name: str,
        version: int,
        facts: Mapping[str, object] | None,
        private: Mapping[str, object] | None,
    ) -> list[Violation]:
        """What is wrong with the shape of an entry, needing nothing but the entry; the same on every replica.

        A part of None is not at hand and not judged; an empty one is judged. Fields nobody declared are no violation.
        A type or version that this build does not know is one, for whoever wants to append it.
        """
        declared = self.get(name)
        if declared is None or version != declared.version:
            return [_unknown_type(name, version)]
        found = [] if facts is None or declared.sealed else violations_of(declared, facts, private=False)
        if private is not None:
            found += violations_of(declared, private, private=True)
        if facts is not None and private is not None and not found:
            found += _across(declared, {**facts, **private})
        return found


class _Installed(Catalogue):
    """This build's catalogue: each family's file is imported when one of its types is first asked for."""

    def __init__(self) -> None:
        super().__init__((), UPCASTERS)
        self._loaded: set[str] = set()

    def get(self, name: str) -> EventType | None:
        found = self._types.get(name)
        if found is None:
            self._load(MODULES_BY_NOUN.get(name.partition(".")[0], FAMILY_MODULES))
            found = self._types.get(name)
        return found

    def types(self) -> Iterator[EventType]:
        self._load(FAMILY_MODULES)
        for module in FAMILY_MODULES:
            yield from import_module(f"milepost.catalogue.{module}").TYPES

    def _load(self, modules: Iterable[str]) -> None:
        for module in modules:
            if module not in self._loaded:
                self._types.update((one.name, one) for one in import_module(f"milepost.catalogue.{module}").TYPES)
                self._loaded.add(module)


def oversize(encoded: Encoded) -> list[Violation]:
    """The limits of format 1 (log.md) that `encoded` is over."""
    sizes = (
        ("type", len(encoded.type.encode()), TYPE_BYTES_MAX),
        ("facts", len(encoded.facts or b""), FACTS_BYTES_MAX),
        ("private", len(encoded.private or b""), PRIVATE_BYTES_MAX),
    )
    return [
        Violation(part, f"{part}_size", f"{part} of {size} bytes is over {limit}", _SHORTER[part], part == "private")
        for part, size, limit in sizes
        if size > limit
    ]


_SHORTER = {
    "type": "use the type's own name, like goal.set",
    "facts": "name fewer things in one entry, and the rest in a second",
    "private": "split the text over two entries, or keep it in a file and link to it",
}


def _declared_only(fields: Iterable[Field], part: dict[str, object] | None) -> dict[str, object] | None:
    return None if part is None else {field.name: part[field.name] for field in fields if field.name in part}


def _read_private(raw: bytes | None) -> tuple[dict[str, object] | None, str | None]:
    if raw is None:
        return None, None
    try:
        return read_part(raw), None
    except UnreadablePart as unreadable:
        return None, str(unreadable)


def _unknown_type(name: str, version: int) -> Violation:
    message = f"type {name} of version {version} is not known"
    return Violation("type", "type_unknown", message, "see: mp help events", private=False)


def _across(declared: EventType, values: Mapping[str, object]) -> Iterator[Violation]:
    for rule in declared.across:
        if (broken := rule.fault(values)) is not None:
            yield Violation(broken[0], rule.code, broken[1], f"try: {declared.usage}", declared.is_private(broken[0]))


INSTALLED = _Installed()
