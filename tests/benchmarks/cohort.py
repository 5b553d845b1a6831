"""The release of a cohort of thousands, over rows: what it is put together from, without the months that led to it."""

import random
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from milepost.projections.tallies import FAMILY_OF
from milepost_server.cohort import weeks
from milepost_server.figures import releases, totals
from milepost_server.projection import generations
from milepost_server.store import Connection, cohorts, members, sqlite
from tests.benchmarks.measure import Figure, Goal, Sample, Stopwatch
from tests.benchmarks.workshop import Workshop
from tests.support.histories import some_id

SEED = 20_260_105
POD_SIZE = 4
WEEKS = 4
COHORT, STREAM = some_id("cohort", 1), 1
ZONE = "Europe/Berlin"
WEEK = "2026-W26"
MEASURES = (
    *FAMILY_OF,
    *(f"{kind}:sql" for kind in ("rated", "rose")),
    "rated_before:sql*2",
    "rated_after:sql*3",
    "outcome:referral*2",
)
# 100,000 events, the usual history, stand for 10,000 members.
EVENTS_A_MEMBER = 10
FAMILIES = ("progress", "rhythm", "skills", "people", "evidence", "outcomes")


RELEASE = Figure(
    "release",
    "pod totals and release of a cohort (10,000 members at 100,000 events)",
    "one `SELECT sum(n) ... GROUP BY measure` over the week's contributions",
    "ms",
    Goal(100, is_ceiling=True),
)


def release(shop: Workshop) -> Iterator[Sample]:
    """A Monday morning, in turns with the sum that knows nobody's consent."""
    connection = fill(shop.path("cohort"), max(1, shop.events // EVENTS_A_MEMBER))
    now_ms = weeks.release_ms(WEEK, ZoneInfo(ZONE))
    for _ in range(shop.rounds):
        ours, floor = Stopwatch(), Stopwatch()
        with ours.running():
            totals.add_up(connection, cohort(connection), now_ms)
            releases.draft(connection, cohort(connection), WEEK, now_ms)
        with floor.running():
            connection.execute(
                f"SELECT measure, sum(n) FROM {_table(connection)} WHERE cohort = ? AND week = ? GROUP BY measure",  # noqa: S608
                (COHORT, WEEK),
            ).fetchall()
        yield Sample(1000 * ours.seconds, 1000 * floor.seconds)
    connection.close()


def fill(path: Path, size: int) -> Connection:
    """A store with a cohort of `size` members in pods of four: weeks of contributions, and a consent from each."""
    connection = sqlite.connect(path)
    sqlite.prepare(connection, b"incarnation-0001")
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO cohort VALUES (?, ?, 'Spring', '2026-01-05', '2026-12-31', ?, x'00', 0)", (STREAM, COHORT, ZONE)
    )
    connection.execute("INSERT INTO skill_code VALUES (?, 'sql', 'SQL')", (STREAM,))
    for number in range(size):
        _member(connection, number)
    _contributions(connection, size)
    connection.execute("COMMIT")
    return connection


def cohort(connection: Connection) -> cohorts.Cohort:
    """The cohort that `fill` made."""
    found = cohorts.cohort(connection, COHORT)
    assert found is not None
    return found


def _member(connection: Connection, number: int) -> None:
    n, user, pod = number + 2, sha256(b"%d" % number).digest()[:16], _pod(number)
    if number % POD_SIZE == 0:
        connection.execute("INSERT INTO pod VALUES (?, ?, ?, ?, 0)", (STREAM, pod, f"pod {pod}", POD_SIZE))
    connection.execute("INSERT INTO stream VALUES (?, ?, 'member', 'open', 0, 0, 0)", (n, user))
    connection.execute("INSERT INTO placement VALUES (?, ?, ?, NULL)", (STREAM, user, pod))
    connection.execute("INSERT INTO member_pod VALUES (?, ?, ?, ?, 'somebody', 0)", (n, user, pod, COHORT))
    granted = [
        members.Granted(n, COHORT if audience == "cohort_total" else pod, audience, family, "pod", 0, "2026-12-31")
        for audience in ("pod_total", "cohort_total")
        for family in FAMILIES
    ]
    connection.executemany("INSERT INTO granted VALUES (?, ?, ?, ?, ?, ?, ?)", granted)


def _contributions(connection: Connection, size: int) -> None:
    drawn = random.Random(SEED)
    table = _table(connection)
    for back in range(WEEKS):
        week = weeks.next_week(WEEK, -back)
        rows = [
            (number + 2, _pod(number), COHORT, week, measure, drawn.randint(1, 4))
            for number in range(size)
            for measure in drawn.sample(MEASURES, 8)
        ]
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608


def _table(connection: Connection) -> str:
    return f"contribution_v{generations.live(connection).version:d}"


def _pod(number: int) -> str:
    return some_id("pod", number // POD_SIZE)
