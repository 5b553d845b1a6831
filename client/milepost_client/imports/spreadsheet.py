"""A table of either kind: its header says whether it is a skills audit or people."""

from milepost_client.imports import audit, contacts, tables
from milepost_client.imports.formats import Reading
from milepost_client.imports.source import Source


def reading(source: Source) -> Reading:
    """The table as the kind whose columns it names more of. Raises UsageError where it names none of either."""
    skills = tables.header_of(source, audit.COLUMNS, audit.NAME)
    people = tables.header_of(source, contacts.COLUMNS, contacts.NAME) or tables.header_of(
        source, contacts.COLUMNS, contacts.FIRST
    )
    if people and len(people.columns) > len(skills.columns if skills else ()):
        return contacts.read_with(source, people)
    if skills:
        return audit.read_with(source, skills)
    raise tables.no_header(source, {**audit.COLUMNS, **contacts.COLUMNS})
