"""Pod totals: added up each morning for a whole cohort, and kept as they were shown.

A week is added up until it has ended, the last time on the Monday after it. What closes it (milepost_server.store.
totals) keeps it from being added up again: a closed week is not shown, an earlier one stays as it last was, and never
becomes a neighbouring number.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from milepost.disclosure.parts import in_pod_total
from milepost.disclosure.pods import POD_TOTAL, Contributor, PodWeek
from milepost.projections.tallies import FAMILY_OF
from milepost_server.cohort import weeks
from milepost_server.figures import contributors
from milepost_server.figures.contributors import Member
from milepost_server.store import Connection, cohorts, totals
from milepost_server.store.totals import Total

FAMILIES = tuple(sorted(set(FAMILY_OF.values())))


def add_up(connection: Connection, cohort: cohorts.Cohort, now_ms: int) -> list[Total]:
    """The totals of every pod that are to be kept now: of the week before until that is final, and of this one."""
    zone = ZoneInfo(cohort.zone)
    this_week = weeks.week_of(now_ms, zone)
    last_week = weeks.next_week(this_week, -1)
    found = _week(connection, cohort, this_week, now_ms)
    if last_week >= contributors.first_week(connection, cohort):
        found += _week(connection, cohort, last_week, now_ms)
    return found


def keep(connection: Connection, cohort: cohorts.Cohort, found: Sequence[Total], now_ms: int) -> None:
    """Write totals that were added up. What closed a pod's week meanwhile closes it whatever is written."""
    totals.put_morning(connection, cohort.stream, now_ms)
    for total in found:
        totals.put(connection, cohort.stream, total)


def _week(connection: Connection, cohort: cohorts.Cohort, week: str, now_ms: int) -> list[Total]:
    zone = ZoneInfo(cohort.zone)
    start, end = weeks.start_ms(week, zone), weeks.end_ms(week, zone)
    kept = totals.of_week(connection, cohort.stream, week)
    everybody = contributors.of_week(connection, cohort, POD_TOTAL, week, now_ms)
    counts = contributors.pod_counts(connection, cohort, week)
    by_pod: dict[str, list[Member]] = {}
    for member in everybody:
        by_pod.setdefault(member.pod, []).append(member)
    found = []
    for pod in cohorts.pods(connection, cohort.stream):
        before = kept.get(pod.pod)
        is_final = before is not None and before.at >= end
        if pod.closed or is_final or totals.is_marked(connection, pod.pod, start, now_ms + 1):
            continue
        now = _pod_week(by_pod.get(pod.pod, []), counts)
        contents = _after(before, now, has_ended=now_ms >= end)
        if contents is not None:
            found.append(Total(pod.pod, week, now_ms, msgspec.json.encode(contents)))
    return found


def _pod_week(members: Sequence[Member], counts: Mapping[tuple[int, str], Counter[str]]) -> PodWeek:
    sums: Counter[str] = Counter()
    for member in members:
        sums.update(in_pod_total(counts.get((member.stream, member.pod), {}), member.summed))
    return PodWeek(
        totals=dict(sums),
        contributors={family: _contributors(members, family) for family in FAMILIES},
        pending=tuple(family for family in FAMILIES if any(m.is_pending for m in members if family in m.summed)),
    )


def _contributors(members: Sequence[Member], family: str) -> tuple[Contributor, ...]:
    return tuple(Contributor(m.user, m.named.get(family, ())) for m in members if family in m.summed)


def _after(before: Total | None, now: PodWeek, *, has_ended: bool) -> PodWeek | None:
    """What to keep in the place of what was shown; None to leave that as it is.

    A consent that ran out is no event and leaves no mark: the contributors themselves tell.
    """
    if before is None:
        return now
    shown = msgspec.json.decode(before.contents, type=PodWeek)
    if shown.closed:
        return None
    if shown.contributors == now.contributors:
        return now
    return None if has_ended else msgspec.structs.replace(shown, closed=True)
