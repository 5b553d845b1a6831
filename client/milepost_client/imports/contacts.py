"""People in a table: name, class, employer, link, target list. An address book's first and last name will do."""

from milepost.catalogue.people import CONTACT_CLASS
from milepost_client.imports import cells, tables
from milepost_client.imports.formats import Reading
from milepost_client.imports.source import Source
from milepost_client.imports.tables import Header, Names, Record
from milepost_client.imports.wanted import CellRefused, Wanted, thing

# As the address book of Google writes it.
_COMPANIES = ("organization name", "organization 1 - name")
NAME, FIRST, LAST = "name", "first name", "last name"
COLUMNS: Names = {
    NAME: ("contact", "full name", "person", "who"),
    FIRST: ("given name", "firstname"),
    LAST: ("family name", "surname", "lastname"),
    "class": ("kind", "type", "relationship"),
    "employer": ("company", "organisation", "organization", "where", *_COMPANIES),
    "link": ("url", "profile", "linkedin", "website", "profile url"),
    "target": ("target list", "on target list", "targeted"),
    "on": ("date", "added on", "connected on", "met on"),
}
TYPES = ("contact.added",)
_CLASSES = {
    "target": "target_role",
    "manager": "hiring_manager",
    "my_manager": "own_manager",
    "boss": "own_manager",
    "colleague": "peer",
    "developer": "engineer",
}


def reading(source: Source) -> Reading:
    """The people in a table. Raises UsageError where there is no header."""
    header = tables.header_of(source, COLUMNS, NAME) or tables.header_of(source, COLUMNS, FIRST)
    if header is None:
        raise tables.no_header(source, COLUMNS)
    return read_with(source, header)


def read_with(source: Source, header: Header) -> Reading:
    """The people in a table whose header is known."""
    dated = tables.with_days(source, header, ("on",))
    return Reading(
        "row", "mp contact list", TYPES, lambda: tables.rows(source, dated, _name, _wanted), tables.notes(dated)
    )


def _name(record: Record) -> str:
    return record.get(NAME) or " ".join(filter(None, (record.get(FIRST), record.get(LAST))))


def _wanted(record: Record) -> tuple[Wanted, ...]:
    name = _name(record)
    if not name:
        title = record.title(NAME if NAME in record.header.columns else FIRST)
        raise CellRefused(title, "missing", f"{title} is empty", "name the person")
    values = {
        "class": cells.choice(record.get("class"), record.title("class"), CONTACT_CLASS.options, _CLASSES) or "other",
        "on_target_list": cells.yes(record.get("target"), record.title("target")),
        "name": name,
        "employer": record.get("employer") or None,
        "link": record.get("link") or None,
    }
    on = record.day("on")
    contact = thing("contact.added", values)
    return (Wanted("contact.added", on, {"contact": contact, **values}, record.header.titles),)
