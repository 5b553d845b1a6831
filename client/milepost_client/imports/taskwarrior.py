"""Tasks as `task export` writes them: each is a small goal, under an id made of its own random UUID.

Done tasks are goals done, deleted ones dropped. A project or tag that is the name of something here becomes what the
goal hangs off; `learning` and `visible` are told by tags of those names. Annotations are kept as notes. Importing again
after more was done in Taskwarrior adds what is new.
"""

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from milepost.ids import base32
from milepost_client.imports.cells import shown
from milepost_client.imports.elements import Element, rows_of
from milepost_client.imports.formats import Reading
from milepost_client.imports.instants import instant
from milepost_client.imports.source import Source
from milepost_client.imports.wanted import CellRefused, Mention, Row, Wanted

TYPES = ("goal.set", "goal.closed", "reflection.written")
_RESULTS = {"completed": "done", "deleted": "dropped"}
_OPEN = ("pending", "waiting")
_ESTIMATE = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:\d+S)?)?")
_REFS_MAX = 32
_LEFT_OUT = "no place here: priorities, dependencies, days to wait until or to begin on, fields of your own"

Task = Element


def reading(source: Source) -> Reading:
    """The tasks of an export."""
    return Reading("task", "mp goal list", TYPES, lambda: _rows(source), (_LEFT_OUT,))


def _rows(source: Source) -> Iterator[Row]:
    return rows_of(source, "task", "task export", lambda task: str(task.get("description") or ""), _row)


def _row(place: str, label: str, task: Task) -> Row:
    status = task.get("status")
    if status == "recurring":
        # Its tasks are in the export too, each with a day of its own.
        return Row(place, label, passed_over="a template: the tasks made from it are imported")
    if not isinstance(status, str) or status not in (*_RESULTS, *_OPEN):
        raise CellRefused(
            "status", "choice", f"status {shown(str(status))} is none of Taskwarrior's", "export it again"
        )
    goal = _goal_id(task)
    return Row(place, label, (_set(goal, task), *_closed(goal, task), *_notes(label, task)))


def _goal_id(task: Task) -> str:
    """An id of 80 random bits: those of the UUID that are drawn, and not the ones that say its version."""
    try:
        uuid = UUID(task["uuid"]).bytes
    except (KeyError, ValueError, TypeError, AttributeError):
        raise CellRefused("uuid", "uuid", "uuid is missing or is none", "export it again: task export") from None
    return base32(uuid[:6] + uuid[-4:])


def _set(goal: str, task: Task) -> Wanted:
    tags = _texts(task.get("tags"))
    mentions = dict.fromkeys((*_texts([task.get("project")]), *tags))
    values = {
        "goal": goal,
        "ref": tuple(Mention(name) for name in list(mentions)[:_REFS_MAX]),
        "due": instant(task["due"], "due").day.isoformat() if "due" in task else None,
        "estimate_minutes": _estimate(task.get("estimate")),
        "learning": "learning" in tags,
        "visible": "visible" in tags,
        "has_test": False,
        "text": task.get("description"),
    }
    return Wanted(
        "goal.set", _day(task, "entry"), values, {"text": "description", "estimate_minutes": "estimate", "on": "entry"}
    )


def _closed(goal: str, task: Task) -> Iterator[Wanted]:
    result = _RESULTS.get(task["status"])
    if result is not None:
        yield Wanted("goal.closed", _day(task, "end"), {"goal": goal, "result": result}, {"on": "end"})


def _notes(label: str, task: Task) -> Iterator[Wanted]:
    annotations = task.get("annotations")
    for one in annotations if isinstance(annotations, list) else ():
        if isinstance(one, dict) and one.get("description"):
            text = f"{label}: {one['description']}"
            yield Wanted(
                "reflection.written", _day(one, "entry"), {"prompt": "free", "text": text}, {"text": "annotations"}
            )


def _estimate(value: object) -> int | None:
    """Minutes of an `estimate` that is a duration; a bare number does not say of what, and is left out."""
    found = _ESTIMATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return (days * 24 + hours) * 60 + minutes or None


def _day(task: Task, column: str) -> date | None:
    return instant(task[column], column).day if column in task else None


def _texts(values: object) -> list[str]:
    return [value for value in values if isinstance(value, str) and value] if isinstance(values, list) else []
