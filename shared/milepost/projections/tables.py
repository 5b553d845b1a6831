"""The port to the tables of one member's projection; SQLite at both ends, plain dictionaries in tests.

All calls of one `apply` or `resolve` run inside one transaction of the caller, together with the checkpoint.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from milepost.projections.rows import Entry, Row, Write
from milepost.projections.tallies import Tally


class Resolved(NamedTuple):
    """An entity as its rows say it. `view` is canonical JSON, None when nothing stands: the entity is not there.

    `standing` and `due` are what lists filter and sort by, `name` what it is looked up by; `notices` says whether the
    inbox lists it, `tallies` what it adds to contributions.
    """

    entity: str
    view: bytes | None
    digest: bytes | None
    standing: str | None
    due: str | None
    name: str | None
    notices: int = 0
    tallies: tuple[Tally, ...] = ()


class Tables(Protocol):
    """Rows, entries and resolved views of one stream."""

    def entries(self, ids: Collection[bytes]) -> dict[bytes, Entry]:
        """What is known of these events; unknown ones are left out."""

    def put_entries(self, entries: Iterable[Entry]) -> None:
        """Store entries, replacing older ones of the same id."""

    def put_rows(self, rows: Sequence[Row]) -> None:
        """Add rows; those already there are left as they are."""

    def drop_rows(self, event_id: bytes, entities: Iterable[str]) -> None:
        """Remove an event's rows."""

    def writes(self, entity: str) -> list[Write]:
        """An entity's rows with their entries, in any order."""

    def writes_of(self, entities: Sequence[str]) -> dict[str, list[Write]]:
        """The rows of many entities; those that have none are left out."""

    def touch(self, entities: Iterable[str]) -> None:
        """Note entities whose view has to be resolved again."""

    def touched(self, limit: int) -> list[str]:
        """Up to `limit` entities that wait to be resolved."""

    def settled(self, entities: Iterable[str]) -> dict[str, bytes | None]:
        """The views (None: there is none) of those entities that do not wait to be resolved."""

    def put_views(self, resolved: Sequence[Resolved]) -> None:
        """Store views (or remove them, where nothing stands), and take the entities off the waiting list."""
