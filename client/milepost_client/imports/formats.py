"""The formats by name. One is a file with a function `reading`; it is imported when it is asked for."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

from milepost.errors import UsageError
from milepost_client.imports.source import Source
from milepost_client.imports.wanted import Row


class Reading(NamedTuple):
    """A source as a format reads it: the types it may ask for, its rows anew with each call, what people should know.

    `noun` is what it calls a row, `next` the command that shows what came of it.
    """

    noun: str
    next: str
    types: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    notes: tuple[str, ...] = ()


class Format(NamedTuple):
    """A format people can name: the file that reads it, what it is, the line that imports it.

    A format of whole logs, not of rows, has no file here: `logs.py` reads them all.
    """

    name: str
    module: str
    says: str
    example: str


FORMATS = (
    Format(
        "csv",
        "spreadsheet",
        "a table: a skills audit or people, by its header",
        "mp import csv audit.csv",
    ),
    Format(
        "audit",
        "audit",
        "a skills audit: competency, current, target, method, date",
        "mp import audit skills.csv",
    ),
    Format(
        "contacts",
        "contacts",
        "people: name, class, employer, link, target list",
        "mp import contacts people.csv",
    ),
    Format(
        "taskwarrior",
        "taskwarrior",
        "tasks, as `task export` writes them",
        "task export | mp import taskwarrior -",
    ),
    Format(
        "timewarrior",
        "timewarrior",
        "time spent, as `timew export` writes it",
        "timew export | mp import timewarrior -",
    ),
    Format(
        "jsonresume",
        "resume",
        "a resume: positions, skills, credentials, projects, publications",
        "mp import jsonresume resume.json",
    ),
    Format("jsonl", "", "a whole log, as `mp export jsonl` wrote it", "mp import jsonl log.jsonl"),
    Format("bundle", "", "what another device of yours has", "mp import bundle milepost.bundle"),
)


def reading(format: Format, source: Source) -> Reading:
    """`source` as a format reads it. Raises UsageError for a source that does not fit."""
    found: Reading = import_module(f"milepost_client.imports.{format.module}").reading(source)
    return found


def format_called(name: str) -> Format:
    """The format of that name. Raises UsageError listing them where there is none."""
    for one in FORMATS:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in FORMATS)
    raise UsageError(f"there is no format {name!r}", code="format", field="format", remedy=f"it is one of {names}")
