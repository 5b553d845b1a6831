"""Who contributes to the figures of a cohort's week, and with how much: the questions of totals and releases alike.

A contributor held the consent from the week's Monday 00:00 to now. Everything is asked of a whole cohort at once.
"""

# ruff: noqa: S608 -- a table name carries the version, an integer of our own; every value is bound

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from milepost.disclosure.pods import BY_NAME
from milepost.projections.label import PROGRESS
from milepost.projections.tallies import counted
from milepost_server.cohort import weeks
from milepost_server.projection import generations
from milepost_server.store import Connection, cohorts, members, streams

Names = tuple[str, ...]


class Member(NamedTuple):
    """A member of the cohort, as its figures see them.

    `summed` are the families that may be summed for the audience asked about; `named` says of a family which audiences
    see them by name. `is_pending`: what the server has of them is not all counted yet.
    """

    stream: int
    user: bytes
    pod: str
    summed: frozenset[str]
    named: Mapping[str, Names]
    is_pending: bool


def of_week(connection: Connection, cohort: cohorts.Cohort, audience: str, week: str, now_ms: int) -> list[Member]:
    """The members of a cohort's pods, those who contribute nothing included."""
    zone = ZoneInfo(cohort.zone)
    placed = members.in_cohort(connection, cohort.stream)
    pods = {each.stream: each.pod for each in placed}
    targets = [cohort.cohort, *sorted(set(pods.values()))]
    monday_ms, today = weeks.start_ms(week, zone), weeks.day_of(now_ms, zone).isoformat()
    summed: dict[int, set[str]] = {}
    named: dict[int, dict[str, Names]] = {}
    for grant in members.grants(connection, targets, (audience, *BY_NAME), today):
        # A consent that names a pod ends with the member's place in it.
        if grant.target not in (cohort.cohort, pods.get(grant.stream)):
            continue
        if grant.audience == audience and grant.since <= monday_ms:
            summed.setdefault(grant.stream, set()).add(grant.family)
        if grant.audience in BY_NAME:
            seen = named.setdefault(grant.stream, {})
            seen[grant.family] = tuple(sorted({*seen.get(grant.family, ()), grant.audience}))
    pending = _pending(connection, min(now_ms, weeks.end_ms(week, zone)))
    return [
        Member(
            each.stream,
            each.user,
            each.pod,
            frozenset(summed.get(each.stream, ())),
            named.get(each.stream, {}),
            each.stream in pending,
        )
        for each in placed
    ]


def counts(connection: Connection, cohort: cohorts.Cohort, week: str) -> dict[int, Counter[str]]:
    """What every member was counted with in a week, by stream and measure; a member's pods of the week together."""
    found: dict[int, Counter[str]] = {}
    table = f"contribution_v{generations.live(connection).version:d}"
    rows = connection.execute(
        f"SELECT stream, measure, n FROM {table} WHERE cohort = ? AND week = ?", (cohort.cohort, week)
    )
    for stream, measure, n in rows:
        name, times = counted(measure)
        found.setdefault(stream, Counter())[name] += n * times
    return found


def pod_counts(connection: Connection, cohort: cohorts.Cohort, week: str) -> dict[tuple[int, str], Counter[str]]:
    """What every member was counted with in a week, by stream and the pod they were in when it was received."""
    found: dict[tuple[int, str], Counter[str]] = {}
    table = f"contribution_v{generations.live(connection).version:d}"
    rows = connection.execute(
        f"SELECT stream, pod, measure, n FROM {table} WHERE cohort = ? AND week = ?", (cohort.cohort, week)
    )
    for stream, pod, measure, n in rows:
        found.setdefault((stream, pod), Counter())[measure] += n
    return found


def first_week(connection: Connection, cohort: cohorts.Cohort) -> str:
    """The first week that has figures: the cohort's own, or the one in which it was opened, if that is later."""
    return max(weeks.week_of_day(cohort.start), weeks.week_of(opened_ms(connection, cohort), ZoneInfo(cohort.zone)))


def opened_ms(connection: Connection, cohort: cohorts.Cohort) -> int:
    """When the cohort was opened here: its stream begins with that."""
    row = connection.execute(
        "SELECT received_at FROM batch WHERE key > ? ORDER BY key LIMIT 1", (streams.key_of(cohort.stream, 0),)
    ).fetchone()
    return int(row[0]) if row else 0


def is_waiting(connection: Connection, until_ms: int) -> bool:
    """Whether something received before `until_ms` will be counted, and is not yet."""
    quarantined = connection.execute(
        "SELECT stream FROM quarantine WHERE projection = ? AND version = ?",
        (PROGRESS, generations.live(connection).version),
    )
    return bool(_pending(connection, until_ms) - {stream for (stream,) in quarantined})


def _pending(connection: Connection, until_ms: int) -> set[int]:
    """Streams of which something received before `until_ms` is not counted; one in quarantine is such a stream."""
    version = generations.live(connection).version
    found = {n for (n,) in connection.execute(f"SELECT DISTINCT stream FROM progress_v{version:d}_touched")}
    behind = connection.execute(
        "SELECT s.n, coalesce(c.position, 0) FROM stream s "
        "LEFT JOIN checkpoint c ON c.stream = s.n AND c.projection = ? AND c.version = ? "
        "WHERE s.kind = ? AND s.head > coalesce(c.position, 0)",
        (PROGRESS, version, streams.MEMBER),
    ).fetchall()
    for n, position in behind:
        first, last = streams.key_of(n, position), streams.key_of(n + 1, 0)
        row = connection.execute(
            "SELECT 1 FROM batch WHERE key > ? AND key < ? AND key + last_seq - first_seq > ? AND received_at < ? "
            "LIMIT 1",
            (streams.key_of(n, 0), last, first, until_ms),
        ).fetchone()
        if row is not None:
            found.add(n)
    return found
