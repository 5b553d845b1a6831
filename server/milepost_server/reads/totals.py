"""A pod's totals: of the week that was added up last, and of those before it as they were last shown."""

from zoneinfo import ZoneInfo

import msgspec

from milepost.disclosure import HIDDEN, Figure, decide
from milepost.disclosure.pods import PodTotal, PodWeek, Viewer
from milepost.projections.tallies import FAMILY_OF
from milepost_server.cohort import weeks
from milepost_server.reads.figures import FigureInfo, figure_info
from milepost_server.reads.reader import PodSight, Reader
from milepost_server.store import Connection, totals

WEEKS_SHOWN = 5
NONE_YET = "none_yet"
SHOWN = "shown"
CLOSED = "closed"

_NOTHING = PodWeek(closed=True)


class WeekFigures(msgspec.Struct, frozen=True):
    """The figures of one week, by measure."""

    week: str
    figures: dict[str, FigureInfo]


class PodTotals(msgspec.Struct, frozen=True):
    """A pod's totals, as one reader may see them. Never says how many contribute.

    `state`: none_yet before a first morning, closed while something that happened in the week keeps it from being
    shown. `as_of` and `next_at` are UTC. `earlier` are the weeks before, newest first, as they were last shown.
    """

    state: str
    week: str | None
    as_of: str | None
    next_at: str
    figures: dict[str, FigureInfo]
    earlier: list[WeekFigures]


def pod_totals(
    connection: Connection, sight: PodSight, reader: Reader, now_ms: int, weeks_shown: int = WEEKS_SHOWN
) -> PodTotals:
    """The totals of a pod, as this reader may see them; of its last weeks, at most so many."""
    pod, zone = sight.pod, ZoneInfo(sight.cohort.zone)
    viewer = Viewer(reader.user, frozenset(sight.audiences))
    next_at = weeks.instant(weeks.next_morning_ms(now_ms, zone))
    found = totals.newest(connection, pod.stream, pod.pod, weeks_shown)
    figures = [WeekFigures(total.week, _figures(connection, total, zone, viewer)) for total in found]
    this_week = weeks.week_of(now_ms, zone)
    if _is_closed(connection, pod.pod, this_week, zone):
        earlier = [each for each in figures if each.week < this_week]
        return PodTotals(CLOSED, this_week, None, next_at, _hidden(), earlier)
    if not found:
        return PodTotals(NONE_YET, None, None, next_at, {}, [])
    return PodTotals(SHOWN, found[0].week, weeks.instant(found[0].at), next_at, figures[0].figures, figures[1:])


def _figures(connection: Connection, total: totals.Total, zone: ZoneInfo, viewer: Viewer) -> dict[str, FigureInfo]:
    gone = _is_closed(connection, total.pod, total.week, zone) or totals.is_erased(
        connection, total.pod, weeks.start_ms(total.week, zone)
    )
    week = _NOTHING if gone else msgspec.json.decode(total.contents, type=PodWeek)
    return {
        measure: figure_info(decide(PodTotal(week, measure, family, viewer))) for measure, family in FAMILY_OF.items()
    }


def _is_closed(connection: Connection, pod: str, week: str, zone: ZoneInfo) -> bool:
    return totals.is_marked(connection, pod, weeks.start_ms(week, zone), weeks.end_ms(week, zone))


def _hidden() -> dict[str, FigureInfo]:
    return {measure: figure_info(Figure(HIDDEN)) for measure in FAMILY_OF}
