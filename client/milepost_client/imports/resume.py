"""A resume in the JSON Resume format: positions, skills, credentials, what was made and what was published.

A day that is known to the month, or the year, is its first where something begins and its last where it ends. Sections
that have no place here are named, not dropped in silence.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from json import loads
from typing import Any

from milepost.errors import UsageError
from milepost_client.imports.cells import shown
from milepost_client.imports.formats import Reading
from milepost_client.imports.source import Source
from milepost_client.imports.wanted import CellRefused, Row, Wanted, thing

TYPES = (
    "position.recorded",
    "skill.named",
    "credential.earned",
    "artifact.added",
    "narrative.published",
)
RESUME_LENGTH_MAX = 1 << 22
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?")

Item = Mapping[str, Any]


def reading(source: Source) -> Reading:
    """The sections of a resume. Raises UsageError for a file that is none."""
    resume = _resume(source)
    rest = [
        name for name, items in resume.items() if items and name not in _SECTIONS and name not in ("$schema", "meta")
    ]
    notes = (f"no place here: {', '.join(rest)}",) if rest else ()
    return Reading("item", "mp timeline", TYPES, lambda: _rows(resume), notes)


def _resume(source: Source) -> Mapping[str, object]:
    with source.text() as text:
        try:
            resume = loads(text.read(RESUME_LENGTH_MAX))
        except (ValueError, RecursionError) as error:
            reason = str(error)
            resume = None
        else:
            reason = "it holds no object"
    if not isinstance(resume, dict):
        raise UsageError(
            f"{source.name} is not a JSON resume: {reason}",
            code="not_json",
            field="file",
            remedy="see: https://jsonresume.org/schema",
        )
    return resume


def _rows(resume: Mapping[str, object]) -> Iterator[Row]:
    for section, (label, read) in _SECTIONS.items():
        items = resume.get(section) or []
        if not isinstance(items, list):
            yield CellRefused("", "section", "it is no list", "see: https://jsonresume.org/schema").row(section, "")
            continue
        for number, item in enumerate(items, 1):
            place = f"{section} {number}"
            if not isinstance(item, dict):
                yield CellRefused("", "item", "it is no object", "see: https://jsonresume.org/schema").row(place, "")
                continue
            named = str(item.get(label) or "")
            try:
                yield Row(place, named, (read(item),))
            except CellRefused as refused:
                yield refused.row(place, named)


def _position(kind: str, employer: str, title: Callable[[Item], str]) -> Callable[[Item], Wanted]:
    def read(item: Item) -> Wanted:
        start = _day(item, "startDate", ends=False)
        if start is None:
            raise CellRefused("startDate", "missing", "startDate is missing", "say when it began: 2019-09")
        end = _day(item, "endDate", ends=True)
        highlights = item.get("highlights")
        values = {
            "kind": kind,
            "start": start.isoformat(),
            "end": end and end.isoformat(),
            "employer": _text(item, employer),
            "title": title(item),
            "highlights": [text for text in highlights if text]
            if isinstance(highlights, list) and highlights
            else None,
        }
        columns = {"start": "startDate", "end": "endDate", "employer": employer, "title": "position"}
        return Wanted("position.recorded", None, {"position": thing("position.recorded", values), **values}, columns)

    return read


def _job_title(item: Item) -> str:
    title = _text(item, "position")
    if title is None:
        raise CellRefused("position", "missing", "position is missing", "say as what")
    return title


def _study_title(item: Item) -> str:
    title = " ".join(filter(None, (_text(item, "studyType"), _text(item, "area"))))
    if not title:
        raise CellRefused("area", "missing", "area is missing", "say what was studied")
    return title


def _named(type_: str, field: str, label: str, more: Callable[[Item], Item], day: str = "") -> Callable[[Item], Wanted]:
    """Reads an item that is told from others by its name."""

    def read(item: Item) -> Wanted:
        name = _text(item, label)
        if name is None:
            raise CellRefused(label, "missing", f"{label} is missing", "name it")
        values = {field: name, **more(item)}
        named = thing(type_, values)
        on = _day(item, day, ends=False) if day else None
        return Wanted(type_, on, {named.kind: named, **values}, {field: label, "link": "url", "on": day})

    return read


def _made(item: Item) -> Item:
    return {"kind": "other", "public": _text(item, "url") is not None, "link": _text(item, "url")}


_SECTIONS: dict[str, tuple[str, Callable[[Item], Wanted]]] = {
    "work": ("position", _position("job", "name", _job_title)),
    "volunteer": ("position", _position("temporary", "organization", _job_title)),
    "education": ("institution", _position("study", "institution", _study_title)),
    "skills": ("name", _named("skill.named", "label", "name", lambda _: {})),
    "certificates": (
        "name",
        _named(
            "credential.earned",
            "name",
            "name",
            lambda item: {"issuer": _text(item, "issuer"), "link": _text(item, "url")},
            "date",
        ),
    ),
    "projects": ("name", _named("artifact.added", "title", "name", _made, "endDate")),
    "publications": (
        "name",
        _named(
            "narrative.published",
            "title",
            "name",
            lambda item: {"kind": "article", "link": _text(item, "url")},
            "releaseDate",
        ),
    ),
}


def _text(item: Item, column: str) -> str | None:
    """A text; None where it is missing or empty."""
    value = item.get(column)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise CellRefused(column, "text", f"{column} is no text", 'write it in quotes: "..."')
    return value


def _day(item: Item, column: str, *, ends: bool) -> date | None:
    text = _text(item, column)
    if text is None:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError("not of that form")
        year, month = int(found[1]), int(found[2] or (12 if ends else 1))
        return date(year, month, int(found[3] or (monthrange(year, month)[1] if ends else 1)))
    except ValueError:
        raise CellRefused(column, "date", f"{column} {shown(text)} is not a date", "write it as 2026-03") from None
