"""Typed texts to field values, by what the catalogue declares: what `edit` and the nouns share."""

from collections.abc import Mapping, Sequence

from milepost.catalogue import EventType, Field
from milepost.catalogue.declare import COMMON, REFS
from milepost.catalogue.kinds import ENTITY, Bool, Choice, Date, Decimal, Int, ListOf
from milepost.errors import UsageError
from milepost_client.recording.amounts import read_value
from milepost_client.recording.commands import REFERABLE, Desk
from milepost_client.recording.dates import read_date, read_minutes, read_span
from milepost_client.recording.declare import choose, read_whole

# What people call a field where the catalogue's name is longer or other.
_CALLED = {"asked": "questions", "of": "ref", "avoid": "avoided", "enjoy": "enjoyment"}
# Fields that hold ids of things, where the field has another name than the things.
_HOLDS = {
    "parent": "milestone",
    "next_goal": "goal",
    "competencies": "skill",
    "contacts": "contact",
    "key_results": "metric",
}
# Set by what they tell of.
_DERIVED = ("has_test", "has_measure", "has_agenda", "has_recap")


def editable(declared: EventType) -> list[Field]:
    """The fields that a member may change by name: not the thing's own id, no links between entries."""
    kind = declared.name.partition(".")[0]
    hidden = {kind, *_DERIVED, *(field.name for field in COMMON)}
    return [field for field in declared.fields() if field.name not in hidden]


def find_field(declared: EventType, typed: str) -> Field:
    """The field that `--typed` names, or begins. Raises UsageError listing them."""
    name = typed.replace("-", "_")
    fields = {field.name: field for field in editable(declared)}
    wanted = _CALLED.get(name, name)
    if wanted in fields:
        return fields[wanted]
    fits = [field for field in fields.values() if field.name.startswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    flags = ", ".join("--" + field.replace("_", "-") for field in fields)
    raise UsageError(f"{declared.name} has no --{typed}", code="field", field=typed, remedy=f"it has {flags}")


def read_field(desk: Desk, field: Field, text: str) -> object:
    """The value of a field as typed; empty text takes an optional field away (None)."""
    if text == "" and not field.required:
        return None
    kind = field.kind
    if kind is REFS:
        return desk.refs(text.split(","))
    if isinstance(kind, Date):
        return read_date(text, desk.today, "due", field.name).isoformat()
    if isinstance(kind, Choice):
        return choose(text, kind.options, field.name)
    if isinstance(kind, Bool):
        return choose(text, ("yes", "no"), field.name) == "yes"
    if isinstance(kind, Int):
        return _whole(desk, field, text)
    if isinstance(kind, Decimal):
        return read_value(text, field.name).value
    thing = _HOLDS.get(field.name, field.name)
    if kind is ENTITY and thing in REFERABLE:
        return desk.find((thing,), text).id
    if isinstance(kind, ListOf):
        parts = [part.strip() for part in text.split(",")]
        return [desk.find((thing,), part).id for part in parts] if thing in REFERABLE else parts
    return desk.words(text)


def _whole(desk: Desk, field: Field, text: str) -> int:
    if field.name.endswith("_days"):
        return read_days(text, desk, field.name)
    return read_minutes(text, field.name) if "minutes" in field.name else read_whole(text, field.name)


def read_days(text: str, desk: Desk, field: str) -> int:
    """A number of days: `5`, `5d` or `2w`."""
    return int(text) if text.isascii() and text.isdigit() else (read_span(text, desk.today, field) - desk.today).days


def with_derived(declared: EventType, values: Mapping[str, object]) -> dict[str, object]:
    """`values` with the flags that follow from them: a goal with a test has one."""
    names = {field.name for field in declared.fields()}
    derived = {name: values.get(name.removeprefix("has_")) is not None for name in _DERIVED if name in names}
    required = {field.name for field in declared.fields() if field.required}
    return {**values, **{name: given for name, given in derived.items() if given or name in required}}


def pairs(tokens: Sequence[str]) -> list[tuple[str, str]]:
    """`--due fri --test=x --visible` as names and texts; a flag without a value says yes.

    Raises UsageError for strays.
    """
    found: list[tuple[str, str]] = []
    rest = list(tokens)
    while rest:
        typed = rest.pop(0)
        if not typed.startswith("--") or typed == "--":
            raise UsageError(f"{typed!r} is no flag", code="extra", remedy="try: mp edit k7f --due fri")
        name, equals, value = typed[2:].partition("=")
        if not equals:
            value = rest.pop(0) if rest and not rest[0].startswith("--") else "yes"
        found.append((name, value))
    return found
