"""Queries over the read models: what HTTP and the socket ask. Read only, each on one snapshot."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from milepost import disclosure
from milepost.disclosure import BY_NAME, POD_TOTAL, Figure, Share
from milepost.projections.asof import AsOf
from milepost.projections.calendar import day_number
from milepost.projections.digest import ViewDigest, view_digest
from milepost.projections.label import PROGRESS
from milepost.projections.progress import Progress, progress
from milepost.projections.tallies import FAMILY_OF
from milepost.sync import messages as m
from milepost_server import generations, roster
from milepost_server.projector import iso_week
from milepost_server.store import Connection, cohorts, control, streams
from milepost_server.view_tables import StreamTables


class Behind(NamedTuple):
    """How far a stream's views are. `is_pending`: events or entities still wait, or the stream is in quarantine."""

    position: int
    is_pending: bool


class PodSummary(NamedTuple):
    """A pod's totals for one week, as one reader may see them. Never says how many contribute."""

    pod: str
    week: str
    figures: dict[str, Figure]


def behind(connection: Connection, stream: streams.Stream) -> Behind:
    """How far the live views of a stream are."""
    version = generations.live(connection).version
    row = connection.execute(
        "SELECT position FROM checkpoint WHERE stream = ? AND projection = ? AND version = ?",
        (stream.n, PROGRESS, version),
    ).fetchone()
    position = row[0] if row else 0
    is_waiting = StreamTables(connection, version, stream.n).is_waiting()
    return Behind(position, position < stream.head or is_waiting)


def progress_of(connection: Connection, stream: streams.Stream, today: date, as_of: date | None = None) -> Progress:
    """A member's own progress, today or as of a day."""
    tables = StreamTables(connection, generations.live(connection).version, stream.n)
    shelf = tables if as_of is None else AsOf(tables.entities(), day_number(as_of))
    return progress(shelf, as_of or today)


def digests(connection: Connection, stream: streams.Stream) -> Sequence[ViewDigest]:
    """The digest of a member's views, if they are up to date: nothing else could be compared."""
    found = behind(connection, stream)
    if found.is_pending:
        return ()
    live = generations.live(connection)
    tables = StreamTables(connection, live.version, stream.n)
    return (view_digest(live.label(found.position), tables.total()),)


def digest_messages(connection: Connection, stream: streams.Stream) -> Sequence[m.ViewDigest]:
    """`digests` as the socket sends them."""
    return [m.ViewDigest(*found.label, found.digest) for found in digests(connection, stream)]


def pod_summary(connection: Connection, pod: cohorts.Pod, reader: bytes, now_ms: int) -> PodSummary:
    """The totals of the newest week in which the pod's members had something counted, as `reader` may see them."""
    cohort = cohorts.cohort_of(connection, pod.stream)
    zone = ZoneInfo(cohort.zone if cohort else "UTC")
    week = _newest_week(connection, pod.pod) or iso_week(now_ms, zone)
    today = datetime.fromtimestamp(now_ms / 1000, zone).date().isoformat()
    shares = [_share(connection, pod.pod, member.user, week, today) for member in roster.members(connection, pod.pod)]
    figures = {measure: disclosure.pod_total(measure, family, shares, reader) for measure, family in FAMILY_OF.items()}
    return PodSummary(pod.pod, week, figures)


def _newest_week(connection: Connection, pod: str) -> str | None:
    table = f"contribution_v{generations.live(connection).version:d}"
    week: str | None = connection.execute(f"SELECT max(week) FROM {table} WHERE pod = ?", (pod,)).fetchone()[0]  # noqa: S608
    return week


def _share(connection: Connection, pod: str, user: bytes, week: str, today: str) -> Share:
    """What one member adds to the week, and what they let be done with it. Consent is read where it was applied."""
    stream = streams.find(connection, user)
    if stream is None:
        return Share(user, {}, (), ())
    table = f"contribution_v{generations.live(connection).version:d}"
    rows = connection.execute(
        f"SELECT measure, n FROM {table} WHERE stream = ? AND pod = ? AND week = ?",  # noqa: S608
        (stream.n, pod, week),
    )
    granted = [
        consent
        for consent in control.consents(connection, stream)
        if consent.scope == "pod" and consent.target == pod and consent.until >= today
    ]
    return Share(
        member=user,
        measures=dict(rows.fetchall()),
        summed={consent.family for consent in granted if consent.audience == POD_TOTAL},
        named={consent.family for consent in granted if consent.audience in BY_NAME},
        is_pending=behind(connection, stream).is_pending,
    )
