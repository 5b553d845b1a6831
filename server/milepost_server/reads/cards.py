"""The card of a member for a reader they share with by name, from the read models and the consents that stand."""

# ruff: noqa: S608 -- table names carry the version, an integer of our own; every value is bound

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from milepost.disclosure.named import Card, Received, Scope, card
from milepost.ids import EVENT_ID_BYTES, from_base32
from milepost.projections.tallies import FAMILY_OF
from milepost_server.cohort import weeks
from milepost_server.projection import generations
from milepost_server.projection.view_tables import StreamTables
from milepost_server.reads.words import Said
from milepost_server.store import Connection, cohorts, members
from milepost_server.store.members import Granted, Placed


def card_of(
    connection: Connection, placed: Placed, cohort: cohorts.Cohort, audiences: Collection[str], said: Said, today: date
) -> Card | None:
    """What a member shares by name with these audiences, or None. A consent counts for the pod its member is in."""
    granted = _granted(connection, placed, audiences, today)
    if not granted:
        return None
    version, zone = generations.live(connection).version, ZoneInfo(cohort.zone)
    scopes = [Scope(one.family, weeks.day_of(one.since, zone).isoformat(), one.until) for one in granted.values()]
    since = {family: one.since for family, one in granted.items()}
    return card(
        StreamTables(connection, version, placed.stream),
        scopes,
        _Received(connection, version, placed.stream, since).port(),
        lambda milestone: said.about(placed.stream, milestone),
    )


def _granted(connection: Connection, placed: Placed, audiences: Collection[str], today: date) -> dict[str, Granted]:
    """The consents that reach these audiences by family; of two for one family the older, with the later end."""
    found: dict[str, Granted] = {}
    for one in members.grants_of(connection, placed.stream, today.isoformat()):
        if one.audience in audiences and one.target in (placed.pod, placed.cohort):
            before = found.get(one.family, one)
            found[one.family] = one._replace(since=min(before.since, one.since), until=max(before.until, one.until))
    return found


class _Received:
    """When one member's entries were received, against the grants of their families (Unix ms)."""

    def __init__(self, connection: Connection, version: int, stream: int, since: Mapping[str, int]) -> None:
        self._connection = connection
        self._p = f"progress_v{version:d}"
        self._stream = stream
        self._since = since

    def port(self) -> Received:
        counts: dict[str, int] = {}
        for family, since in self._since.items():
            counts |= self._counts([measure for measure, of in FAMILY_OF.items() if of == family], since)
        return Received(counts, self._is_new)

    def _counts(self, measures: Sequence[str], since: int) -> dict[str, int]:
        rows = self._connection.execute(
            f"SELECT t.measure, count(*) FROM {self._p}_tally t "
            f"JOIN {self._p}_entry e ON e.stream = t.stream AND e.event_id = t.event_id "
            f"WHERE t.stream = ? AND t.measure IN ({','.join('?' * len(measures))}) AND e.received_at >= ? "
            "GROUP BY t.measure",
            (self._stream, *measures, since),
        )
        return dict(rows.fetchall())

    def _is_new(self, family: str, event: str) -> bool:
        row = self._connection.execute(
            f"SELECT received_at FROM {self._p}_entry WHERE stream = ? AND event_id = ?",
            (self._stream, from_base32(event, EVENT_ID_BYTES)),
        ).fetchone()
        return row is not None and row[0] is not None and row[0] >= self._since[family]
