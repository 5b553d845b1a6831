"""What the member's entries add to the figures of their pod and cohort, as the server will count them.

An entry counts in the week in which the server receives it, cut in the cohort's zone, for the pod of then;
and only under a consent that was there as that week's Monday began. What is not sent yet counts as if it were sent now.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from milepost.disclosure.parts import in_pod_total, in_release
from milepost.disclosure.pods import POD_TOTAL
from milepost_client.pod.consents import Grant
from milepost_client.pod.pods import kept_page, zone_of
from milepost_client.pod.stays import Stays
from milepost_client.recording.dates import week_of
from milepost_client.views.earned import earned
from milepost_client.views.views import Views


class Added(NamedTuple):
    """What is added into a total: of a week, by measure, 0 left out.

    `later` are the families that are counted from week `from_week` on: their consent was not there on this Monday.
    """

    families: tuple[str, ...]
    week: str
    counts: dict[str, int]
    later: tuple[str, ...]
    from_week: str


def added(views: Views, audience: str, held: Sequence[Grant], today: date) -> Added:
    """What this audience's figure of the week that runs gets, under the consents that are held for it."""
    monday = today - timedelta(days=today.weekday())
    monday_ms = _midnight_ms(monday, zone_of(views.log))
    counted = {grant.family for grant in held if grant.since_ms is not None and grant.since_ms <= monday_ms}
    later = tuple(grant.family for grant in held if grant.family not in counted)
    families = tuple(grant.family for grant in held)
    counts = _counts(views, audience, held[0].id, monday_ms)
    if audience == POD_TOTAL:
        mine = in_pod_total(counts, counted)
    else:
        page = kept_page(views.log)
        mine = in_release(counts, counted, page.skill_codes if page else ())
    first = monday + timedelta(weeks=1) if later else monday
    return Added(families, week_of(today), mine, later, week_of(first))


def _counts(views: Views, audience: str, place: str, monday_ms: int) -> Counter[str]:
    """Every tally of the week that was, or will be, received while the member was in that pod, or in that cohort."""
    stays = Stays(views.log)
    found: Counter[str] = Counter()
    for each in earned(views):
        if each.received_at is None or each.received_at >= monday_ms:
            stay = stays.at(each.received_at)
            if stay is not None and place == (stay.pod if audience == POD_TOTAL else stay.cohort):
                found[each.measure] += each.times
    return found


def _midnight_ms(day: date, zone: tzinfo | None) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
