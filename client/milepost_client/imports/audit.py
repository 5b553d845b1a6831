"""A skills audit as people keep it in a spreadsheet: competency, current, target, method, date.

`date` is the day the target should be reached, as the practice has it; in a table without targets it is the day of the
rating. A method in words of one's own is kept as the resource.
"""

from collections.abc import Iterator

from milepost.catalogue.skills import METHOD
from milepost_client.imports import cells, tables
from milepost_client.imports.formats import Reading
from milepost_client.imports.source import Source
from milepost_client.imports.tables import Header, Names, Record
from milepost_client.imports.wanted import CellRefused, Thing, Wanted, thing
from milepost_client.recording.seen import fold_case

NAME = "competency"
COLUMNS: Names = {
    NAME: ("skill", "competence", "ability", "skill name", "skills", "competencies"),
    "current": ("rating", "level", "now", "score", "current rating", "current level", "current score", "self rating"),
    "target": ("goal", "wanted", "target rating", "target level", "target score", "desired", "desired level"),
    "method": ("how", "learning method", "development method"),
    "date": ("completion date", "day"),
    "by": ("due", "due date", "deadline", "target date", "reach by"),
    "on": ("rated on", "assessed on", "audit date", "date rated"),
    "resource": ("course", "link", "learning resource"),
    "note": ("notes", "evidence", "comment", "comments"),
}
DAYS = ("date", "by", "on")
TYPES = ("skill.named", "skill.rated", "skill.targeted")
_METHODS = {
    "online_course": "course",
    "class": "course",
    "project": "internal_project",
    "practise": "practice",
    "on_the_job": "practice",
    "peers": "peer",
    "mentoring": "mentor",
    "mentorship": "mentor",
}


def reading(source: Source) -> Reading:
    """The audit in a table. Raises UsageError where there is no header."""
    header = tables.header_of(source, COLUMNS, NAME)
    if header is None:
        raise tables.no_header(source, COLUMNS)
    return read_with(source, header)


def read_with(source: Source, header: Header) -> Reading:
    """The audit in a table whose header is known."""
    dated = tables.with_days(source, header, DAYS)
    return Reading(
        "row", "mp skill list --gaps", TYPES, lambda: tables.rows(source, dated, _label, _wanted), tables.notes(dated)
    )


def _label(record: Record) -> str:
    return record.get(NAME)


def _wanted(record: Record) -> tuple[Wanted, ...]:
    label = _label(record)
    if not label:
        raise CellRefused(record.title(NAME), "missing", f"{record.title(NAME)} is empty", "name the skill")
    named = {"label": label}
    skill = thing("skill.named", named)
    naming = Wanted("skill.named", None, {"skill": skill, **named}, {"label": record.title(NAME)})
    return (naming, *_rated(record, skill), *_targeted(record, skill))


def _rated(record: Record, skill: Thing) -> Iterator[Wanted]:
    on = record.day("on") or (None if "target" in record.header.columns else record.day("date"))
    rating = cells.whole(record.get("current"), record.title("current"))
    if rating is not None:
        values = {"skill": skill, "rating": rating, "basis": "self", "note": record.lines("note") or None}
        yield Wanted("skill.rated", on, values, {"rating": record.title("current"), "on": record.title("on")})


def _targeted(record: Record, skill: Thing) -> Iterator[Wanted]:
    if "target" not in record.header.columns:
        return
    column = "by" if record.get("by") else "date"
    by, target = record.day(column), cells.whole(record.get("target"), record.title("target"))
    if target is None:
        if by is not None:
            title = record.title(column)
            message = f"{title} {by.isoformat()} belongs to a target, and there is none"
            raise CellRefused(title, "target_missing", message, f"fill in {record.title('target')}")
        return
    method, resource = _method(record)
    values = {
        "skill": skill,
        "target": target,
        "by": by and by.isoformat(),
        "method": method,
        "resource": resource,
    }
    yield Wanted("skill.targeted", None, values, {"target": record.title("target"), "by": record.title(column)})


def _method(record: Record) -> tuple[str | None, str | None]:
    """The method of the list that the cell names or holds, and the words that say more than that."""
    typed, resource = record.get("method"), record.get("resource")
    word = "_".join(fold_case(typed).replace("-", " ").split())
    found = _METHODS.get(word, word)
    if found in METHOD.options:
        return found, resource or None
    held = [option for option in METHOD.options if option.replace("_", " ") in fold_case(typed)]
    return (held[0] if held else None), "; ".join(filter(None, (typed, resource))) or None
